"""Letters of assignment as the administrator sees them, and whom an auditor without one asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.assignment import Validity, validity
from engine.model.naming import post_and_name
from engine.model.permission import BY_ASSIGNMENT, RoleKind
from engine.model.unseen import NO_ASSIGNMENT
from engine.queries.roles import holding, must_manage, today_of
from engine.storage import office as office_rows
from engine.storage.assignments import letter_of
from engine.storage.tables import audit_assignment, audit_member, person, process, role, role_assignment

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """Somebody of a team. ``left``: they are not in it any more, though the letter holds."""

    person: UUID
    name: str  # post and name
    head: bool
    until: date
    left: bool


@dataclass(frozen=True, kw_only=True)
class AssignmentRow:
    """A letter with the names of what it covers; no units or SOPs: all of them."""

    id: UUID
    number: str
    dated: date
    issuer: str
    valid_from: date
    valid_until: date
    cases_from: date | None
    cases_until: date | None
    units: tuple[str, ...]
    sops: tuple[str, ...]
    team: tuple[TeamMember, ...]  # the head first
    validity: Validity
    end_reason: str

    @property
    def ended_unused(self) -> date | None:
        """Give the day it was ended on, where no whole day of it was left; None of any other."""
        return self.valid_until + _DAY if self.valid_until < self.valid_from else None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing can be changed any more."""
        return self.validity in {Validity.PAST, Validity.ENDED}


@dataclass(frozen=True, kw_only=True)
class LetterChoices:
    """What the form of a letter offers: (value, words)."""

    auditors: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    sops: tuple[tuple[str, str], ...]


def assignments_page(engine: Engine, actor: Actor) -> list[AssignmentRow]:
    """List the letters of the office, the newest first."""
    must_manage(actor)
    with engine.store.reading() as connection:
        return _letters(connection, actor, today_of(connection, engine, actor))


def assignment_page(engine: Engine, actor: Actor, assignment: UUID) -> AssignmentRow:
    """Read one letter of the office."""
    found = next((one for one in assignments_page(engine, actor) if one.id == assignment), None)
    if found is None:
        raise NotFound(NO_ASSIGNMENT)
    return found


def letter_choices(engine: Engine, actor: Actor) -> LetterChoices:
    """List who can be in a team, the units and the SOPs of the office."""
    must_manage(actor)
    with engine.store.reading() as connection:
        auditors = connection.execute(
            select(person.c.id, person.c.name, person.c.post)
            .join(role_assignment, role_assignment.c.person == person.c.id)
            .join(role, role.c.id == role_assignment.c.role)
            .where(person.c.office == actor.office, person.c.active, role.c.kind.in_(BY_ASSIGNMENT))
            .distinct()
            .order_by(person.c.name)
        ).all()
        units = office_rows.units(connection, actor.office)
        sops = connection.execute(
            select(process.c.key, process.c.name)
            .where(process.c.office == actor.office)
            .order_by(process.c.name)
        ).all()
    return LetterChoices(
        auditors=tuple((row.id.hex, post_and_name(row.name, row.post)) for row in auditors),
        units=tuple((unit.hex, name) for unit, name in units),
        sops=tuple((row.key, row.name) for row in sops),
    )


def administrators(engine: Engine, actor: Actor) -> tuple[str, ...]:
    """Name the administrators of the actor's office, whom an auditor without a letter asks."""
    with engine.store.reading() as connection:
        rows = connection.execute(
            select(person.c.name, person.c.post)
            .join(role_assignment, role_assignment.c.person == person.c.id)
            .join(role, role.c.id == role_assignment.c.role)
            .where(
                person.c.office == actor.office,
                person.c.active,
                role.c.kind == RoleKind.ADMINISTRATOR,
                holding(today_of(connection, engine, actor)),
            )
            .distinct()
            .order_by(person.c.name)
        ).all()
    return tuple(post_and_name(row.name, row.post) for row in rows)


def _letters(connection: Connection, actor: Actor, today: date) -> list[AssignmentRow]:
    rows = connection.execute(
        select(audit_assignment)
        .where(audit_assignment.c.office == actor.office)
        .order_by(audit_assignment.c.valid_from.desc(), audit_assignment.c.id.desc())
    ).all()
    teams = _teams(connection, actor, today)
    units = dict(office_rows.units(connection, actor.office))
    named = select(process.c.id, process.c.name).where(process.c.office == actor.office)
    sops = {row.id: row.name for row in connection.execute(named)}
    found = []
    for letter in map(letter_of, rows):
        stands = validity(letter.valid_from, letter.valid_until, today, ended=letter.end_reason is not None)
        found.append(
            AssignmentRow(
                id=letter.id,
                number=letter.number,
                dated=letter.dated,
                issuer=letter.issuer,
                valid_from=letter.valid_from,
                valid_until=letter.valid_until,
                cases_from=letter.cases_from,
                cases_until=letter.cases_until,
                units=tuple(units[one] for one in letter.units),
                sops=tuple(sops[one] for one in letter.sops),
                team=tuple(teams.get(letter.id, ())),
                validity=stands,
                end_reason=letter.end_reason or "",
            )
        )
    return found


def _teams(connection: Connection, actor: Actor, today: date) -> dict[UUID, list[TeamMember]]:
    rows = connection.execute(
        select(audit_member, person.c.name, person.c.post, audit_assignment.c.valid_until)
        .join(person, person.c.id == audit_member.c.person)
        .join(audit_assignment, audit_assignment.c.id == audit_member.c.assignment)
        .where(audit_assignment.c.office == actor.office)
        .order_by(audit_member.c.head.desc(), person.c.name)
    )
    found: dict[UUID, list[TeamMember]] = {}
    for row in rows:
        member = TeamMember(
            person=row.person,
            name=post_and_name(row.name, row.post),
            head=row.head,
            until=row.until,
            left=row.until < today and row.until < row.valid_until,
        )
        found.setdefault(row.assignment, []).append(member)
    return found
