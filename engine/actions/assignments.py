"""Administer letters of assignment: issue one, change its team or last day, end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from engine.actions.administering import administering, today
from engine.actions.assignment_forms import LetterForm, TeamForm, clean, clean_team
from engine.actions.reasons import must_have_reason
from engine.core import Engine
from engine.errors import Conflict, NotFound, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.unseen import NO_ASSIGNMENT
from engine.storage import assignments, events
from engine.storage.assignments import Letter, Member
from engine.storage.events import Line
from engine.storage.transaction import Connection

__all__ = ["LetterForm", "TeamForm", "change", "end", "issue"]


def issue(engine: Engine, actor: Actor, form: LetterForm) -> UUID:
    """Put a letter of assignment on record: from its first day on, its team reads what it covers."""
    assignment = new_id()
    with administering(engine, actor, EventKind.ASSIGNMENT_ISSUED) as connection:
        letter, members = clean(connection, actor, assignment, form)
        assignments.add(connection, letter)
        assignments.save_team(connection, assignment, members)
        new = {name: _shown(value) for name, value in asdict(letter).items() if name not in _APART}
        payload = {"new": new | {"sops": sorted(set(form.sops))}, "team": [_member(one) for one in members]}
        _record(connection, engine, actor, EventKind.ASSIGNMENT_ISSUED, assignment, payload)
    return assignment


def change(engine: Engine, actor: Actor, assignment: UUID, form: TeamForm) -> None:
    """Change the team or the last day; who leaves the team reads nothing by the letter any more.

    Conflict once the letter has ended. What it covers stays as it was issued: that takes a new letter.
    """
    with administering(engine, actor, EventKind.ASSIGNMENT_CHANGED) as connection:
        now = today(engine, actor)
        letter, before = _load_open(connection, actor, assignment, now)
        until, members = clean_team(connection, actor, form, max(letter.valid_from, now))
        gone = _left(letter, before, {one.person for one in members}, now)
        assignments.change(connection, assignment, {"valid_until": until})
        assignments.save_team(connection, assignment, [*members, *gone])
        staying = [one for one in before if one.until >= now]
        payload = {
            "number": letter.number,
            "old": {"valid_until": letter.valid_until.isoformat(), "team": [_member(one) for one in staying]},
            "new": {"valid_until": until.isoformat(), "team": [_member(one) for one in members]},
        }
        _record(connection, engine, actor, EventKind.ASSIGNMENT_CHANGED, assignment, payload)


def end(engine: Engine, actor: Actor, assignment: UUID, reason: str) -> None:
    """End a letter now: its team reads nothing by it from this moment on. Conflict where it ended before."""
    with administering(engine, actor, EventKind.ASSIGNMENT_ENDED) as connection:
        now = today(engine, actor)
        letter, members = _load_open(connection, actor, assignment, now)
        told = must_have_reason(reason, say("Write why the assignment ends."))
        last = date.fromordinal(now.toordinal() - 1)  # terms are whole days: today is none of it any more
        assignments.change(connection, assignment, {"valid_until": last, "end_reason": told})
        over = [Member(person=one.person, head=one.head, until=min(one.until, last)) for one in members]
        assignments.save_team(connection, assignment, over)
        payload = {
            "number": letter.number,
            "reason": told,
            "old": {"valid_until": letter.valid_until.isoformat()},
            "new": {"valid_until": last.isoformat()},
        }
        _record(connection, engine, actor, EventKind.ASSIGNMENT_ENDED, assignment, payload)


_APART = {"id", "office", "sops", "end_reason"}


def _load_open(
    connection: Connection, actor: Actor, assignment: UUID, now: date
) -> tuple[Letter, list[Member]]:
    letter = assignments.load(connection, actor.office, assignment)
    if letter is None:
        raise NotFound(NO_ASSIGNMENT)
    if letter.valid_until < now:
        raise Conflict(say("The assignment %(number)s has ended already.", number=letter.number))
    return letter, assignments.team(connection, assignment)


def _left(letter: Letter, before: Sequence[Member], staying: set[UUID], now: date) -> list[Member]:
    """Give those who leave the team, with yesterday as their last day."""
    last = date.fromordinal(now.toordinal() - 1)
    gone = [one for one in before if one.person not in staying and one.until == letter.valid_until]
    return [Member(person=one.person, head=False, until=last) for one in gone]


def _record(
    connection: Connection,
    engine: Engine,
    actor: Actor,
    kind: EventKind,
    assignment: UUID,
    payload: Mapping[str, object],
) -> None:
    line = Line(kind=kind, payload={"assignment": assignment.hex, **payload})
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def _member(one: Member) -> dict[str, object]:
    return {"person": one.person.hex, "head": one.head}


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return [one.hex for one in value]
    return value.isoformat() if isinstance(value, date) else value
