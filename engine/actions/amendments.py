"""Correct what a finished step entered, for a reason, while its case runs; the old values are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.actions.advancing import NOT_UNDONE, Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.amendment_work import Amendment, Work, prepare
from engine.actions.basis import basis_of
from engine.actions.completion_saving import Moved
from engine.actions.documents_made import save_documents
from engine.actions.incidents_settled import settle
from engine.actions.loading import load_task, refusals
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.errors import Conflict, say
from engine.model.actor import Actor
from engine.model.amendment import must_amend
from engine.model.definition import ClockStart
from engine.model.event import EventKind, Scope
from engine.model.schedule import clock_start, due
from engine.model.task import TaskState
from engine.storage import events, instances, tasks
from engine.storage.data_stores import StoreChanged
from engine.storage.events import Line
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection

__all__ = ["Amended", "Amendment", "amend"]

# How often a correction starts over when something else of the same case was first.
_TRIES = 8
DEVIATION = "correction"  # how the record classes it


@dataclass(frozen=True, kw_only=True)
class Amended:
    """What came of it."""

    instance: UUID
    documents: tuple[str, ...] = ()  # that have a new version
    again: bool = False  # the same form was sent before; nothing was done this time


def amend(engine: Engine, actor: Actor, task_id: UUID, amendment: Amendment) -> Amended:
    """Correct a completed task through its own form; the same person's same attempt does it once.

    What the process has decided from a value, and what a later step has changed since, is refused by
    field (Invalid); Conflict says why the step as a whole can no longer be corrected.
    """
    for _ in range(_TRIES):
        try:
            return _attempt(engine, actor, task_id, amendment)
        except (Moved, StoreChanged):
            continue
    raise Conflict(say("The case is moving in several places at once. Please try again."))


def _attempt(engine: Engine, actor: Actor, task_id: UUID, amendment: Amendment) -> Amended:
    attempt = amendment.attempt
    with engine.store.reading() as connection:
        seen = load_task(connection, actor, task_id)
        task = seen.task
        if events.payload_of(connection, task.instance, EventKind.TASK_AMENDED, attempt) is not None:
            return Amended(instance=task.instance, again=True)
        with refusals(engine, actor, task.instance, EventKind.TASK_AMENDED, task, attempt=attempt):
            must_amend(task, actor)
            work = prepare(engine, connection, actor, seen, amendment)
    outcome = engine.runner.amend(
        seen.saved, changes={task.element: work.submission.values, **work.shared}, now=work.now
    )
    with engine.store.transaction() as connection:
        _save(engine, connection, actor, seen, work, outcome, attempt)
    engine.runner.keep(task.instance, seen.guard + 1, outcome)
    return Amended(instance=task.instance, documents=tuple(row["name"] for row in work.papers.rows))


def _save(  # noqa: PLR0913, PLR0917 - the parts of one correction
    engine: Engine,
    connection: Connection,
    actor: Actor,
    seen: TaskInCase,
    work: Work,
    outcome: Outcome,
    attempt: UUID,
) -> None:
    """Write everything, if the case is still as it was read; else Moved undoes what was written."""
    task, now = seen.task, work.now
    case = Case(id=task.instance, version=work.version, office_seq=seen.office_seq)
    clocks = _clocks(engine, connection, seen, work, outcome.variables)
    rows = opened_rows(engine, connection, case, outcome, now)
    linked, head = events.link(
        Scope.INSTANCE,
        task.instance,
        seen.head,
        actor,
        now,
        [_line(seen, work, clocks), *lines_of(outcome, rows)],
        attempt=attempt,
        basis=basis_of(engine, work.version, work.form),
    )
    # The state a withdrawal would put back does not know the new values.
    changes = NOT_UNDONE | changes_after(outcome, seen.guard, now)
    if not instances.move(connection, task.instance, seen.guard, seen.head, head, changes):
        raise Moved
    for one, changed in clocks.items():
        if not tasks.change(connection, one, changed):
            raise Moved
    save_documents(connection, task, work.papers)
    save_moved(connection, case, outcome, rows)
    events.add(connection, linked)
    if seen.stopped:
        settle(connection, actor, task.instance, now, ended=outcome.finished)


def _clocks(
    engine: Engine, connection: Connection, seen: TaskInCase, work: Work, variables: Mapping[str, Any]
) -> dict[Any, dict[str, Any]]:
    """Find open tasks whose clock starts on a date that was corrected, and when they are due now."""
    calendar, found = engine.calendar_of(seen.task.office), {}
    for one in tasks.of_instance(connection, seen.task.instance):
        step = work.version.definition.step(one.element)
        element, _, key = (step.clock_field or "").partition(".")
        if one.state is not TaskState.OPEN or step.clock is not ClockStart.DATE:
            continue
        if element != seen.task.element or work.submission.values.get(key) == work.old.get(key):
            continue
        started = clock_start(
            step, opened_at=one.opened_at, claimed_at=None, variables=variables, calendar=calendar
        )
        due_at = due(step, started_at=started, paused_minutes=one.paused_minutes, calendar=calendar)
        found[one] = {"clock_started_at": started, "due_at": None if one.paused_at else due_at}
    return found


def _line(seen: TaskInCase, work: Work, clocks: Mapping[Any, Mapping[str, Any]]) -> Line:
    task = seen.task
    values = work.submission.values
    facts = {
        "deviation": DEVIATION,
        "reason": work.reason,
        "task": task.id.hex,
        "data": values,
        "was": {key: work.old.get(key) for key, value in values.items() if value != work.old.get(key)},
        "documents": work.papers.record,
        "clocks": [
            [one.element, one.round, _text(one.due_at), _text(changed["due_at"])]
            for one, changed in clocks.items()
        ],
    }
    return Line(
        kind=EventKind.TASK_AMENDED,
        element=task.element,
        round=task.round,
        iteration=task.iteration,
        payload={name: value for name, value in facts.items() if value not in (None, {}, [])},
    )


def _text(at: Any) -> str | None:  # noqa: ANN401 - a datetime
    return at.isoformat() if at else None
