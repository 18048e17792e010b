"""Letters of assignment and their teams as rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, or_, select, update

from engine.model.assignment import Coverage
from engine.model.permission import BY_ASSIGNMENT
from engine.storage.tables import audit_assignment, audit_member, person, process, role, role_assignment


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter of assignment. ``units`` and ``sops`` that name none mean all of them."""

    id: UUID
    office: UUID
    number: str
    dated: date
    issuer: str
    valid_from: date
    valid_until: date
    cases_from: date | None
    cases_until: date | None
    units: tuple[UUID, ...]
    sops: tuple[UUID, ...]
    end_reason: str | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a team, until their last day in it."""

    person: UUID
    head: bool
    until: date


def coverage_of(row: Any, zone: ZoneInfo) -> Coverage:  # noqa: ANN401 - a row with the columns of a letter
    """Read what a letter covers; its days are those of the office's zone. No day follows the last one."""
    until = None if row.cases_until in {None, date.max} else row.cases_until + timedelta(days=1)
    return Coverage(
        assignment=row.letter,
        number=row.number,
        units=ids_of(row.units),
        sops=ids_of(row.sops),
        since=_beginning(None if row.cases_from == date.min else row.cases_from, zone),
        until=_beginning(until, zone),
    )


def ids_of(text: str) -> tuple[UUID, ...]:
    """Read ids as they are stored."""
    return tuple(UUID(hex=one) for one in json.loads(text))


def _beginning(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, zone)


def add(connection: Connection, letter: Letter) -> None:
    """Insert a letter."""
    values = {name: getattr(letter, name) for name in Letter.__dataclass_fields__}
    values |= {name: json.dumps([one.hex for one in values[name]]) for name in ("units", "sops")}
    connection.execute(insert(audit_assignment).values(**values))


def load(connection: Connection, office_id: UUID, assignment: UUID) -> Letter | None:
    """Read a letter of an office."""
    row = connection.execute(
        select(audit_assignment).where(
            audit_assignment.c.id == assignment, audit_assignment.c.office == office_id
        )
    ).one_or_none()
    return letter_of(row) if row else None


def letter_of(row: Any) -> Letter:  # noqa: ANN401 - a row of the table
    """Map a row to a letter."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Letter(**values | {"units": ids_of(row.units), "sops": ids_of(row.sops)})


def change(connection: Connection, assignment: UUID, values: Mapping[str, Any]) -> None:
    """Update a letter."""
    connection.execute(update(audit_assignment).where(audit_assignment.c.id == assignment).values(**values))


def number_taken(connection: Connection, office_id: UUID, number: str) -> bool:
    """Tell whether the office has a letter of this number."""
    found = select(audit_assignment.c.id).where(
        audit_assignment.c.office == office_id, audit_assignment.c.number == number
    )
    return connection.execute(found).first() is not None


def team(connection: Connection, assignment: UUID) -> list[Member]:
    """Read who is or was in the team of a letter."""
    rows = connection.execute(select(audit_member).where(audit_member.c.assignment == assignment))
    return [Member(person=row.person, head=row.head, until=row.until) for row in rows]


def save_team(connection: Connection, assignment: UUID, members: Collection[Member]) -> None:
    """Write members of a team: those who are new, and those of whom something changed."""
    known = {one.person for one in team(connection, assignment)}
    for one in members:
        values = {"head": one.head, "until": one.until}
        if one.person in known:
            mine = (audit_member.c.assignment == assignment, audit_member.c.person == one.person)
            connection.execute(update(audit_member).where(*mine).values(**values))
        else:
            connection.execute(
                insert(audit_member).values(assignment=assignment, person=one.person, **values)
            )


def auditors(connection: Connection, office_id: UUID, first: date, last: date) -> set[UUID]:
    """Find who can sign in and holds a role of an auditor on some day of a term."""
    found = connection.scalars(
        select(person.c.id)
        .join(role_assignment, role_assignment.c.person == person.c.id)
        .join(role, role.c.id == role_assignment.c.role)
        .where(
            person.c.office == office_id,
            person.c.active,
            role.c.kind.in_(BY_ASSIGNMENT),
            role_assignment.c.since <= last,
            or_(role_assignment.c.until.is_(None), role_assignment.c.until >= first),
        )
    )
    return set(found)


def processes(connection: Connection, office_id: UUID) -> dict[str, UUID]:
    """Read the SOPs of an office by key."""
    rows = connection.execute(select(process.c.key, process.c.id).where(process.c.office == office_id))
    return {row.key: row.id for row in rows}
