"""Findings of an audit, as its team writes them: draft, change, review, deliver, close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from engine.actions.finding_subjects import subjects_of
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.finding import CLOSABLE, Elements, FindingState, may_review, on_team
from engine.model.unseen import NO_ASSIGNMENT, NO_FINDING
from engine.queries.finding_access import may_close
from engine.queries.finding_statements import statements
from engine.storage import events, findings, people
from engine.storage.events import Line
from engine.storage.findings import Finding
from engine.storage.transaction import Connection

LONGEST, LONGEST_TITLE = 10_000, 200  # characters
_LABELS = {
    "title": "Title",
    "condition": "Condition found",
    "criteria": "Criteria",
    "cause": "Cause",
    "effect": "Effect",
    "recommendation": "Recommendation",
    "conclusion": "Conclusion",
    "answer": "Answer of the office",
    "follow_up_text": "What was done",
}


@dataclass(frozen=True, kw_only=True)
class FindingForm:
    """A draft as typed; it needs a title, a condition, and something that it is about.

    ``cases``: a line per case, "012/IK/2026" or "012/IK/2026 #39" for an event of it. ``figures``: a line
    per address of a page of figures.
    """

    title: str = ""
    condition: str = ""
    criteria: str = ""
    cause: str = ""
    effect: str = ""
    recommendation: str = ""
    cases: str = ""
    figures: str = ""


def draft(engine: Engine, actor: Actor, assignment: UUID, form: FindingForm) -> UUID:
    """Begin a finding under a letter of assignment of the actor's; only its team sees it."""
    if not on_team(actor, assignment):
        raise NotFound(NO_ASSIGNMENT)
    finding_id, now = new_id(), engine.clock.now()
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        elements = _clean(form)
        subjects = subjects_of(connection, actor, assignment, form.cases, form.figures)
        row = {
            "id": finding_id,
            "office": actor.office,
            "assignment": assignment,
            "prepared_by": actor.person,
            "prepared_at": now,
            **asdict(elements),
        }
        number = findings.add(connection, row, subjects.figures)
        findings.put_abouts(connection, finding_id, subjects.abouts)
        told = {"assignment": assignment.hex, "new": asdict(elements) | subjects.told}
        record(connection, engine, actor, EventKind.FINDING_DRAFTED, finding_id, {"number": number, **told})
    return finding_id


def change(engine: Engine, actor: Actor, finding_id: UUID, revision: int, form: FindingForm) -> None:
    """Change a draft, by who prepared it; a review of it counts no more."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = _load(connection, actor, finding_id, revision, {FindingState.DRAFT})
        if found.prepared_by != actor.person:
            raise Forbidden(say("Only who prepared the finding changes its draft."))
        elements = _clean(form)
        subjects = subjects_of(connection, actor, found.assignment, form.cases, form.figures)
        values = asdict(elements) | {"figures": subjects.stored, "prepared_at": engine.clock.now()}
        save(connection, found, values | {"reviewed_by": None, "reviewed_at": None})
        findings.put_abouts(connection, finding_id, subjects.abouts)
        told = {"old": asdict(found.elements), "new": asdict(elements) | subjects.told}
        record(connection, engine, actor, EventKind.FINDING_CHANGED, finding_id, told)


def review(engine: Engine, actor: Actor, finding_id: UUID, revision: int) -> None:
    """Put on record that another of the team than who prepared it has reviewed a draft, which is complete."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = _load(connection, actor, finding_id, revision, {FindingState.DRAFT})
        if not may_review(actor, found.assignment, found.prepared_by):
            raise Forbidden(say("Somebody else of the team reviews a finding than who prepared it."))
        if found.elements.missing:
            raise Conflict(say("The finding is not complete yet: all its parts must be written."))
        save(connection, found, {"reviewed_by": actor.person, "reviewed_at": engine.clock.now()})
        told = {"prepared_by": found.prepared_by.hex}
        record(connection, engine, actor, EventKind.FINDING_REVIEWED, finding_id, told)


