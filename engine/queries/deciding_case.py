"""The case that decides on a revision: where it stands, and whom it waits for until when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.model.actor import Actor
from engine.model.task import Task, can_work
from engine.storage import office, revision_cases, tasks


@dataclass(frozen=True, kw_only=True)
class DecidingCase:
    """The open case that decides on a version. ``task`` is what waits there for whoever looks."""

    id: UUID
    number: str
    task: UUID | None
    waits: str  # name of the step it stands at; empty: of none
    of: tuple[str, ...]  # whom it waits for
    due_at: datetime | None


def deciding_case(connection: Connection, actor: Actor, version: UUID) -> DecidingCase | None:
    """Find the open case that decides on a version."""
    return deciding_cases(connection, actor, {version}).get(version)


def deciding_cases(
    connection: Connection, actor: Actor, versions: Collection[UUID]
) -> dict[UUID, DecidingCase]:
    """Find the open cases that decide on versions, by version; a statement for each kind of row."""
    found = revision_cases.open_cases(connection, versions) if versions else {}
    if not found:
        return {}
    opened: dict[UUID, list[Task]] = {}
    for one in tasks.open_of(connection, {case for case, _number in found.values()}):
        opened.setdefault(one.instance, []).append(one)
    waited_for = _waited_for(connection, actor, [several[0] for several in opened.values()])
    return {
        version: _case(actor, case, number, opened.get(case, []), waited_for)
        for version, (case, number) in found.items()
    }


def _case(
    actor: Actor, case: UUID, number: str, opened: Sequence[Task], waited_for: Mapping[UUID, str]
) -> DecidingCase:
    first = next(iter(opened), None)
    return DecidingCase(
        id=case,
        number=number,
        task=next((one.id for one in opened if can_work(one, actor)), None),
        waits=first.name if first else "",
        of=(waited_for[first.id],) if first else (),
        due_at=first.due_at if first else None,
    )


def _waited_for(connection: Connection, actor: Actor, opened: Sequence[Task]) -> dict[UUID, str]:
    """Name of each task who has it, else the role whose it is."""
    people = office.names_of(connection, {one.assignee for one in opened if one.assignee is not None})
    free = any(one.assignee is None for one in opened)
    labels = office.role_labels(connection, actor.office) if free else {}
    names = {person: post or name for person, (name, post) in people.items()}
    return {
        one.id: names[one.assignee] if one.assignee is not None else labels.get(one.role, one.role)
        for one in opened
    }
