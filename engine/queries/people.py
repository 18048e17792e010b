"""People and units as the administrator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from engine.core import Engine
from engine.errors import NotFound, say
from engine.ids import parse_id
from engine.model.actor import Actor
from engine.model.task import TaskState
from engine.queries.roles import Term, holding, must_manage, terms, today_of
from engine.storage.tables import office, password_link, person, role, role_assignment, task

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person in the list; ``roles`` are the labels of those held today."""

    id: UUID
    name: str
    post: str
    sign_in_name: str
    unit: str
    roles: tuple[str, ...]
    active: bool
    can_sign_in: bool  # has set a password


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """Everything the administrator sees of a person."""

    id: UUID
    sign_in_name: str
    nip: str
    name: str
    post: str
    unit: str  # id as hex, or ""
    active: bool
    can_sign_in: bool
    held_tasks: int
    link_until: datetime | None  # until when a one-time link that was not used yet works
    terms: tuple[Term, ...]


def people_page(
    engine: Engine, actor: Actor, *, text: str = "", after: str = ""
) -> tuple[list[PersonRow], str]:
    """List the people of the office by name, with what the next page begins after ("" at the end).

    ``text`` is looked for in names, sign-in names and posts; ``after`` is name and id of the last row.
    """
    must_manage(actor)
    with engine.store.reading() as connection:
        conditions = [person.c.office == actor.office, *_found_by(text), *_after(after)]
        unit = office.alias()
        rows = connection.execute(
            select(person, unit.c.name.label("unit_name"))
            .outerjoin(unit, unit.c.id == person.c.unit)
            .where(*conditions)
            .order_by(person.c.name, person.c.id)
            .limit(PAGE + 1)
        ).all()
        shown = rows[:PAGE]
        today = today_of(connection, engine, actor)
        labels = _labels_today(connection, [row.id for row in shown], today)
    last = f"{shown[-1].id.hex} {shown[-1].name}" if len(rows) > PAGE else ""
    return [_person_row(row, labels.get(row.id, ())) for row in shown], last


def person_page(engine: Engine, actor: Actor, person_id: UUID) -> PersonPage:
    """Read a person of the office with their roles, newest first."""
    must_manage(actor)
    with engine.store.reading() as connection:
        row = connection.execute(
            select(person).where(person.c.id == person_id, person.c.office == actor.office)
        ).one_or_none()
        if row is None:
            raise NotFound(say("This person does not exist, or is not of your office."))
        held_roles = terms(
            connection, today_of(connection, engine, actor), role_assignment.c.person == person_id
        )
        link_until = connection.scalar(
            select(password_link.c.expires_at).where(
                password_link.c.person == person_id,
                password_link.c.used_at.is_(None),
                password_link.c.expires_at > engine.clock.now(),
            )
        )
        held = connection.scalar(
            select(func.count()).where(task.c.assignee == person_id, task.c.state == TaskState.OPEN)
        )
    return PersonPage(
        id=row.id,
        sign_in_name=row.sign_in_name,
        nip=row.nip or "",
        name=row.name,
        post=row.post,
        unit=row.unit.hex if row.unit else "",
        active=row.active,
        can_sign_in=row.password_hash is not None,
        held_tasks=held or 0,
        link_until=link_until,
        terms=tuple(held_roles),
    )


def units_page(engine: Engine, actor: Actor) -> list[tuple[UUID, str, int]]:
    """List the units of the office with the number of their people."""
    must_manage(actor)
    with engine.store.reading() as connection:
        rows = connection.execute(
            select(office.c.id, office.c.name, func.count(person.c.id))
            .outerjoin(person, and_(person.c.unit == office.c.id, person.c.active))
            .where(office.c.parent == actor.office)
            .group_by(office.c.id, office.c.name, office.c.position)
            .order_by(office.c.position, office.c.name)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def choices(engine: Engine, actor: Actor) -> list[tuple[str, str]]:
    """List the active people of the office as choices of a field: (id, name and post)."""
    must_manage(actor)
    with engine.store.reading() as connection:
        rows = connection.execute(
            select(person.c.id, person.c.name, person.c.post)
            .where(person.c.office == actor.office, person.c.active)
            .order_by(person.c.name)
        )
        return [(row.id.hex, ", ".join(part for part in (row.name, row.post) if part)) for row in rows]


def _found_by(text: str) -> list[ColumnElement[bool]]:
    columns = (person.c.name, person.c.sign_in_name, person.c.post)
    return [
        or_(*(func.lower(column).contains(word, autoescape=True) for column in columns))
        for word in text.lower().split()[:8]
    ]


def _after(text: str) -> list[ColumnElement[bool]]:
    hexed, _, name = text.partition(" ")
    last = parse_id(hexed)
    if last is None:
        return []
    return [or_(person.c.name > name, and_(person.c.name == name, person.c.id > last))]


def _labels_today(connection: Connection, people: Sequence[UUID], today: date) -> dict[UUID, tuple[str, ...]]:
    rows = connection.execute(
        select(role_assignment.c.person, role.c.label)
        .join(role, role.c.id == role_assignment.c.role)
        .where(role_assignment.c.person.in_(people), holding(today))
        .order_by(role.c.position)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for row in rows:
        found[row.person] = (*found.get(row.person, ()), row.label)
    return found


def _person_row(row: Row[Any], roles: tuple[str, ...]) -> PersonRow:
    return PersonRow(
        id=row.id,
        name=row.name,
        post=row.post,
        sign_in_name=row.sign_in_name,
        unit=row.unit_name or "",
        roles=roles,
        active=row.active,
        can_sign_in=row.password_hash is not None,
    )
