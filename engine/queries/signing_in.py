"""Who is behind a session, and what the sign-in page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, case, func, or_, select

from engine.core import Engine
from engine.model.actor import Actor, HeldRole, Standing
from engine.model.permission import RoleKind
from engine.model.task import TaskState
from engine.queries.late_rows import is_late
from engine.storage.assignments import coverage_of
from engine.storage.prepared import Prepared
from engine.storage.tables import (
    audit_assignment,
    audit_member,
    office,
    password_link,
    person,
    role,
    role_assignment,
    session,
    task,
)

_zone = lru_cache(maxsize=32)(ZoneInfo)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A person with a living session, and how they like their pages."""

    actor: Actor
    person: UUID
    sign_in_name: str
    post: str
    language: str
    zone: str
    demo: bool
    seen_at: datetime  # when the session was last noted as used


def _people(where: FromClause, *more: ColumnElement[Any]) -> Select[Any]:
    """Build what is read of somebody who acts: a row per role and letter.

    Roles of other days are left out afterwards, because "today" is only known with the office's zone,
    which is in the same row.
    """
    return (
        select(*_ACTS, *more)
        .select_from(where)
        .join(office, office.c.id == person.c.office)
        .outerjoin(
            role_assignment,
            and_(role_assignment.c.person == person.c.id, role_assignment.c.office == person.c.office),
        )
        .outerjoin(role, role.c.id == role_assignment.c.role)
        .outerjoin(
            audit_member,
            and_(audit_member.c.person == person.c.id, audit_member.c.until >= bindparam("from")),
        )
        .outerjoin(audit_assignment, audit_assignment.c.id == audit_member.c.assignment)
        .where(person.c.active)
        .order_by(role.c.position, audit_assignment.c.valid_from, audit_assignment.c.id)
    )


_ACTS = (
    person.c.id,
    person.c.office,
    person.c.sign_in_name,
    person.c.name,
    person.c.post,
    person.c.language,
    person.c.demo,
    office.c.zone,
    role.c.key,
    role.c.label,
    role.c.name.label("role_name"),
    role.c.kind,
    role_assignment.c.standing,
    role_assignment.c.since,
    role_assignment.c.until,
    audit_assignment.c.id.label("letter"),
    audit_assignment.c.number,
    audit_assignment.c.units,
    audit_assignment.c.sops,
    audit_assignment.c.cases_from,
    audit_assignment.c.cases_until,
    audit_assignment.c.valid_from,
    audit_member.c.until.label("member_until"),
)
# Built once: it runs before every page.
_SIGNED_IN = Prepared(
    _people(session.join(person, person.c.id == session.c.person), session.c.seen_at).where(
        session.c.token_digest == bindparam("token"),
        session.c.expires_at > bindparam("now"),
        session.c.seen_at > bindparam("idle"),
    )
)
_PERSON = _people(person).where(person.c.id == bindparam("person"))
_A_DAY = timedelta(days=1)  # no zone is further from UTC


def signed_in(engine: Engine, token_digest: bytes, idle: timedelta, *, demo: bool) -> SignedIn | None:
    """Find who is behind a session; None where it ended, was idle too long, or is a demo account's.

    Demo accounts exist only where ``demo`` says so, even in a database that still holds them.
    """
    now = engine.clock.now()
    with engine.store.reading() as connection:
        asked = {"token": token_digest, "now": now, "idle": now - idle, "from": (now - _A_DAY).date()}
        rows = _SIGNED_IN.all(connection, asked)
    if not rows or (rows[0].demo and not demo):
        return None
    first = rows[0]
    return SignedIn(
        actor=_actor(rows, now),
        person=first.id,
        sign_in_name=first.sign_in_name,
        post=first.post,
        language=first.language,
        zone=first.zone,
        demo=first.demo,
        seen_at=first.seen_at,
    )


def actor_of(engine: Engine, token_digest: bytes, idle: timedelta = timedelta(hours=12)) -> Actor | None:
    """Find the actor behind a session with the roles held today in the office's zone."""
    found = signed_in(engine, token_digest, idle, demo=True)
    return found.actor if found else None


