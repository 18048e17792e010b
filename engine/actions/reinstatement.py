"""Back to an earlier revision: one that had been in force takes the place of what replaced it, as it was.

Its number, its paper and its approval stay what they are; what is new is the reason, and the day from which
it is in force again. It is at once, for this is what an office does when a revision turns out not to work.
"""

from __future__ import annotations

from engine.actions.administering import today
from engine.actions.loading import refusals
from engine.actions.reasons import must_have_reason
from engine.actions.version_standing import NO_VERSION, about, become, record, standing, take_place
from engine.core import Engine
from engine.errors import Conflict, Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.model.revision import can_return
from engine.storage import process_drafts, versions

_WANTED = say("Write why it is to be in force again; everybody who reads the SOP reads it.")


def reinstate(engine: Engine, actor: Actor, key: str, number: int, reason: str) -> None:
    """Put a version in force again that was in force before; the one in force now is superseded.

    As with an approval, an approver does that who has not worked on it.
    """
    if actor.person is None or not actor.may(Permission.APPROVE):
        raise NotFound(NO_VERSION)
    why = must_have_reason(reason, _WANTED)
    with engine.store.reading() as connection:
        found = standing(connection, actor, key, number)
        authors = process_drafts.authors_of(connection, found.id)
    with refusals(engine, actor, found.process, EventKind.VERSION_REINSTATED, scope=Scope.LIBRARY):
        if actor.person in authors:
            raise Forbidden(say("Whoever worked on a revision cannot put it in force again."))
        if found.state is VersionState.IN_FORCE:
            day = found.in_force_on
            raise Conflict(
                say("Revision %(number)s is in force already, since %(day)s.", number=number, day=day)
            )
        if not can_return(found.state, found.effective_from):
            raise Conflict(say("Revision %(number)s was not in force before.", number=number))
    day = today(engine, actor)
    with engine.store.transaction() as connection:
        versions.hold_process(connection, found.process)
        become(
            connection,
            found,
            VersionState.IN_FORCE,
            reason=why,
            reinstated_on=day,
            reinstated_at=engine.clock.now(),
            reinstated_by=actor.person,
        )
        superseded = take_place(engine, connection, found)
        payload = about(found) | {"reason": why, "effective_from": day.isoformat(), "superseded": superseded}
        record(engine, connection, actor, found, EventKind.VERSION_REINSTATED, payload)
