"""Inquiries: an auditor asks a person of the office about a case, and they answer once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engine.actions.administering import today
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import BY_ASSIGNMENT
from engine.model.unseen import NO_INQUIRY
from engine.queries.case_access import audits
from engine.queries.replay_reading import last_seq
from engine.storage import assignments, events, inquiries, people
from engine.storage.events import Line
from engine.storage.inquiries import Inquiry
from engine.storage.transaction import Connection

LONGEST = 10_000


@dataclass(frozen=True, kw_only=True)
class InquiryForm:
    """A question as typed. ``attempt``: the form's own id, by which a second click asks nothing more."""

    attempt: UUID
    to: UUID | None
    question: str
    seq: int = 0  # of the event it is about; 0 is the case as a whole
    assignment: UUID | None = None  # None: the first of the actor's letters that covers the case


def ask(engine: Engine, actor: Actor, case: UUID, form: InquiryForm) -> UUID:
    """Ask a person about a case that a letter of the actor's covers; gives the id of the question."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        letter = _letter(engine, connection, actor, case, form.assignment)
        if not 0 <= form.seq <= last_seq(connection, case):
            raise NotFound(say("This case has no event with that number."))
        to, question = _asked(engine, connection, actor, form)
        before = inquiries.load(connection, actor.office, form.attempt)
        if before is not None:
            return _again(before, actor, case)
        row = {
            "id": form.attempt,
            "office": actor.office,
            "assignment": letter,
            "instance": case,
            "seq": form.seq,
            "asked_by": actor.person,
            "asked_at": engine.clock.now(),
            "asked_of": to,
            "question": question,
        }
        told = {"number": inquiries.add(connection, row), "assignment": letter.hex, "question": question}
        about = _about(form.attempt, case, form.seq, to)
        _record(connection, engine, actor, EventKind.INQUIRY_ASKED, about | told)
    return form.attempt


def answer(engine: Engine, actor: Actor, inquiry_id: UUID, text: str) -> None:
    """Answer a question that was put to the actor, once; the same answer sent again changes nothing."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = inquiries.load(connection, actor.office, inquiry_id)
        if found is None or actor.person is None or found.asked_of != actor.person:
            raise NotFound(NO_INQUIRY)
        told = text.strip()
        if found.answer is not None:
            if found.answer == told:
                return
            raise Conflict(say("You have answered this question. The answer on record is not changed."))
        _must_work(connection, found)
        if not 1 <= len(told) <= LONGEST:
            raise Invalid((_problem("answer", "Your answer", told),))
        inquiries.put_answer(connection, inquiry_id, told, engine.clock.now())
        about = _about(found.id, found.instance, found.seq, found.asked_of)
        _record(connection, engine, actor, EventKind.INQUIRY_ANSWERED, about | {"answer": told})


def _letter(engine: Engine, connection: Connection, actor: Actor, case: UUID, chosen: UUID | None) -> UUID:
    """Give the letter to ask under: it covers the case, and has not ended since the actor was let in."""
    covering = [one.assignment for one in audits(connection, actor, case)]
    letter = covering[0] if chosen is None else chosen
    found = assignments.load(connection, actor.office, letter)
    if letter not in covering or found is None or found.valid_until < today(engine, actor):
        sentence = say("This letter of assignment has ended, or does not cover the case. Choose another one.")
        raise Invalid((Problem(field="assignment", label="Letter of assignment", sentence=sentence),))
    return letter


def _asked(engine: Engine, connection: Connection, actor: Actor, form: InquiryForm) -> tuple[UUID, str]:
    """Read who is asked and what, or refuse with what is wrong."""
    problems: list[Problem] = []
    person = None if form.to is None else people.by_id(connection, actor.office, form.to)
    if person is None or person.id == actor.person:
        sentence = say("Choose who is asked: somebody else of the office.")
        problems.append(Problem(field="to", label="Who is asked", sentence=sentence))
    elif not person.active:
        sentence = say("%(name)s is no longer active in the office. Ask somebody else.", name=person.name)
        problems.append(Problem(field="to", label="Who is asked", sentence=sentence))
    elif _only_audits(connection, actor, person.id, today(engine, actor)):
        sentence = say("%(name)s audits the office. Ask somebody who works there.", name=person.name)
        problems.append(Problem(field="to", label="Who is asked", sentence=sentence))
    question = form.question.strip()
    if not 1 <= len(question) <= LONGEST:
        problems.append(_problem("question", "Question", question))
    if problems or person is None:
        raise Invalid(tuple(problems))
    return person.id, question


def _only_audits(connection: Connection, actor: Actor, person: UUID, day: date) -> bool:
    held = people.roles_held(connection, actor.office, person, day)
    return bool(held) and all(role.kind in BY_ASSIGNMENT for role in held)


def _again(before: Inquiry, actor: Actor, case: UUID) -> UUID:
    """Answer the second sending of a form as the first."""
    if (before.asked_by, before.instance) != (actor.person, case):
        raise NotFound(NO_INQUIRY)
    return before.id


def _must_work(connection: Connection, found: Inquiry) -> None:
    """Refuse an answer of somebody who has left meanwhile. One that comes after the letter's end is kept."""
    person = people.by_id(connection, found.office, found.asked_of)
    if person is None or not person.active:
        raise Forbidden(say("Your account is no longer active, so nothing can be answered with it."))


def _problem(field: str, label: str, typed: str) -> Problem:
    sentence = say("This must be written.")
    if typed:
        sentence = say("Write this in at most %(most)s characters.", most=LONGEST)
    return Problem(field=field, label=label, sentence=sentence)


def _about(inquiry: UUID, case: UUID, seq: int, to: UUID) -> dict[str, Any]:
    return {"inquiry": inquiry.hex, "case": case.hex, "seq": seq, "to": to.hex}


def _record(
    connection: Connection, engine: Engine, actor: Actor, kind: EventKind, payload: Mapping[str, Any]
) -> None:
    """Append an event of a question to the office's stream."""
    line = Line(kind=kind, payload=payload)
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])
