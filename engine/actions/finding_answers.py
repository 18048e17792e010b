"""What the office says to a finding: its answer, and what it has done since."""

from __future__ import annotations

from uuid import UUID

from engine.actions.findings import as_seen, record, save, written
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.finding import ANSWERABLE, FOLLOWABLE, FindingState, FollowUp
from engine.model.permission import Permission
from engine.model.unseen import NO_FINDING
from engine.storage import findings, people
from engine.storage.findings import Finding
from engine.storage.transaction import Connection


def answer(engine: Engine, actor: Actor, finding_id: UUID, revision: int, text: str) -> None:
    """Answer a delivered finding for the office; until something was done, another answer can follow."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = as_seen(_load(connection, actor, finding_id), revision, ANSWERABLE)
        told = written(text, "answer")
        values = {"state": FindingState.ANSWERED.value, "answer": told, "answered_by": actor.person}
        save(connection, found, values | {"answered_at": engine.clock.now()})
        record(connection, engine, actor, EventKind.FINDING_ANSWERED, finding_id, {"answer": told})


def follow_up(engine: Engine, actor: Actor, finding_id: UUID, revision: int, status: str, text: str) -> None:
    """Say for the office how far what was recommended is done; as often as there is something to say."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = as_seen(_load(connection, actor, finding_id), revision, FOLLOWABLE)
        if status not in set(FollowUp):
            sentence = say("Choose how far it is done.")
            raise Invalid((Problem(field="status", label="Status", sentence=sentence),))
        told = written(text, "follow_up_text")
        values = {"state": FindingState.FOLLOWED_UP.value, "follow_up": status, "follow_up_text": told}
        acted = {"followed_up_by": actor.person, "followed_up_at": engine.clock.now()}
        save(connection, found, values | acted)
        payload = {"status": status, "text": told}
        record(connection, engine, actor, EventKind.FINDING_FOLLOWED_UP, finding_id, payload)


def _load(connection: Connection, actor: Actor, finding_id: UUID) -> Finding:
    found = findings.load(connection, actor.office, finding_id)
    if (
        found is None
        or found.state is FindingState.DRAFT
        or not actor.may(Permission.ANSWER_AUDIT)
        or actor.person in {found.prepared_by, found.reviewed_by, found.delivered_by}
    ):
        raise NotFound(NO_FINDING)
    return found
