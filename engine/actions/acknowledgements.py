"""Who works on an SOP reads what a revision changed, and says so; its owner decides how strictly."""

from __future__ import annotations

from uuid import UUID

from engine.actions.version_standing import NO_VERSION, about, record, standing
from engine.core import Engine
from engine.errors import Conflict, Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.model.revision import Acknowledging
from engine.storage import acknowledgements, events, versions
from engine.storage.events import Line


class Unread(Conflict):
    """A task that is taken only once its person has read what a revision changed."""

    def __init__(self, found: acknowledgements.Unread) -> None:
        """Keep the address of what is to be read."""
        self.key, self.number = found.key, found.number
        super().__init__(
            say(
                "Read first what revision %(number)s of “%(sop)s” changed for you, then take the task.",
                number=found.number,
                sop=found.name,
            )
        )


def acknowledge(engine: Engine, actor: Actor, key: str, number: int) -> None:
    """Note that the actor has read what a version in force changed; a second time changes nothing."""
    if actor.person is None or not actor.may(Permission.READ_LIBRARY):
        raise NotFound(NO_VERSION)
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        if found.state is not VersionState.IN_FORCE:
            raise Conflict(say("Revision %(number)s is not in force.", number=number))
        if not concerns(engine, actor, found.id):
            raise Forbidden(say("Only those who work by an SOP are asked to read what changed."))
        now = engine.clock.now()
        if acknowledgements.add(connection, found.id, actor.person, now, again=found.reinstated_at):
            record(engine, connection, actor, found, EventKind.VERSION_ACKNOWLEDGED, about(found))


def set_policy(engine: Engine, actor: Actor, key: str, policy: Acknowledging) -> None:
    """Decide what becomes of those who have not read what changed."""
    if not actor.may(Permission.REVISE):
        raise NotFound(NO_VERSION)
    with engine.store.transaction() as connection:
        process = versions.find_process(connection, actor.office, key)
        if process is None:
            raise NotFound(NO_VERSION)
        was = acknowledgements.policy_of(connection, process)
        if was is policy:
            return
        acknowledgements.set_policy(connection, process, policy)
        line = Line(
            kind=EventKind.ACKNOWLEDGEMENT_CHANGED,
            payload={"key": key, "policy": policy.value, "was": was.value},
        )
        events.append(connection, Scope.LIBRARY, process, actor, engine.clock.now(), [line])


def must_have_read(engine: Engine, actor: Actor, unread: UUID | None) -> None:
    """Refuse work on a task of an SOP that blocks whoever has not read; ``unread`` came with the task."""
    if unread is not None and concerns(engine, actor, unread):
        with engine.store.reading() as connection:
            raise Unread(acknowledgements.unread(connection, unread))


def concerns(engine: Engine, actor: Actor, version: UUID) -> bool:
    """Tell whether one of the actor's roles has work in a version."""
    return any(actor.holds(one.role) for one in engine.versions.get(version).definition.steps)
