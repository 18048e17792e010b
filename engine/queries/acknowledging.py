"""What a revision changed for whoever works by it, and who has read that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.difference import WorkVerdict
from engine.model.instance import VersionState
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.revision import Acknowledging
from engine.model.task import TaskState
from engine.queries.compared_with import compared_with, working
from engine.queries.differences import Difference, between_versions
from engine.queries.library_versions import NO_SOP, VersionRow, must_read, versions_of
from engine.storage import acknowledgements, office
from engine.storage.acknowledgements import is_read
from engine.storage.tables import acknowledgement, process_version, task
from engine.storage.versions import find_process


@dataclass(frozen=True, kw_only=True)
class ReadingPage:
    """A revision as somebody is asked to read it. The difference is that of their roles, and of the whole."""

    key: str
    name: str
    version: VersionRow
    difference: Difference | None  # None: it replaced nothing
    concerned: bool  # one of the reader's roles has work in it
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who works by a revision. ``holds`` and ``done`` count tasks of its SOP.

    ``done`` are those completed since it is in force, before they had read it.
    """

    who: str
    roles: tuple[str, ...]
    read_at: datetime | None
    holds: int
    done: int
    is_affected: bool  # the work of one of these roles changed


@dataclass(frozen=True, kw_only=True)
class ReadersPage:
    """Who has read the revision in force; None where none came into force by an approval."""

    key: str
    name: str
    policy: Acknowledging
    version: VersionRow | None
    readers: tuple[Reader, ...]
    may_change: bool


def reading_page(engine: Engine, actor: Actor, key: str, number: int) -> ReadingPage:
    """Read what a revision changed for the actor."""
    must_read(actor)
    with engine.store.reading() as connection:
        name, rows = versions_of(connection, actor, key, number)
        version = next((one for one in rows if one.number == number), None)
        if version is None:
            raise NotFound(NO_SOP)
        now = working(engine, connection, actor, key)
        again, person = version.reinstated_at, actor.person
        read_at = acknowledgements.read_at(connection, version.id, person, again=again) if person else None
    old = compared_with(now, rows, version, version.base).usual
    steps = engine.versions.get(version.id).definition.steps
    difference = None if old is None else between_versions(engine, actor, key, old, number)
    return ReadingPage(
        key=key,
        name=name,
        version=version,
        difference=None if difference is None else _for_roles(difference, actor.role_keys),
        concerned=version.state is VersionState.IN_FORCE and any(actor.holds(one.role) for one in steps),
        read_at=read_at,
    )


def _for_roles(found: Difference, roles: Collection[str]) -> Difference:
    mine = {*roles, ""}
    return replace(
        found,
        changes=tuple(one for one in found.changes if one.role in mine or one.from_role in roles),
        work=tuple(one for one in found.work if one.role in roles),
        roles=tuple(one for one in found.roles if one[0] in roles),
    )


def readers_page(engine: Engine, actor: Actor, key: str) -> ReadersPage:
    """List who works by the revision in force, those who have not read it first."""
    if not actor.may(Permission.SUPERVISE_CASES):
        raise NotFound(NO_SOP)
    today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        name, rows = versions_of(connection, actor, key)
        process = find_process(connection, actor.office, key)
        if process is None:
            raise NotFound(NO_SOP)
        policy = acknowledgements.policy_of(connection, process)
        version = next((one for one in rows if one.state is VersionState.IN_FORCE and one.approved_at), None)
        now = working(engine, connection, actor, key)
    readers: tuple[Reader, ...] = ()
    if version is not None:
        old = compared_with(now, rows, version, version.base).usual
        changed = _changed(engine, actor, key, old, version.number)
        with engine.store.reading() as connection:
            readers = _readers(engine, connection, actor, process, version, today, changed)
    may_change = actor.may(Permission.REVISE)
    return ReadersPage(
        key=key, name=name, policy=policy, version=version, readers=readers, may_change=may_change
    )


def _changed(engine: Engine, actor: Actor, key: str, old: int | None, new: int) -> frozenset[str] | None:
    """Find the roles whose work a revision changed; None where it replaced nothing: then it is all new."""
    if old is None:
        return None
    work = between_versions(engine, actor, key, old, new).work
    return frozenset(one.role for one in work if one.verdict is not WorkVerdict.SAME)


def _readers(  # noqa: PLR0913, PLR0917 - everything that is known of the revision
    engine: Engine,
    connection: Connection,
    actor: Actor,
    process: UUID,
    version: VersionRow,
    today: date,
    changed: frozenset[str] | None,
) -> tuple[Reader, ...]:
    roles = {one.role for one in engine.versions.get(version.id).definition.steps}
    labels = office.role_labels(connection, actor.office)
    approver = connection.scalar(select(process_version.c.approver).where(process_version.c.id == version.id))
    people = [
        one
        for one in office.colleagues(connection, actor.office, today)
        if one.roles & roles and one.id not in {approver, version.author_id}  # who know what they decided
    ]
    ids = [one.id for one in people]
    read = {
        row.person: row.at
        for row in connection.execute(
            select(acknowledgement.c.person, acknowledgement.c.at).where(
                is_read(version.id, version.reinstated_at)
            )
        )
    }
    holding = connection.execute(
        select(task.c.assignee, func.count().label("tasks"))
        .where(task.c.state == TaskState.OPEN, task.c.process == process, task.c.assignee.in_(ids))
        .group_by(task.c.assignee)
    )
    held = {row.assignee: row.tasks for row in holding}
    done = _done_unread(engine, connection, actor, process, version, ids)
    found = [
        Reader(
            who=post_and_name(one.name, one.post),
            roles=tuple(labels.get(role, role) for role in sorted(one.roles & roles)),
            read_at=read.get(one.id),
            holds=held.get(one.id, 0),
            done=done.get(one.id, 0),
            is_affected=changed is None or bool(one.roles & roles & changed),
        )
        for one in people
    ]
    return tuple(sorted(found, key=_place))


def _place(one: Reader) -> tuple[bool, bool, int, str]:
    return one.read_at is not None, not one.is_affected, -one.holds - one.done, one.who


def _done_unread(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    process: UUID,
    version: VersionRow,
    ids: list[UUID],
) -> dict[UUID, int]:
    """Count what people completed since the revision is in force, before they had read it."""
    first = version.in_force_on
    if first is None:
        return {}
    midnight = (
        engine.calendar_of(actor.office)
        .local(engine.clock.now())
        .replace(year=first.year, month=first.month, day=first.day, hour=0, minute=0, second=0, microsecond=0)
    )
    since = max(midnight, version.reinstated_at or version.approved_at or midnight)
    has_read = is_read(version.id, version.reinstated_at)
    rows = connection.execute(
        select(task.c.completed_by, func.count().label("tasks"))
        .outerjoin(acknowledgement, and_(has_read, acknowledgement.c.person == task.c.completed_by))
        .where(
            task.c.completed_by.in_(ids),
            task.c.completed_at >= since,
            task.c.process == process,
            or_(acknowledgement.c.at.is_(None), task.c.completed_at < acknowledgement.c.at),
        )
        .group_by(task.c.completed_by)
    )
    return {row.completed_by: row.tasks for row in rows}
