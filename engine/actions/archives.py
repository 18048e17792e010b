"""An archive of cases that ended long ago: on record before any text is read from it."""

from __future__ import annotations

from engine.actions.administering import administering
from engine.core import Engine
from engine.errors import Conflict, say
from engine.model.actor import Actor
from engine.model.archive import Archive
from engine.model.event import EventKind, Scope
from engine.storage import archive_rows, events
from engine.storage.events import Line
from engine.storage.transaction import IntegrityError


def note_archive(engine: Engine, actor: Actor, made: Archive, sop: str) -> None:
    """Put an archive on record whose file is on the disk; ``sop`` is the key of the only one, or empty."""
    payload = {
        "number": made.number,
        "archive": made.id.hex,
        "file": made.name,
        "until": made.until.isoformat(),
        "sop": sop,
        "cases": made.cases,
        "events": made.events,
        "bytes": made.size,
    }
    line = Line(kind=EventKind.RECORD_ARCHIVED, payload=payload, entered=False)
    try:
        with administering(engine, actor, EventKind.RECORD_ARCHIVED) as connection:
            archive_rows.add(connection, made, actor.person)
            events.append(connection, Scope.OFFICE, actor.office, actor, made.made_at, [line])
    except IntegrityError as error:
        raise Conflict(say("Archive number %(number)s was made meanwhile.", number=made.number)) from error


def abandon_archive(engine: Engine, actor: Actor, given_up: Archive) -> None:
    """Put on record that an archive is none, because its file was lost before any text was read from it."""
    payload = {"number": given_up.number, "archive": given_up.id.hex, "file": given_up.name}
    line = Line(kind=EventKind.ARCHIVE_ABANDONED, payload=payload, entered=False)
    now = engine.clock.now()
    with administering(engine, actor, EventKind.ARCHIVE_ABANDONED) as connection:
        count = archive_rows.referring(connection, given_up.number)
        if count or not archive_rows.abandoned(connection, given_up.number, now):
            raise Conflict(
                say(
                    "Texts of %(count)s cases are read from archive number %(number)s: it is not given up. "
                    "Put its file back from the backup.",
                    count=count,
                    number=given_up.number,
                )
            )
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])
