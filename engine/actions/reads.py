"""Put on record that somebody reads a case of which they are no part: auditors, administrators, owners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.queries.case_access import Supervised, only_supervised
from engine.queries.inquiries import audited_by
from engine.storage import events, incidents, people, reads, tasks
from engine.storage.events import Line

_LONGEST = 200  # characters of a value that an address asks for
_READING = (Permission.READ_RECORD, Permission.ANSWER_AUDIT)  # who enters such a list, or reads findings
ONE_READING = timedelta(minutes=15)


def note_case(engine: Engine, actor: Actor, case: UUID, page: str) -> None:
    """Put on record that a page of a case is opened by somebody who sees it only because they supervise.

    ``page`` names what is read ("cases/history"). One event in the office's stream per person, case and
    page within a quarter of an hour: reloads, and the steps of the player, are one reading. It comes
    before the page is made, so a page that cannot be put on record is not shown; one that turns out not
    to be there was asked for. NotFound where the case does not exist for the actor.
    """
    if actor.person is None or not actor.may(Permission.SUPERVISE_CASES):
        return
    with engine.store.reading() as connection:
        found = only_supervised(connection, actor, case)
    if found is not None:
        _note(engine, actor, actor.person, found, page)


def note_inquiry(engine: Engine, actor: Actor, inquiry: UUID, page: str) -> None:
    """Put on record that an auditor opens a question about a case, as a page of that case.

    Whoever was asked reads what was put to them: that is no reading. Nor is what the page itself refuses.
    """
    if actor.person is None or not actor.may(Permission.AUDIT):
        return
    with engine.store.reading() as connection:
        found = audited_by(engine, connection, actor, inquiry)
    if found is not None:
        _note(engine, actor, actor.person, found, page)


def _note(engine: Engine, actor: Actor, reader: UUID, found: Supervised, page: str) -> None:
    case, now = found.case, engine.clock.now()
    with engine.store.reading() as connection:
        before = reads.last(connection, reader, case, page)
    if before is not None and now - before < ONE_READING:
        return
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        before = reads.last(connection, reader, case, page)
        if before is not None and now - before < ONE_READING:
            return  # another request of the same person was first
        reads.put(connection, reader, case, page, now)
        payload = {"case": case.hex, "number": found.number, "page": page, "letters": list(found.letters)}
        line = Line(kind=EventKind.CASE_READ, payload=payload, entered=False)
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])


def as_asked(asked: Mapping[str, str]) -> dict[str, str]:
    """Give all that an address asks, as it is kept: its length bounds how much that is.

    None is left out for being one of many, else what was looked for could hide behind others.
    """
    return {name[:_LONGEST]: " ".join(value.split())[:_LONGEST] for name, value in asked.items()}


def note_listing(engine: Engine, actor: Actor, page: str, asked: Mapping[str, str]) -> None:
    """Put on record that somebody opens a list over cases, or a paper of an audit, and what they asked.

    One event in the office's stream per person, page and question within a quarter of an hour. What was
    looked for is salted as what somebody entered is, and can be erased.
    """
    if actor.person is None or not any(map(actor.may, _READING)):
        return  # there is no such page for them
    now = engine.clock.now()
    told = as_asked(asked)
    payload = {"page": page, "asked": told}
    with engine.store.reading() as connection:
        if reads.listed_since(connection, actor.office, actor.person, payload, now - ONE_READING):
            return
    line = Line(kind=EventKind.RECORD_LISTED, payload=payload)
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        if reads.listed_since(connection, actor.office, actor.person, payload, now - ONE_READING):
            return  # another request of the same person was first
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])


def note_incident(engine: Engine, actor: Actor, incident: UUID, page: str) -> None:
    """Put on record the same as of a case of the page of one of its incidents."""
    if not actor.may(Permission.SOLVE_INCIDENTS):
        return
    with engine.store.reading() as connection:
        found = incidents.load(connection, incident, actor.office)
    if found is not None and found.instance is not None:
        note_case(engine, actor, found.instance, page)


def note_task(engine: Engine, actor: Actor, task: UUID, page: str) -> None:
    """Put on record the same of a page of a task; of one that is not the office's the page itself says so."""
    if not actor.may(Permission.SUPERVISE_CASES):
        return
    with engine.store.reading() as connection:
        found = tasks.load(connection, task, actor.office, actor.person)
    if found is not None:
        note_case(engine, actor, found.task.instance, page)
