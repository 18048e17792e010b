"""Send a case back from an open task to an earlier step that the SOP allows, for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actions.advancing import NOT_UNDONE, Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.actions.completion_saving import Moved, times_of
from engine.actions.incidents_settled import settle
from engine.actions.loading import load_task, must_be_open, refusals
from engine.actions.reasons import must_have_reason
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.task import Task, TaskState, acting_for, must_work
from engine.storage import events, instances, office, tasks
from engine.storage.data_stores import StoreChanged
from engine.storage.events import Line
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection
from engine.storage.versions import Version

# How often a return starts over when something else of the same case was first.
_TRIES = 8
DEVIATION = "return"  # how the record classes it


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What came of it."""

    instance: UUID
    opened: UUID | None  # the task of the earlier step; None where the same return was made before
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class _Return:
    """A return that may be made, and the case as it was read."""

    seen: TaskInCase
    version: Version
    step: str
    reason: str
    attempt: UUID
    now: datetime

    @property
    def task(self) -> Task:
        return self.seen.task


def send_back(engine: Engine, actor: Actor, task_id: UUID, to: str, reason: str, attempt: UUID) -> Returned:
    """Send a case back; the same person's same attempt does it once.

    Whoever may complete the task may. The tokens move as ``engine.bpmn.returning`` says; Conflict names
    why they cannot. What was typed into the task stays as the draft of a closed one does.
    """
    for _ in range(_TRIES):
        try:
            return _attempt(engine, actor, task_id, to, reason, attempt)
        except (Moved, StoreChanged):
            continue
    raise Conflict(say("The case is moving in several places at once. Please try again."))


def _attempt(engine: Engine, actor: Actor, task_id: UUID, to: str, reason: str, attempt: UUID) -> Returned:
    with engine.store.reading() as connection:
        seen = load_task(connection, actor, task_id)
        last = _last_done(connection, seen.task, to)
    task = seen.task
    if task.state is TaskState.RETURNED and (task.assignee, task.attempt) == (actor.person, attempt):
        return Returned(instance=task.instance, opened=None, again=True)
    version = engine.versions.get(task.version)
    with refusals(engine, actor, task.instance, EventKind.TASK_RETURNED, task, attempt=attempt):
        must_be_open(engine, task)
        must_work(task, actor)
        if not to:
            sentence = say("Choose the step to send the case back to.")
            raise Invalid((Problem(field="step", label="step", sentence=sentence),))
        if to not in version.definition.step(task.element).return_to:
            raise Forbidden(say("The SOP does not let a case be sent back there from this step."))
        if last is None:
            name = version.definition.step(to).name
            raise Conflict(say("%(step)s has not been done in this case.", step=name))
        given = must_have_reason(reason)
        now = engine.clock.now()
        outcome = engine.runner.send_back(seen.saved, task.key, to=to, now=now)
    back = _Return(seen=seen, version=version, step=to, reason=given, attempt=attempt, now=now)
    with engine.store.transaction() as connection:
        opened = _save(engine, connection, actor, back, outcome, last)
    engine.runner.keep(task.instance, seen.guard + 1, outcome)
    return Returned(instance=task.instance, opened=opened)


def _last_done(connection: Connection, task: Task, element: str) -> Task | None:
    done = [one for one in tasks.of_instance(connection, task.instance) if one.element == element]
    return next((one for one in reversed(done) if one.state is TaskState.COMPLETED), None)


def _save(
    engine: Engine, connection: Connection, actor: Actor, back: _Return, outcome: Outcome, last: Task
) -> UUID:
    """Write everything, if the case is still as it was read; else Moved undoes what was written."""
    task, seen, now = back.task, back.seen, back.now
    case = Case(id=task.instance, version=back.version, office_seq=seen.office_seq)
    rows = opened_rows(engine, connection, case, outcome, now)
    row = next(row for row in rows.values() if row["element"] == back.step)
    row["assignee"] = _again(engine, connection, last, now) or row["assignee"]
    worked, waited = times_of(engine, task, now)
    line = _line(back, row, {"worked": worked, "waited": waited})
    linked, head = events.link(
        Scope.INSTANCE,
        task.instance,
        seen.head,
        acting_for(actor, task),
        now,
        [line, *lines_of(outcome, rows)],
        attempt=back.attempt,
        basis=basis_of(engine, back.version),
    )
    # Nothing before it can be taken back any more: the case has gone on from there.
    changes = NOT_UNDONE | changes_after(outcome, seen.guard, now)
    if not instances.move(connection, task.instance, seen.guard, seen.head, head, changes):
        raise Moved
    closing = {
        "state": TaskState.RETURNED,
        "assignee": actor.person,
        "attempt": back.attempt,
        "worked_minutes": worked,
        "waited_minutes": waited,
    }
    if not tasks.close(connection, task.id, closing):
        raise Moved
    save_moved(connection, case, outcome, rows)
    events.add(connection, linked)
    if not seen.takes_part and actor.person is not None:
        instances.join_in(connection, task.instance, actor.person)
    if seen.stopped:
        settle(connection, actor, task.instance, now)
    return UUID(hex=row["id"].hex)


def _line(back: _Return, row: dict[str, Any], times: dict[str, int]) -> Line:
    task = back.task
    facts = {
        "deviation": DEVIATION,
        "reason": back.reason,
        "back_to": [row["element"], row["round"]],
        "task": row["id"].hex,
    }
    return Line(
        kind=EventKind.TASK_RETURNED,
        element=task.element,
        round=task.round,
        iteration=task.iteration,
        payload=facts | times,
    )


def _again(engine: Engine, connection: Connection, last: Task, now: datetime) -> UUID | None:
    """Give who did the step the last time, where that person still holds its role; else the pool has it."""
    day = engine.calendar_of(last.office).local(now).date()
    for one in office.colleagues(connection, last.office, day):
        if one.id == last.completed_by and last.role in one.roles:
            return one.id
    return None