def deliver(engine: Engine, actor: Actor, finding_id: UUID, revision: int) -> None:
    """Tell the office a finding that was reviewed; from now on its process owners see it."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = _load(connection, actor, finding_id, revision, {FindingState.DRAFT})
        if found.reviewed_by is None:
            raise Conflict(say("Somebody else of the team must review the finding before it is delivered."))
        values = {"state": FindingState.DELIVERED.value, "delivered_by": actor.person}
        save(connection, found, values | {"delivered_at": engine.clock.now()})
        told = asdict(found.elements) | {"reviewed_by": found.reviewed_by.hex}
        record(connection, engine, actor, EventKind.FINDING_DELIVERED, finding_id, told)


def close(engine: Engine, actor: Actor, finding_id: UUID, revision: int, conclusion: str) -> None:
    """Close a finding the office has answered, with what the auditor concludes."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = findings.load(connection, actor.office, finding_id)
        if found is None or not may_close(connection, engine, actor, finding_id):
            raise NotFound(NO_FINDING)
        if actor.person in {one.person for one in statements(connection, actor.office, [finding_id])}:
            raise Forbidden(say("Somebody else closes a finding than who answered it for the office."))
        as_seen(found, revision, CLOSABLE)
        told = written(conclusion, "conclusion")
        values = {"state": FindingState.CLOSED.value, "conclusion": told, "closed_by": actor.person}
        save(connection, found, values | {"closed_at": engine.clock.now()})
        record(connection, engine, actor, EventKind.FINDING_CLOSED, finding_id, {"conclusion": told})


def _load(
    connection: Connection,
    actor: Actor,
    finding_id: UUID,
    revision: int,
    states: frozenset[FindingState] | set[FindingState],
) -> Finding:
    """Read a finding of a team the actor is in, as they saw it, in a state the act is for."""
    found = findings.load(connection, actor.office, finding_id)
    if found is None or not on_team(actor, found.assignment):
        raise NotFound(NO_FINDING)
    return as_seen(found, revision, states)


def as_seen(found: Finding, revision: int, states: frozenset[FindingState] | set[FindingState]) -> Finding:
    """Refuse an act on a finding that others have changed since, or that has come too far for it."""
    if found.revision != revision or found.state not in states:
        raise Conflict(say("The finding has changed since you opened it. Look at it again."))
    return found


def save(connection: Connection, found: Finding, values: Mapping[str, Any]) -> None:
    """Write a finding that is still as it was read."""
    if not findings.change(connection, found.id, found.revision, values):
        raise Conflict(say("The finding has changed since you opened it. Look at it again."))


def written(text: str, field: str) -> str:
    """Clean a text that must be there."""
    told = text.strip()
    if not 1 <= len(told) <= LONGEST:
        raise Invalid((_problem(field, told),))
    return told


def record(
    connection: Connection,
    engine: Engine,
    actor: Actor,
    kind: EventKind,
    finding_id: UUID,
    payload: Mapping[str, Any],
) -> None:
    """Append an event of a finding to the office's stream."""
    line = Line(kind=kind, payload={"finding": finding_id.hex, **payload})
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def _clean(form: FindingForm) -> Elements:
    names = [one.name for one in fields(Elements)]
    typed = {name: getattr(form, name).strip() for name in names}
    wrong = [
        name
        for name in names
        if len(typed[name]) > _most(name) or (name in {"title", "condition"} and not typed[name])
    ]
    if wrong:
        raise Invalid(tuple(_problem(name, typed[name]) for name in wrong))
    return Elements(**typed)


def _most(field: str) -> int:
    return LONGEST_TITLE if field == "title" else LONGEST


def _problem(field: str, typed: str) -> Problem:
    sentence = say("This must be written.")
    if typed:
        sentence = say("Write this in at most %(most)s characters.", most=_most(field))
    return Problem(field=field, label=_LABELS[field], sentence=sentence)
