"""Take a completion back, until the next person has opened theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from engine.actions.basis import basis_of
from engine.actions.documents_made import slot_name
from engine.actions.incidents_settled import settle
from engine.actions.loading import load_task, refusals
from engine.core import Engine
from engine.errors import Forbidden, say
from engine.forms.definition import FieldType
from engine.forms.raw import raw_of
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.document import DocumentState
from engine.model.event import EventKind, Scope
from engine.model.instance import InstanceStatus
from engine.model.task import Task, TaskState
from engine.storage import documents, drafts, events, instances, tasks, timers
from engine.storage.events import Line
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection

_TOO_LATE = say("It is too late to take this back: the next person has opened the task, or the case went on.")


def withdraw(engine: Engine, actor: Actor, task_id: UUID) -> UUID:
    """Undo one's own last completion of a case; gives the id of the task that stands in its place.

    The completed task stays completed: a new task with the same element and round is opened, with
    the first one's arrival and due time, so that the record keeps both. What was submitted stands in
    its draft.
    """
    with engine.store.reading() as connection:
        seen = load_task(connection, actor, task_id)
    task = seen.task
    with refusals(engine, actor, task.instance, EventKind.COMPLETION_WITHDRAWN, task):
        if task.state is not TaskState.COMPLETED or task.completed_by != actor.person:
            raise Forbidden(say("Only who completed a task can take it back."))
        if not (actor.holds(task.role) or (task.delegated_by is not None and actor.role_keys)):
            raise Forbidden(say("This task is for another role. You can read it, but not do it."))
        now = engine.clock.now()
        with engine.store.transaction() as connection:
            again = _undo(engine, connection, actor, seen, now)
            _give_back(engine, connection, task, again, now)
    engine.runner.forget(task.instance)
    return again


def _undo(engine: Engine, connection: Connection, actor: Actor, seen: TaskInCase, now: datetime) -> UUID:
    task = seen.task
    guard, status, head = instances.lock(connection, task.instance)
    found = instances.load(connection, task.instance, actor.person)
    undo = instances.undo_of(connection, task.instance)
    if status != InstanceStatus.RUNNING or found is None or found.undo_task != task.id or undo is None:
        raise Forbidden(_TOO_LATE)
    opened = {UUID(hex=one) for one in undo["opened"]}
    for one in tasks.of_instance(connection, task.instance):
        if one.id in opened:
            if one.state is not TaskState.OPEN or one.seen_at is not None or one.claimed_at is not None:
                raise Forbidden(_TOO_LATE)
            tasks.close(connection, one.id, {"state": TaskState.WITHDRAWN})
    again = _reopened(task) | {"process": seen.process}
    tasks.add(connection, [again])
    documents.set_state(connection, task.instance, undo["made"], DocumentState.WITHDRAWN)
    if "decided" in undo:
        no, before = undo["decided"]
        documents.set_state(connection, task.instance, [no], DocumentState(before))
    if "timers" in undo:
        _restore_timers(connection, task, undo["timers"])
    line = Line(
        kind=EventKind.COMPLETION_WITHDRAWN,
        element=task.element,
        round=task.round,
        iteration=task.iteration,
        payload={
            "task": again["id"].hex,
            "withdrawn": sorted(one.hex for one in opened),
            "documents": undo["made"],
            "restored": _restored(undo),
        },
    )
    acting = replace(actor, on_behalf_of=task.on_behalf_of)
    basis = basis_of(engine, engine.versions.get(task.version))
    head = events.extend(connection, Scope.INSTANCE, task.instance, head, acting, now, [line], basis=basis)
    changes = {"guard": guard + 1, "state": undo["state"], "undo_task": None, "undo_state": None}
    instances.save(connection, task.instance, head, changes)
    if found.stopped:
        settle(connection, acting, task.instance, now)
    return UUID(hex=again["id"].hex)


def _restored(undo: Mapping[str, Any]) -> dict[str, Any]:
    """Name for the record what the case goes on from: its state by digest, timers, the decided document."""
    state: str = undo["state"]
    found = {"state": sha256(state.encode()).hexdigest()}
    return found | {name: undo[name] for name in ("timers", "decided") if name in undo}


def _give_back(engine: Engine, connection: Connection, task: Task, again: UUID, now: datetime) -> None:
    """Put what was submitted into the draft of the task that stands in its place."""
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    if task.attempt is None or task.completed_by is None:
        return
    record = events.payload_of(connection, task.instance, EventKind.TASK_COMPLETED, task.attempt) or {}
    values: dict[str, Any] = record.get("data", {})
    files = (
        {field.key: values.get(field.key) or [] for field in form.inputs if field.type is FieldType.FILE}
        if form
        else {}
    )
    chosen = {one for ids in files.values() for one in ids}
    uploaded = documents.blobs_of(
        connection, task.instance, [entry[0] for entry in record.get("documents", ())]
    )
    for index, output in enumerate(step.outputs):
        files[slot_name(index)] = [
            blob.hex for name, blob in uploaded if name == output.name and blob.hex not in chosen
        ]
    drafts.save(
        connection,
        again,
        task.completed_by,
        form_digest=form.digest if form else b"",
        fields=raw_of(form, values) if form else {},
        staged={name: ids for name, ids in files.items() if ids},
        at=now,
    )


def _reopened(task: Task) -> dict[str, Any]:
    row = {name: getattr(task, name) for name in _CARRIED}
    if task.prepared_by == task.assignee:
        row["prepared_by"] = None  # the preparer completed it himself: he holds it now
    return row | {"id": new_id(), "state": TaskState.OPEN, "seen_at": task.seen_at or task.completed_at}


_CARRIED = (
    "office",
    "instance",
    "version",
    "element",
    "round",
    "iteration",
    "name",
    "role",
    "opened_at",
    "due_at",
    "assignee",
    "claimed_at",
    "delegated_by",
    "prepared_by",
    "clock_started_at",
    "paused_at",
    "pause_reason",
    "paused_minutes",
)


def _restore_timers(connection: Connection, task: Task, rows: list[list[Any]]) -> None:
    timers.drop_all(connection, task.instance)
    timers.add(
        connection,
        [
            {
                "id": new_id(),
                "office": task.office,
                "instance": task.instance,
                "element": element,
                "round": round_,
                "iteration": iteration,
                "due_at": datetime.fromisoformat(due_at),
            }
            for element, round_, iteration, due_at in rows
        ],
    )
