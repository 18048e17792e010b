"""End a case for a reason; it cannot go on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine.actions.incidents_settled import settle
from engine.actions.loading import load_case, refusals
from engine.actions.reasons import must_have_reason
from engine.core import Engine
from engine.errors import Conflict, Forbidden, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import InstanceStatus
from engine.model.permission import Permission
from engine.model.task import TaskState
from engine.storage import events, instances, jobs, tasks, timers, waits
from engine.storage.events import Head, Line
from engine.storage.transaction import Connection


def cancel(engine: Engine, actor: Actor, instance_id: UUID, reason: str) -> None:
    """End a case for a reason; it cannot go on. Cancelling twice changes nothing."""
    with engine.store.reading() as connection:
        case = load_case(connection, actor, instance_id)
    with refusals(engine, actor, instance_id, EventKind.CASE_CANCELLED):
        if not actor.may(Permission.CANCEL_CASE):
            raise Forbidden(say("Only a process owner or an administrator can cancel a case."))
        if case.status is InstanceStatus.CANCELLED:
            return
        if case.status is InstanceStatus.FINISHED:
            raise Conflict(say("This case is finished; it can no longer be cancelled."))
    text = must_have_reason(reason)
    with (
        refusals(engine, actor, instance_id, EventKind.CASE_CANCELLED),
        engine.store.transaction() as connection,
    ):
        if not end_case(connection, actor, instance_id, text, engine.clock.now()):
            raise Conflict(say("This case has ended in the meantime."))
    engine.runner.forget(instance_id)


def end_case(connection: Connection, actor: Actor, instance_id: UUID, reason: str, now: datetime) -> bool:
    """End a case in the caller's transaction, which takes nothing before it; False where it has ended.

    The caller lets ``engine.runner`` forget it afterwards.
    """
    guard, status, head = instances.lock(connection, instance_id)
    if status != InstanceStatus.RUNNING:
        return False
    open_now = [one for one in tasks.of_instance(connection, instance_id) if one.state is TaskState.OPEN]
    tasks.close_all(connection, instance_id, TaskState.CANCELLED)
    timers.drop_all(connection, instance_id)
    jobs.drop_all(connection, instance_id)
    waits.drop_all(connection, instance_id)
    lines = [Line(kind=EventKind.CASE_CANCELLED, payload={"reason": reason})]
    lines += [
        Line(
            kind=EventKind.TASK_CANCELLED,
            element=one.element,
            round=one.round,
            iteration=one.iteration,
            payload={},
        )
        for one in open_now
    ]
    head = events.extend(connection, Scope.INSTANCE, instance_id, head, actor, now, lines)
    _cancelled(connection, instance_id, head, guard, reason, now)
    settle(connection, actor, instance_id, now, ended=True)
    return True


def _cancelled(
    connection: Connection, instance_id: UUID, head: Head, guard: int, reason: str, now: object
) -> None:
    instances.save(
        connection,
        instance_id,
        head,
        {
            "guard": guard + 1,
            "status": InstanceStatus.CANCELLED,
            "ended_at": now,
            "cancel_reason": reason,
            "state": None,
            "undo_task": None,
            "undo_state": None,
        },
    )
