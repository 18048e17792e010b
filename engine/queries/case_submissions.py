"""What people handed in with the steps of a case, newest first, from the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.forms.definition import FormDefinition
from engine.model.definition import Definition
from engine.model.event import Event, EventKind
from engine.queries.case_history import payload_of
from engine.queries.named import in_full, read_names
from engine.storage import office
from engine.storage.events import read_event
from engine.storage.tables import event

_HANDED_IN = (EventKind.TASK_COMPLETED.value, EventKind.TASK_AMENDED.value)
_TELLING = (*_HANDED_IN, EventKind.COMPLETION_WITHDRAWN.value)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody handed in with a completed step; ``names`` are people, units and files in it."""

    seq: int
    element: str
    step: str
    number: int | None
    round: int
    actor: str  # post, else name
    actor_in_full: str
    on_behalf_of: str
    at: datetime
    done_on: str  # ISO text, where it was done before it was entered
    form: FormDefinition | None
    values: Mapping[str, Any]
    names: Mapping[str, str]
    withdrawn: bool  # taken back afterwards
    amended: bool = False  # corrected afterwards: these are the values since


@dataclass(frozen=True, kw_only=True)
class Submissions:
    """Some of them; ``before`` leads to the earlier ones, None where there are none."""

    rows: tuple[Submission, ...]
    before: int | None


@dataclass(frozen=True, kw_only=True)
class RecordOf:
    """Whose record is read, and with which steps and forms."""

    case: UUID
    office: UUID
    definition: Definition
    forms: Mapping[str, FormDefinition]


def submissions(connection: Connection, record: RecordOf, *, before: int | None, most: int) -> Submissions:
    """Read the last ``most`` submissions before an event's number."""
    statement = select(event).where(event.c.stream == record.case, event.c.kind.in_(_TELLING))
    if before is not None:
        statement = statement.where(event.c.seq < before)
    rows = connection.execute(statement.order_by(event.c.seq.desc()).limit(most + 1)).mappings()
    found = [read_event(row) for row in rows]
    shown = found[:most]
    return Submissions(
        rows=tuple(_read(connection, record, shown)),
        before=shown[-1].seq if len(found) > most else None,
    )


def submission_with(
    connection: Connection, record: RecordOf, element: str, round_: int, no: int
) -> Submission | None:
    """Find the submission that made a document, by the document's number in the case."""
    rows = connection.execute(
        select(event)
        .where(
            event.c.stream == record.case,
            event.c.kind.in_(_HANDED_IN),
            event.c.element == element,
            event.c.round == round_,
        )
        .order_by(event.c.seq.desc())
        .limit(20)  # iterations, and completions that were taken back
    ).mappings()
    made = [one for one in map(read_event, rows) if no in _made(payload_of(one))]
    return next(_read(connection, record, made[:1]), None)


def _made(payload: Mapping[str, Any]) -> list[int]:
    """Give the numbers of the documents a completion made; entries of two parts only decided on one."""
    return [entry[0] for entry in payload.get("documents") or ()]


def _read(connection: Connection, record: RecordOf, events: list[Event]) -> Iterator[Submission]:
    payloads = {one.seq: payload_of(one) for one in events}
    names = read_names(connection, record.office, [said.get("data") for said in payloads.values()])
    people = {one for item in events for one in (item.actor, item.on_behalf_of) if one is not None}
    known = office.names_of(connection, people)
    taken_back: set[tuple[str | None, int | None, int | None]] = set()
    for one in events:
        key = (one.element, one.round, one.iteration)
        if one.kind is EventKind.COMPLETION_WITHDRAWN:
            taken_back.add(key)
            continue
        yield _submission(record, one, payloads[one.seq], known, names, withdrawn=key in taken_back)
        if one.kind is EventKind.TASK_COMPLETED:
            taken_back.discard(key)


def _submission(
    record: RecordOf,
    one: Event,
    payload: Mapping[str, Any],
    people: Mapping[UUID, tuple[str, str]],
    names: Mapping[str, str],
    *,
    withdrawn: bool,
) -> Submission:
    step = next((step for step in record.definition.steps if step.element == one.element), None)
    name, post = people.get(one.actor, ("", "")) if one.actor else ("", "")
    other = people.get(one.on_behalf_of, ("", "")) if one.on_behalf_of else ("", "")
    return Submission(
        seq=one.seq,
        element=one.element or "",
        step=step.name if step else one.element or "",
        number=step.number if step else None,
        round=one.round or 1,
        actor=post or name,
        actor_in_full=in_full(name, post),
        on_behalf_of=in_full(*other),
        at=one.at,
        done_on=payload.get("done_on") or "",
        form=record.forms.get(step.form_key or "") if step else None,
        values=payload.get("data") or {},
        names=names,
        withdrawn=withdrawn,
        amended=one.kind is EventKind.TASK_AMENDED,
    )
