"""The page of the files that somebody asked for."""

from __future__ import annotations

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.takeout import Takeout
from engine.queries.evidence import must_read_record
from engine.storage import takeouts


def takeouts_of(engine: Engine, actor: Actor) -> tuple[Takeout, ...]:
    """List what the actor asked for and what is still there, the newest first."""
    must_read_record(actor)
    if actor.person is None:
        return ()
    with engine.store.reading() as connection:
        return tuple(takeouts.asked_for(connection, actor.person))
