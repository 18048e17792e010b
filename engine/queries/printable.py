"""Who may print the paper of a revision that is to be signed, and when: asked before it is read."""

from __future__ import annotations

from engine.core import Engine
from engine.errors import Conflict, NotFound, say
from engine.model.actor import Actor
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.queries.library_versions import NO_SOP, versions_of


def may_print(actor: Actor, state: VersionState) -> bool:
    """Tell whether the actor prepares or decides on it, and it waits for its approval."""
    return _prints(actor) and state is VersionState.REVIEW


def must_print(engine: Engine, actor: Actor, key: str, number: int) -> None:
    """Raise NotFound for others, and Conflict where the revision does not wait for its approval."""
    if not _prints(actor):
        raise NotFound(NO_SOP)
    with engine.store.reading() as connection:
        _name, versions = versions_of(connection, actor, key, number)
    state = next((one.state for one in versions if one.number == number), None)
    if state is None:
        raise NotFound(NO_SOP)
    if not may_print(actor, state):
        raise Conflict(say("Only a revision that waits for its approval has a paper to be signed."))


def _prints(actor: Actor) -> bool:
    return actor.may(Permission.APPROVE) or actor.may(Permission.REVISE)
