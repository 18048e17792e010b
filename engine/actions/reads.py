"""Put on record that somebody reads a case of which they are no part: auditors, administrators, owners."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.queries.case_access import only_supervised
from engine.storage import events, people, reads, tasks
from engine.storage.events import Line

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


def note_task(engine: Engine, actor: Actor, task: UUID, page: str) -> None:
    """Put on record the same of a page of a task; of one that is not the office's the page itself says so."""
    if not actor.may(Permission.SUPERVISE_CASES):
        return
    with engine.store.reading() as connection:
        found = tasks.load(connection, task, actor.office, actor.person)
    if found is not None:
        note_case(engine, actor, found.task.instance, page)
