"""Who can be asked about a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.naming import post_and_name
from engine.model.permission import BY_ASSIGNMENT
from engine.queries.case_access import CaseFacts, audits, case_facts
from engine.queries.roles import today_of
from engine.storage.tables import event, person, role, role_assignment


@dataclass(frozen=True, kw_only=True)
class Askable:
    """Who can be asked about a case or an event of it, and under which letters."""

    facts: CaseFacts
    people: tuple[tuple[str, str], ...]  # (id, post and name)
    suggested: str  # id of who did what the event says; "" for nobody
    letters: tuple[tuple[str, str], ...]  # (id, number)


def askable(engine: Engine, actor: Actor, case: UUID, seq: int) -> Askable:
    """Tell who can be asked about a case that a letter of the actor's covers; as ``audits`` for any other.

    Nobody who audits the office and does nothing else there: an explanation is the office's.
    """
    with engine.store.reading() as connection:
        letters = audits(connection, actor, case)
        facts = case_facts(connection, actor, case)
        about = select(event.c.actor).where(event.c.stream == case, event.c.seq == seq)
        happened = connection.execute(about).one_or_none()
        if seq and happened is None:
            raise NotFound(say("This case has no event with that number."))
        rows = connection.execute(
            select(person.c.id, person.c.name, person.c.post)
            .where(person.c.office == actor.office, person.c.active, person.c.id != actor.person)
            .where(~_only_audits(today_of(connection, engine, actor)))
            .order_by(person.c.post, person.c.name)
        ).all()
    return Askable(
        facts=facts,
        people=tuple((row.id.hex, post_and_name(row.name, row.post)) for row in rows),
        suggested=happened.actor.hex if happened and happened.actor else "",
        letters=tuple((one.assignment.hex, one.number) for one in letters),
    )


def _only_audits(today: date) -> ColumnElement[bool]:
    held = (
        role.c.id == role_assignment.c.role,
        role_assignment.c.person == person.c.id,
        role_assignment.c.since <= today,
        or_(role_assignment.c.until.is_(None), role_assignment.c.until >= today),
    )
    by_assignment = role.c.kind.in_(sorted(BY_ASSIGNMENT))
    return and_(exists().where(*held, by_assignment), ~exists().where(*held, ~by_assignment))
