"""The one short transaction of a completion: every row it changes, and its events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actions.advancing import Case, Rows, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.actions.completion_work import Work
from engine.actions.documents_made import save_documents
from engine.actions.incidents_noted import tried_by
from engine.actions.incidents_settled import settle
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.model.actor import Actor
from engine.model.changes import replaced
from engine.model.event import EventKind, Scope
from engine.model.schedule import times_spent
from engine.model.task import Task, acting_for
from engine.storage import drafts, events, instances, tasks, timers
from engine.storage.events import Line
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection


class Moved(Exception):
    """Something else of the case was first; undo this and start over."""


def save(
    engine: Engine, connection: Connection, actor: Actor, seen: TaskInCase, work: Work, outcome: Outcome
) -> None:
    """Write everything, if the case is still as it was read; else Moved undoes what was written."""
    task, now = seen.task, work.now
    worked, waited = times_of(engine, task, now)
    case = Case(id=task.instance, version=work.version, office_seq=seen.office_seq)
    rows = opened_rows(engine, connection, case, outcome, now)
    done = Line(
        kind=EventKind.TASK_COMPLETED,
        element=task.element,
        round=task.round,
        iteration=task.iteration,
        payload=_payload(work, task) | {"worked": worked, "waited": waited},
    )
    linked, head = events.link(
        Scope.INSTANCE,
        task.instance,
        seen.head,
        acting_for(actor, task),
        now,
        [done, *lines_of(outcome, rows)],
        attempt=work.completion.attempt,
        basis=basis_of(engine, work.version, work.form),
    )
    # Compared and taken before anything else is written: who wrote an event or moved the case since it
    # was read makes this start over, and the rows of two completions never meet.
    changes = changes_after(outcome, seen.guard, now) | _undoing(connection, seen, work, outcome, rows)
    if not instances.move(connection, task.instance, seen.guard, seen.head, head, changes):
        raise Moved
    completed = tasks.complete(
        connection,
        task.id,
        person=actor.person,
        lender=task.delegated_by,
        now=now,
        done_on=work.done_on if work.done_on != now else None,
        worked=worked,
        waited=waited,
        attempt=work.completion.attempt,
    )
    if not completed:
        raise Moved
    save_documents(connection, task, work.papers)
    save_moved(connection, case, outcome, rows)
    events.add(connection, linked)
    drafts.drop_sent(connection, task.id, actor.person, work.completion.attempt, work.drafts)
    if not seen.takes_part and actor.person is not None:
        instances.join_in(connection, task.instance, actor.person)
    if seen.stopped:
        settle(connection, actor, task.instance, now, done=tried_by(task), ended=outcome.finished)


def _undoing(
    connection: Connection, seen: TaskInCase, work: Work, outcome: Outcome, rows: Rows
) -> dict[str, Any]:
    """Keep what a withdrawal needs: the state before, the documents made, timers where they changed.

    What was asked of a connector or said to others is on its way, and what was left in a data store may
    have been read: that cannot be taken back.
    """
    if outcome.finished:
        return {}
    asked = outcome.jobs_set or outcome.jobs_cleared
    said = outcome.thrown or outcome.waits_set or outcome.waits_cleared
    if outcome.closed or asked or said or outcome.stored:
        return {"undo_task": seen.task.id, "undo_state": None}
    undo: dict[str, Any] = {"made": [entry[0] for entry in work.papers.record]}
    if work.papers.decided:
        undo["decided"] = [work.papers.decided.no, work.papers.decided.old.value]
    if outcome.timers_set or outcome.timers_cleared:
        before = timers.of_instance(connection, seen.task.instance)
        undo["timers"] = [[t.element, t.round, t.iteration, t.due_at.isoformat()] for t in before]
    undo["opened"] = [row["id"].hex for row in rows.values()]
    return {"undo_task": seen.task.id, "undo_state": instances.undo_text(undo, seen.state or "")}


def _payload(work: Work, task: Task) -> dict[str, Any]:
    """Everything the record needs to replay this act, shortest form."""
    was = replaced(work.variables.get(task.element), work.submission.values)
    for name, value in work.submission.shared.items():
        was |= replaced(work.variables.get(name), value, f"={name}")
    decided = work.papers.decided
    facts: Mapping[str, Any] = {
        "data": work.submission.values,
        "was": was,
        "assigned": dict(work.submission.assigned),
        "draft": work.draft_revision,
        "documents": work.papers.record,
        "decided": [decided.no, decided.old.value, decided.new.value] if decided else None,
        "done_on": work.done_on.isoformat() if work.done_on != work.now else None,
    }
    return {name: value for name, value in facts.items() if value not in (None, {}, [], ())}


def times_of(engine: Engine, task: Task, now: datetime) -> tuple[int, int]:
    """Split the life of a task that ends now into working and waiting minutes."""
    return times_spent(
        opened_at=task.opened_at,
        # A clock that waited for somebody to begin, and was never started, began when the task was opened.
        started_at=task.clock_started_at or task.seen_at or now,
        paused_minutes=task.paused_minutes,
        paused_at=task.paused_at,
        ended_at=now,
        calendar=engine.calendar_of(task.office),
    )
