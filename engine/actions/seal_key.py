"""Another key signs the record: on record in every office, with both fingerprints."""

from __future__ import annotations

from engine.actions.offices import operator
from engine.core import Engine
from engine.model.event import EventKind, Scope
from engine.storage import events, office, people
from engine.storage.events import Line


def note_seal_key(engine: Engine, old: str, new: str) -> None:
    """Note the fingerprints of the key that signed until now and of the one that signs from now on."""
    line = Line(kind=EventKind.SEAL_KEY_REPLACED, payload={"old": old, "new": new})
    with engine.store.transaction() as connection:
        for one in office.all_offices(connection):
            people.lock_office(connection, one)
            events.append(connection, Scope.OFFICE, one, operator(one), engine.clock.now(), [line])
