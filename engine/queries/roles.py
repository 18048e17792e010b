"""Roles as the administrator sees them: who holds which, what is vacant, which tasks are orphaned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, or_, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor, Standing
from engine.model.permission import WORKING, Permission, RoleKind
from engine.model.task import TaskState
from engine.model.unseen import NO_PAGE
from engine.storage.people import zone_of
from engine.storage.tables import instance, person, role, role_assignment, task

_MOST_ORPHANS = 100


@dataclass(frozen=True, kw_only=True)
class Term:
    """Somebody holds a role from ``since`` to ``until`` (last day; None is open-ended)."""

    assignment: UUID
    role: UUID
    role_label: str
    role_name: str
    person: UUID
    name: str
    standing: Standing
    since: date
    until: date | None
    letter: str
    when: str  # past, today, future
    active: bool


@dataclass(frozen=True, kw_only=True)
class RoleRow:
    """A role with who held, holds and will hold it. Vacant: nobody who can sign in holds it today."""

    id: UUID
    key: str
    label: str
    name: str
    kind: RoleKind
    terms: tuple[Term, ...]

    @property
    def vacant(self) -> bool:
        """Tell whether nobody active holds it today."""
        return not any(term.when == "today" and term.active for term in self.terms)


@dataclass(frozen=True, kw_only=True)
class OrphanedTask:
    """An open task whose holder cannot do it any more."""

    id: UUID
    name: str
    case_number: str
    case_title: str
    role_label: str
    holder: str
    active: bool
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Attention:
    """What an administrator has to put right; ``orphans`` stop at 100."""

    vacant: tuple[RoleRow, ...]
    orphans: tuple[OrphanedTask, ...]


def must_manage(actor: Actor) -> None:
    """Refuse everybody but administrators; for others there is nothing to be seen."""
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise NotFound(NO_PAGE)


def roles_page(engine: Engine, actor: Actor) -> list[RoleRow]:
    """List the roles of the office in their order, with who holds them."""
    must_manage(actor)
    with engine.store.reading() as connection:
        return _roles(connection, engine, actor)


def attention(engine: Engine, actor: Actor) -> Attention:
    """Find vacant roles, and open tasks whose holder is inactive or lost the role."""
    must_manage(actor)
    with engine.store.reading() as connection:
        vacant = tuple(found for found in _roles(connection, engine, actor) if found.vacant)
        return Attention(vacant=vacant, orphans=tuple(_orphans(connection, engine, actor)))


def today_of(connection: Connection, engine: Engine, actor: Actor) -> date:
    """Give the day it is in the office."""
    return engine.clock.now().astimezone(zone_of(connection, actor.office)).date()


def holding(today: date) -> ColumnElement[bool]:
    """Say that an assignment holds on a day."""
    term = role_assignment.c
    return and_(term.since <= today, or_(term.until.is_(None), term.until >= today))


def _roles(connection: Connection, engine: Engine, actor: Actor) -> list[RoleRow]:
    found = terms(connection, today_of(connection, engine, actor), role_assignment.c.office == actor.office)
    rows = connection.execute(
        select(role).where(role.c.office == actor.office).order_by(role.c.position, role.c.label)
    ).all()
    return [
        RoleRow(
            id=row.id,
            key=row.key,
            label=row.label,
            name=row.name,
            kind=RoleKind(row.kind),
            terms=tuple(term for term in found if term.role == row.id),
        )
        for row in rows
    ]


def terms(connection: Connection, today: date, condition: ColumnElement[bool]) -> list[Term]:
    """Read assignments with their roles and people, newest first."""
    rows = connection.execute(
        select(role_assignment, role.c.label, role.c.name.label("role_name"), person.c.name, person.c.active)
        .join(role, role.c.id == role_assignment.c.role)
        .join(person, person.c.id == role_assignment.c.person)
        .where(condition)
        .order_by(role_assignment.c.since.desc(), person.c.name)
    )
    return [_term(row, today) for row in rows]


def _term(row: Row[Any], today: date) -> Term:
    past = row.until is not None and row.until < today
    return Term(
        assignment=row.id,
        role=row.role,
        role_label=row.label,
        role_name=row.role_name,
        person=row.person,
        name=row.name,
        standing=Standing(row.standing),
        since=row.since,
        until=row.until,
        letter=row.letter,
        when="past" if past else "future" if row.since > today else "today",
        active=row.active,
    )


def _orphans(connection: Connection, engine: Engine, actor: Actor) -> list[OrphanedTask]:
    today = today_of(connection, engine, actor)
    performs = (
        select(1)
        .select_from(role_assignment)
        .join(role, role.c.id == role_assignment.c.role)
        .where(role_assignment.c.person == task.c.assignee, holding(today))
        .where(role.c.office == task.c.office, role.c.kind.in_(WORKING))
        .correlate(task)
    )
    # As ``model.task.can_hold`` says it: a delegate needs a role of his own, whichever.
    may = or_(
        exists(performs.where(role.c.key == task.c.role)),
        and_(task.c.delegated_by.is_not(None), exists(performs)),
    )
    rows = connection.execute(
        select(
            task,
            instance.c.number,
            instance.c.title,
            role.c.label,
            person.c.name.label("holder"),
            person.c.active,
        )
        .join(person, person.c.id == task.c.assignee)
        .join(instance, instance.c.id == task.c.instance)
        .outerjoin(role, and_(role.c.office == task.c.office, role.c.key == task.c.role))
        .where(
            task.c.office == actor.office,
            task.c.state == TaskState.OPEN,
            or_(~person.c.active, ~may),
        )
        .order_by(task.c.due_key, task.c.id)
        .limit(_MOST_ORPHANS)
    )
    return [
        OrphanedTask(
            id=row.id,
            name=row.name,
            case_number=row.number,
            case_title=row.title,
            role_label=row.label or row.role,
            holder=row.holder,
            active=row.active,
            due_at=row.due_at,
        )
        for row in rows
    ]
