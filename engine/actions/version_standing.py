"""What every act on a version of an SOP does alike: find it, change its state, put it on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core import Engine
from engine.errors import Conflict, NotFound, Problem, Sentence, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import VersionState
from engine.model.revision import Standing, may_become
from engine.storage import events, revisions, versions
from engine.storage.events import Line
from engine.storage.transaction import Connection

NO_VERSION = say("This revision does not exist, or it is not for your role.")


def standing(connection: Connection, actor: Actor, key: str, number: int) -> Standing:
    """Read where a version of the actor's office is in its life."""
    found = revisions.standing(connection, actor.office, key, number)
    if found is None:
        raise NotFound(NO_VERSION)
    return found


def must_be_able(found: Standing, state: VersionState) -> None:
    """Refuse a change of state that there is not."""
    if not may_become(found.state, state):
        raise Conflict(
            say("Revision %(number)s is no longer in a state in which that can be done.", number=found.number)
        )


def become(connection: Connection, found: Standing, state: VersionState, **columns: Any) -> None:
    """Change the state by compare-and-set: of two at once one is told."""
    must_be_able(found, state)
    if not versions.change_state(connection, found.id, found.state, state, **columns):
        raise Conflict(say("Somebody else decided on revision %(number)s first.", number=found.number))


def take_place(engine: Engine, connection: Connection, found: Standing) -> list[tuple[int, str]]:
    """Let a version that is in force now take the place of others; gives their numbers and former states."""
    superseded = versions.supersede_others(connection, found.process, found.number, VersionState.IN_FORCE)
    versions.rename_process(connection, found.process, engine.versions.get(found.id).definition.name)
    return superseded


# How the fields of a decision are called on its pages.
_LABELS = {
    "number": "SOP number",
    "post": "Post",
    "name": "Name",
    "nip": "NIP",
    "effective_from": "In force from",
    "paper": "The signed paper",
    "reason": "Reason",
    "message": "A word to whoever decides",
    "text": "Comment",
    "element": "About",
    "team": "Who tries it",
    "until": "Last day of the trial",
    "most_cases": "At most so many cases",
}


def problem(name: str, sentence: Sentence) -> Problem:
    """Say what is wrong with a field."""
    return Problem(field=name, label=_LABELS[name], sentence=sentence)


def about(found: Standing) -> dict[str, Any]:
    """Name a version in the record: by SOP, number and the digest of its content."""
    return {"key": found.key, "number": found.number, "sha256": found.digest.hex()}


def record(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    found: Standing,
    kind: EventKind,
    payload: Mapping[str, Any],
) -> None:
    """Append the event of an act to the stream of the SOP."""
    line = Line(kind=kind, payload=payload)
    events.append(connection, Scope.LIBRARY, found.process, actor, engine.clock.now(), [line])
