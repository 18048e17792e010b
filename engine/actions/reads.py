"""Put on record that somebody reads a case of which they are no part: auditors, administrators, owners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.queries.case_access import only_supervised
from engine.storage import events, incidents, people, reads, tasks
from engine.storage.events import Line

_MOST, _LONGEST = 20, 200  # of what an address asks: so many values, of so many characters
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
    now = engine.clock.now()
    with engine.store.reading() as connection:
        found = only_supervised(connection, actor, case)
        before = reads.last(connection, actor.person, case, page)
    if found is None or (before is not None and now - before < ONE_READING):
        return
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        before = reads.last(connection, actor.person, case, page)
        if before is not None and now - before < ONE_READING:
            return  # another request of the same person was first
        reads.put(connection, actor.person, case, page, now)
        payload = {"case": case.hex, "number": found.number, "page": page, "letters": list(found.letters)}
        line = Line(kind=EventKind.CASE_READ, payload=payload, entered=False)
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])


def note_listing(engine: Engine, actor: Actor, page: str, asked: Mapping[str, str]) -> None:
    """Put on record that somebody opens a list over cases: the page, and what was looked for.

    One event in the office's stream per person, page and question within a quarter of an hour. What was
    looked for is salted as what somebody entered is; Alur has no act yet that erases it (docs/operating.md).
    """
    if actor.person is None or not actor.may(Permission.READ_RECORD):
        return  # there is no such page for them
    now = engine.clock.now()
    told = {name[:_LONGEST]: value[:_LONGEST] for name, value in list(asked.items())[:_MOST]}
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
