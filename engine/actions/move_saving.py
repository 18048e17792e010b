"""Write the move of a case: its rows, what is tried again, the record, and what taking it back needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from engine.actions.advancing import NOT_UNDONE, Case, save_moved
from engine.actions.basis import basis_of
from engine.actions.completion_saving import Moved
from engine.actions.incidents_settled import settle
from engine.actions.jobs import tried_job
from engine.actions.move_rows import kept_before, key_of, task_changes
from engine.bpmn.move import NONE
from engine.bpmn.moving import MovedState
from engine.bpmn.outcome import Outcome
from engine.core import Engine
from engine.errors import Sentence
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import sentence_json
from engine.model.task import Task, TaskState
from engine.model.verdict import Verdict
from engine.storage import events, instances, jobs, moved, tasks
from engine.storage.events import Head, Line, to_json
from engine.storage.instances import InstanceRow
from engine.storage.transaction import Connection
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What is wanted: to which version, why, by which batch, and which open step becomes which."""

    to: UUID
    reason: str
    batch: UUID
    mapping: Mapping[str, str] = field(default_factory=lambda: NONE)
    chosen: frozenset[str] | None = None  # groups of cases (``bpmn.groups``); None: whichever it is in


@dataclass(frozen=True, kw_only=True)
class Move:
    """A case that is moved: where it stood, what is wanted, and where it stands then."""

    case: InstanceRow
    wanted: Moving
    state: MovedState
    reason: Sentence  # of the verdict
    dead: list[dict[str, Any]]  # its jobs that were given up, as rows
    at: datetime


def save_move(engine: Engine, connection: Connection, actor: Actor, move: Move, head: Head) -> None:
    """Write everything of a case that is held; ``head`` is where its record ends."""
    case, outcome, now = move.case, move.state.outcome, move.at
    old, new = engine.versions.get(case.version), engine.versions.get(move.wanted.to)
    before = kept_before(connection, case, move.dead)
    changed = _move_tasks(engine, connection, move, old, new)
    moved.take_over_tasks(connection, case.id, new.id, [step.element for step in new.definition.steps])
    moved.take_over_incidents(connection, case.id, new.id)
    save_moved(connection, Case(id=case.id, version=new), _tried_again(connection, move), {})
    line = Line(kind=EventKind.CASE_MOVED, payload=_told(move, old, new, changed))
    ends = events.extend(
        connection, Scope.INSTANCE, case.id, head, actor, now, [line], basis=basis_of(engine, new)
    )
    changes = {"version": new.id, "guard": case.guard + 1, "state": outcome.state, **NOT_UNDONE}
    instances.save(connection, case.id, ends, changes)
    moved.add(
        connection,
        batch=move.wanted.batch,
        instance=case.id,
        from_version=old.id,
        to_version=new.id,
        verdict=Verdict.MOVE.value,
        reason=to_json(sentence_json(move.reason)),
        before=before,
        seq=ends.seq,
        guard=case.guard + 1,
        at=now,
    )
    settle(connection, actor, case.id, now, left=[tried_job(one.key) for one in outcome.jobs_set])


def _told(move: Move, old: Version, new: Version, changed: list[dict[str, Any]]) -> dict[str, Any]:
    """Say in the record what was moved how."""
    outcome = move.state.outcome
    payload = {
        "revisions": [old.number, new.number],
        "versions": [old.id.hex, new.id.hex],
        "reason": move.wanted.reason,
        "mapping": dict(move.wanted.mapping),
        "batch": move.wanted.batch.hex,
        "tasks": changed,
        "timers": [
            [key.element, key.round, key.iteration, due.isoformat()] for key, due in outcome.timers_set
        ],
        "jobs": [[one.key.element, one.key.round, one.key.iteration] for one in outcome.jobs_set],
        "state": sha256(outcome.state.encode()).hexdigest(),
    }
    return {name: value for name, value in payload.items() if value not in ({}, [])}


def _tried_again(connection: Connection, move: Move) -> Outcome:
    """Have what was given up tried again; gives the outcome without it, with what is asked otherwise now.

    What was answered is gone on with: what failed behind it may be another. What asks the same is the same
    request, under the same key.
    """
    outcome = move.state.outcome
    asked = {one.key: (one.connector, one.inputs) for one in outcome.jobs_set}
    again = set()
    for one in move.dead:
        same = asked.get(key_of(one)) == (one["connector"], json.loads(one["inputs"]))
        if same:
            again.add(key_of(one))
        if same or one["result"] is not None:
            jobs.revive(connection, one["id"], move.at)
    return replace(
        outcome,
        jobs_set=tuple(one for one in outcome.jobs_set if one.key not in again),
        jobs_cleared=tuple(one for one in outcome.jobs_cleared if one not in again),
    )


def _move_tasks(
    engine: Engine, connection: Connection, move: Move, old: Version, new: Version
) -> list[dict[str, Any]]:
    """Write what each open task is in the new version; gives old and new values for the record."""
    changed = []
    for task in tasks.of_instance(connection, move.case.id):
        if task.state is not TaskState.OPEN:
            continue
        key = move.state.keys.get(task.key)
        if key is None:  # it was opened since
            raise Moved
        variables = move.state.outcome.variables
        changes = task_changes(engine, connection, task, key, old, new, variables, move.at)
        moved.change_task(connection, task.id, changes)
        told = {name: value for name, value in changes.items() if name != "version"}
        if told:
            changed.append({"task": task.id.hex, "was": _values(task, told), "now": _plain(told)})
    return changed


def _values(task: Task, changed: Mapping[str, Any]) -> dict[str, Any]:
    return _plain({name: getattr(task, name) for name in changed})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.hex
        if isinstance(value, UUID)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in values.items()
    }
