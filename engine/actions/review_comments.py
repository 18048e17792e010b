"""What is said of a version under review, about a step or the whole, until somebody settles it."""

from __future__ import annotations

from uuid import UUID

from engine.actions.version_standing import NO_VERSION, about, problem, record, standing
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, say
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.storage import revisions, versions

_LONGEST = 2_000  # characters
_OPEN = frozenset({VersionState.REVIEW, VersionState.TRIAL})


def comment(  # noqa: PLR0913, PLR0917 - the parts of a comment
    engine: Engine, actor: Actor, key: str, number: int, element: str, text: str, attempt: UUID
) -> None:
    """Say something of a version that is tried or reviewed; a second click says it once."""
    _must_review(actor)
    words = text.strip()
    if not words or len(words) > _LONGEST:
        sentence = say("Write the comment, at most %(most)s characters.", most=_LONGEST)
        raise Invalid((problem("text", sentence),))
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        versions.hold_process(connection, found.process)  # whoever decides on it waits, or was first
        found = standing(connection, actor, key, number)
        if found.state not in _OPEN:
            raise Conflict(say("Revision %(number)s is no longer under review.", number=number))
        if element and element not in {one.element for one in engine.versions.get(found.id).definition.steps}:
            raise Invalid((problem("element", say("Choose a step of the SOP.")),))
        if revisions.version_of_comment(connection, attempt) is not None:
            return
        now = engine.clock.now()
        revisions.add_comment(
            connection,
            id=attempt,
            office=actor.office,
            version=found.id,
            element=element,
            author=actor.person,
            at=now,
            text=words,
        )
        payload = about(found) | {"comment": attempt.hex, "element": element, "text": words}
        record(engine, connection, actor, found, EventKind.REVIEW_COMMENT_ADDED, payload)


def settle(engine: Engine, actor: Actor, key: str, number: int, comment_id: UUID) -> None:
    """Mark a comment as settled."""
    _must_review(actor)
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        if revisions.version_of_comment(connection, comment_id) != found.id:
            raise NotFound(NO_VERSION)
        now = engine.clock.now()
        if revisions.settle_comment(connection, comment_id, resolved_at=now, resolved_by=actor.person):
            payload = about(found) | {"comment": comment_id.hex}
            record(engine, connection, actor, found, EventKind.REVIEW_COMMENT_RESOLVED, payload)


def _must_review(actor: Actor) -> None:
    if actor.person is None or not (actor.may(Permission.REVISE) or actor.may(Permission.APPROVE)):
        raise NotFound(NO_VERSION)
