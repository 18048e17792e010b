"""The office as the actions need it: who holds a role on a day, its units, its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select

from engine.model.permission import WORKING
from engine.storage.tables import calendar_day, office, person, role, role_assignment, setting


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A person of the office who may be given work."""

    id: UUID
    name: str
    post: str
    roles: frozenset[str]  # keys of the performer roles held that day


_HELD = and_(
    role_assignment.c.person == person.c.id,
    role_assignment.c.office == bindparam("office_id"),
    role_assignment.c.since <= bindparam("day"),
    or_(role_assignment.c.until.is_(None), role_assignment.c.until >= bindparam("day")),
)
_COLLEAGUES = (
    select(person.c.id, person.c.name, person.c.post, role.c.key, role.c.kind)
    .outerjoin(role_assignment, _HELD)
    .outerjoin(role, role.c.id == role_assignment.c.role)
    .where(person.c.office == bindparam("office_id"), person.c.active)
    .order_by(role.c.position.is_(None), role.c.position, person.c.name)
)


def colleagues(connection: Connection, office_id: UUID, day: date) -> list[Colleague]:
    """Read the active people of an office with the roles held on a day: role holders first.

    Whoever only administers or audits is not among them: that is not who works on cases.
    """
    found: dict[UUID, Colleague] = {}
    for row in connection.execute(_COLLEAGUES, {"office_id": office_id, "day": day}):
        works = row.kind in WORKING
        before = found.get(row.id)
        if works or row.key is None:
            roles = (before.roles if before else frozenset()) | ({row.key} if works else frozenset())
            found[row.id] = Colleague(id=row.id, name=row.name, post=row.post, roles=roles)
    return list(found.values())


# What forms ask for, kept per last event of the office's stream: whatever changes it writes one.
_PEOPLE_KEPT: dict[tuple[UUID, date, int], list[Colleague]] = {}
_UNITS_KEPT: dict[tuple[UUID, int], list[tuple[UUID, str]]] = {}
_MOST_KEPT = 64


def colleagues_at(connection: Connection, office_id: UUID, day: date, seq: int) -> list[Colleague]:
    """Give the colleagues without reading them again while the office's stream ends where it did."""
    found = _PEOPLE_KEPT.get((office_id, day, seq))
    if found is None:
        _make_room(_PEOPLE_KEPT)
        found = _PEOPLE_KEPT[office_id, day, seq] = colleagues(connection, office_id, day)
    return found


def units_at(connection: Connection, office_id: UUID, seq: int) -> list[tuple[UUID, str]]:
    """Give the units without reading them again while the office's stream ends where it did."""
    found = _UNITS_KEPT.get((office_id, seq))
    if found is None:
        _make_room(_UNITS_KEPT)
        found = _UNITS_KEPT[office_id, seq] = units(connection, office_id)
    return found


def _make_room(kept: dict[Any, Any]) -> None:
    while len(kept) >= _MOST_KEPT:
        kept.pop(next(iter(kept)), None)


def seq_of(connection: Connection, office_id: UUID) -> int:
    """Read where the office's stream of events ends: people and units are as they were until the next."""
    seq: int = connection.execute(select(office.c.stream_seq).where(office.c.id == office_id)).scalar_one()
    return seq


def role_labels(connection: Connection, office_id: UUID) -> dict[str, str]:
    """Read the role keys of an office that lanes may name, with their labels."""
    rows = connection.execute(
        select(role.c.key, role.c.label)
        .where(role.c.office == office_id, role.c.kind.in_(WORKING))
        .order_by(role.c.position)
    )
    return {row.key: row.label for row in rows}


def role_names(connection: Connection, office_id: UUID) -> dict[str, str]:
    """Read what the roles that lanes may name are called, each way, with their keys."""
    rows = connection.execute(
        select(role.c.key, role.c.label, role.c.name)
        .where(role.c.office == office_id, role.c.kind.in_(WORKING))
        .order_by(role.c.position.desc())
    ).all()
    names = {row.name: row.key for row in rows}
    return names | {row.label: row.key for row in rows} | {row.key: row.key for row in rows}


def name_of(connection: Connection, office_id: UUID) -> str:
    """Read the name of an office."""
    name: str = connection.execute(select(office.c.name).where(office.c.id == office_id)).scalar_one()
    return name


def units(connection: Connection, office_id: UUID) -> list[tuple[UUID, str]]:
    """Read the units (bidang, sekretariat) of an office in their order."""
    rows = connection.execute(
        select(office.c.id, office.c.name)
        .where(office.c.parent == office_id)
        .order_by(office.c.position, office.c.name)
    )
    return [(row.id, row.name) for row in rows]


def zone_of(connection: Connection, office_id: UUID) -> str:
    """Read the time zone of an office."""
    zone: str = connection.execute(select(office.c.zone).where(office.c.id == office_id)).scalar_one()
    return zone


def local_days(connection: Connection, office_id: UUID) -> list[tuple[date, str, str]]:
    """Read the office's own days: (day, kind, name)."""
    rows = connection.execute(
        select(calendar_day.c.day, calendar_day.c.kind, calendar_day.c.name).where(
            calendar_day.c.office == office_id
        )
    )
    return [(row.day, row.kind, row.name) for row in rows]


WORK_HOURS = "work-hours"  # {"week": …, "ramadan": …}, each as model.hours writes a week


def all_offices(connection: Connection) -> list[UUID]:
    """Name every office, without their units."""
    return list(
        connection.scalars(select(office.c.id).where(office.c.parent.is_(None)).order_by(office.c.id))
    )


def put_setting(connection: Connection, office_id: UUID, key: str, value: str | None) -> None:
    """Write a setting of an office over the one before; None takes it away."""
    connection.execute(delete(setting).where(setting.c.office == office_id, setting.c.key == key))
    if value is not None:
        connection.execute(insert(setting).values(office=office_id, key=key, value=value))


def setting_of(connection: Connection, office_id: UUID, key: str) -> str | None:
    """Read a setting of an office: JSON text."""
    return connection.scalar(
        select(setting.c.value).where(setting.c.office == office_id, setting.c.key == key)
    )


def names_of(connection: Connection, people: set[UUID]) -> dict[UUID, tuple[str, str]]:
    """Read (name, post) of people by id."""
    if not people:
        return {}
    rows = connection.execute(
        select(person.c.id, person.c.name, person.c.post).where(person.c.id.in_(people))
    )
    return {row.id: (row.name, row.post) for row in rows}