def person_acting(engine: Engine, person_id: UUID) -> Actor | None:
    """Give somebody with the roles held today, who is not there themselves; None for who may not sign in."""
    now = engine.clock.now()
    with engine.store.reading() as connection:
        rows = connection.execute(_PERSON, {"person": person_id, "from": (now - _A_DAY).date()}).all()
    return _actor(rows, now) if rows else None


def _actor(rows: Sequence[Any], now: datetime) -> Actor:
    first = rows[0]
    today = now.astimezone(_zone(first.zone)).date()
    held = {
        row.key: _held(row) for row in rows if row.key is not None and _holds(row.since, row.until, today)
    }
    zone = _zone(first.zone)
    letters = {
        row.letter: coverage_of(row, zone)
        for row in rows
        if row.letter is not None and _holds(row.valid_from, row.member_until, today)
    }
    return Actor(
        person=first.id,
        office=first.office,
        name=first.name,
        roles=tuple(held.values()),
        coverage=tuple(letters.values()),
    )


def _holds(since: date, until: date | None, today: date) -> bool:
    return since <= today and (until is None or today <= until)


def _held(row: Any) -> HeldRole:  # noqa: ANN401 - a row of _SIGNED_IN
    return HeldRole(
        key=row.key,
        label=row.label,
        name=row.role_name,
        kind=RoleKind(row.kind),
        standing=Standing(row.standing),
    )


def link_is_open(engine: Engine, token_digest: bytes) -> str | None:
    """Find for whom a one-time password link still stands: the sign-in name, or None."""
    with engine.store.reading() as connection:
        return connection.scalar(
            select(person.c.sign_in_name)
            .join(password_link, password_link.c.person == person.c.id)
            .where(
                password_link.c.token_digest == token_digest,
                password_link.c.used_at.is_(None),
                password_link.c.expires_at > engine.clock.now(),
                person.c.active,
            )
        )


@dataclass(frozen=True, kw_only=True)
class DemoSeat:
    """A demo account as the sign-in page offers it, with what waits there.

    ``name`` is that of the role, and of the person where several sit there.
    """

    sign_in_name: str
    role: str  # "kasub"
    label: str
    name: str
    kind: RoleKind
    waiting: int
    late: int


# Counts every open task of the role's pool and of the person: a demo has few.
_WAITS = or_(task.c.assignee == person.c.id, and_(task.c.assignee.is_(None), task.c.role == role.c.key))
_LATE = case((and_(is_late(task.c.due_at, bindparam("now")), task.c.paused_at.is_(None)), 1), else_=0)
_SEAT = (person.c.sign_in_name, role.c.key, role.c.label, role.c.name, role.c.kind)
_TERM = (office.c.zone, role_assignment.c.since, role_assignment.c.until)
_DEMO_SEATS = (
    select(
        *_SEAT,
        *_TERM,
        person.c.name.label("person"),
        func.count(task.c.id).label("waiting"),
        func.coalesce(func.sum(_LATE), 0).label("late"),
    )
    .select_from(person)
    .join(office, office.c.id == person.c.office)
    .join(role_assignment, role_assignment.c.person == person.c.id)
    .join(role, role.c.id == role_assignment.c.role)
    .outerjoin(task, and_(task.c.office == person.c.office, task.c.state == TaskState.OPEN, _WAITS))
    .where(person.c.demo, person.c.active)
    .group_by(person.c.id, role.c.id, role.c.position, role_assignment.c.id, *_SEAT, *_TERM)
    .order_by(role.c.position, person.c.sign_in_name)
)


def demo_seats(engine: Engine) -> list[DemoSeat]:
    """List the demo accounts that hold a role today, in the order of their first roles."""
    now = engine.clock.now()
    with engine.store.reading() as connection:
        rows = connection.execute(_DEMO_SEATS, {"now": now}).all()
    seats: dict[str, DemoSeat] = {}
    several = {role for role, count in Counter(row.key for row in rows).items() if count > 1}
    for row in rows:
        if _holds(row.since, row.until, now.astimezone(_zone(row.zone)).date()):
            seat = DemoSeat(
                sign_in_name=row.sign_in_name,
                role=row.key,
                label=row.label,
                name=row.person if row.key in several else row.name,
                kind=RoleKind(row.kind),
                waiting=row.waiting,
                late=row.late,
            )
            seats.setdefault(seat.sign_in_name, seat)
    return list(seats.values())
