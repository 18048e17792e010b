"""Save what somebody did with a task: its changed columns and the event, if it is still as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actions.basis import basis_of
from engine.actions.loading import load_task
from engine.core import Engine
from engine.errors import Conflict, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.naming import post_and_name
from engine.model.task import Task, acting_for, can_work, has_part
from engine.storage import events, instances, office, tasks
from engine.storage.events import Line
from engine.storage.transaction import Connection


def save(  # noqa: PLR0913 - the parts of one event
    engine: Engine,
    actor: Actor,
    task: Task,
    changes: Mapping[str, Any],
    kind: EventKind,
    payload: Mapping[str, Any],
    *,
    joining: UUID | None = None,
) -> None:
    """Change a task that is still as it was seen, with its event; else tell who was first."""
    changes = _settled(engine, actor, task, changes)
    with engine.store.transaction() as connection:
        instances.hold(connection, task.instance)
        if not tasks.change(connection, task, changes):
            _lost(connection, actor, task.id)
        was, now = _shown(task, changes)
        if was or "was" in payload:
            payload = {**payload, "was": was | dict(payload.get("was", {}))}
        line = _line(task, kind, {"now": now, **payload})
        acting, at = acting_for(actor, task), engine.clock.now()
        basis = basis_of(engine, engine.versions.get(task.version))
        events.append(connection, Scope.INSTANCE, task.instance, acting, at, [line], basis=basis)
        for person in {actor.person if has_part(task, actor) else None, joining} - {None}:
            if person is not None:
                instances.join_in(connection, task.instance, person)


def _settled(engine: Engine, actor: Actor, task: Task, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Add what follows from a change, whichever it is."""
    whole = dict(changes)
    holder = changes.get("assignee")
    if holder is not None and holder == changes.get("prepared_by", task.prepared_by):
        whole["prepared_by"] = None  # who has it does not prepare it for himself
    if task.seen_at is None and can_work(task, actor):
        whole.setdefault("seen_at", engine.clock.now())  # who acts on it has opened it: too late to withdraw
    return whole


def _lost(connection: Connection, actor: Actor, task_id: UUID) -> None:
    """Tell the loser of a race how the task stands now."""
    now = load_task(connection, actor, task_id).task
    if now.assignee is not None and now.assignee != actor.person:
        name, post = office.names_of(connection, {now.assignee})[now.assignee]
        raise Conflict(say("%(who)s is working on this task already.", who=post_and_name(name, post)))
    raise Conflict(say("This task has changed in the meantime. Look at it again, then decide."))


def _line(task: Task, kind: EventKind, payload: Mapping[str, Any]) -> Line:
    return Line(kind=kind, element=task.element, round=task.round, iteration=task.iteration, payload=payload)


def _shown(task: Task, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the changed columns for the record: those that held something before, and all as they are now."""
    was = {name: _text(getattr(task, name)) for name in changes if getattr(task, name) not in (None, 0)}
    return was, {name: _text(value) for name, value in changes.items()}


def _text(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, datetime) else value
