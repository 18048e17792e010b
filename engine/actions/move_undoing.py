"""Take the last move of a case back: exactly, and only while nobody has worked on it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from operator import itemgetter
from typing import Any
from uuid import UUID

from engine.actions.basis import basis_of
from engine.actions.incidents_settled import line_of
from engine.actions.loading import refusals
from engine.actions.move_rows import put_back
from engine.actions.moves import must_move, open_case
from engine.core import Engine
from engine.errors import Forbidden, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import sentence_json
from engine.model.naming import post_and_name
from engine.storage import drafts, events, incidents, instances, moved, office
from engine.storage.events import Line
from engine.storage.moved import MovedRow
from engine.storage.transaction import Connection

# What failed and was left behind by the move is solved by it, and that something failed once more changes
# nothing; whatever brings a case on is seen by its guard.
_NO_ACTS = (
    EventKind.ATTEMPT_REFUSED,
    EventKind.CASE_MOVED,
    EventKind.MOVE_UNDONE,
    EventKind.INCIDENT_SOLVED,
)


def undo(engine: Engine, actor: Actor, instance_id: UUID, batch: UUID | None = None) -> None:
    """Take the last move of a case back, if that is of ``batch``: it stands again exactly as it stood.

    Until somebody acts in the case, or its process goes on by itself. Forbidden names what was first.
    """
    must_move(actor)
    with refusals(engine, actor, instance_id, EventKind.MOVE_UNDONE):
        with engine.store.transaction() as connection:
            case = open_case(connection, actor, instance_id)
            guard, _, head = instances.lock(connection, instance_id)
            row = moved.last_of(connection, instance_id)
            if row is None or row.to_version != case.version:
                raise Forbidden(say("This case was not moved, or its move was taken back already."))
            if batch is not None and row.batch != batch:
                number = engine.versions.get(row.to_version).number
                raise Forbidden(
                    say(
                        "The move cannot be taken back: the case was moved on to revision %(number)s since.",
                        number=number,
                    )
                )
            _must_be_first(connection, row, guard)
            _put_back(engine, connection, actor, row, head)
        engine.runner.forget(instance_id)


def _must_be_first(connection: Connection, row: MovedRow, guard: int) -> None:
    acts = events.acts_since(connection, row.instance, row.seq or 0, _NO_ACTS)
    worked = [(one.actor, one.at) for one in acts if one.actor is not None]
    # What is typed is saved by itself, without an event.
    worked += drafts.typed_since(connection, row.instance, row.at)
    if worked:
        who, when = min(worked, key=itemgetter(1))
        name, post = office.names_of(connection, {who})[who]
        raise Forbidden(
            say(
                "The move cannot be taken back: %(who)s has worked on the case since, on %(when)s.",
                who=post_and_name(name, post),
                when=when,
            )
        )
    if guard != row.guard:
        raise Forbidden(say("The move cannot be taken back: the case has gone on by itself since."))


def _put_back(engine: Engine, connection: Connection, actor: Actor, row: MovedRow, head: events.Head) -> None:
    now = engine.clock.now()
    before = moved.before(connection, row)
    changes = put_back(connection, row.instance, before)
    moved.take_over_incidents(connection, row.instance, row.from_version)
    old, new = engine.versions.get(row.from_version), engine.versions.get(row.to_version)
    payload = {
        "revisions": [new.number, old.number],
        "versions": [new.id.hex, old.id.hex],
        "batch": row.batch.hex,
        "state": sha256((before["state"] or "").encode()).hexdigest(),
    }
    lines = [Line(kind=EventKind.MOVE_UNDONE, payload=payload), *_stopped_again(connection, row, before)]
    ends = events.extend(
        connection, Scope.INSTANCE, row.instance, head, actor, now, lines, basis=basis_of(engine, old)
    )
    guard = (row.guard or 0) + 1
    instances.save(connection, row.instance, ends, {**changes, "version": old.id, "guard": guard})
    moved.undo(connection, row, now)


def _stopped_again(connection: Connection, row: MovedRow, before: Mapping[str, Any]) -> list[Line]:
    """Open the incidents again that the move settled, where what failed is waited for again."""
    lines = []
    for one in incidents.solved_of(connection, [UUID(hex=id_) for id_ in before.get("incidents", ())]):
        if incidents.waits(connection, row.instance, one.tried) and incidents.reopen(connection, one):
            payload = {"incident": one.id.hex, "kind": one.kind, "cause": one.tried.cause}
            lines.append(line_of(EventKind.INCIDENT_OPENED, one, payload | sentence_json(one.sentence)))
    return lines
