"""Personal data erased from an office's own record, on legal demand: what audits wrote, what was looked for.

As of a case, events stay with their digests, and that something was erased is itself on record.
"""

from __future__ import annotations

from typing import Any

from engine.actions.administering import administering, must_manage
from engine.actions.erasures import demand, drop_files
from engine.core import Engine
from engine.errors import Conflict, NotFound, say
from engine.model.actor import Actor
from engine.model.erasure import OF_OFFICE, Erasure, about_of
from engine.model.event import EventKind, Scope
from engine.storage import erasing, erasing_office, events, takeouts
from engine.storage.events import Line
from engine.storage.space import empty_log
from engine.storage.transaction import Connection


def erase_of_office(engine: Engine, actor: Actor, asked: Erasure) -> None:
    """Erase what events of the actor's office say, and the same in rows of audits; each attempt once."""
    must_manage(actor)
    letter, reason = demand(asked)
    objects: list[str] = []
    with administering(engine, actor, EventKind.DATA_ERASED) as connection:
        done = events.payload_of(connection, actor.office, EventKind.DATA_ERASED, asked.attempt)
        if done is None:
            said = _erased(connection, actor, asked)
            objects = takeouts.drop_all(connection, actor.office)
            told = {
                "events": list(said),
                "about": {str(seq): about_of(one) for seq, one in said.items()},
                "documents": [],
                "letter": letter,
                "reason": reason,
            }
            line = Line(kind=EventKind.DATA_ERASED, payload=told)
            events.append(
                connection,
                Scope.OFFICE,
                actor.office,
                actor,
                engine.clock.now(),
                [line],
                attempt=asked.attempt,
            )
    for name in objects:
        engine.blobs.delete(name)
    drop_files(engine, actor)
    empty_log(engine.store)


def _erased(connection: Connection, actor: Actor, asked: Erasure) -> dict[int, dict[str, Any]]:
    """Take it out of all rows; gives, by number, what the events said that still did."""
    kinds = erasing.kinds_of(connection, actor.office, asked.events)
    if len(kinds) != len(asked.events) or not OF_OFFICE.issuperset(kinds.values()):
        raise NotFound(say("The record of the office has no such entry, or it is none that can be erased."))
    said = erasing_office.said(connection, actor.office, asked.events)
    if not said:
        raise Conflict(say("This was erased already."))
    with erasing.overwriting(connection):
        erasing_office.forget_written(connection, actor.office, said.values())
        erasing.erase_events(connection, actor.office, said)
    return said
