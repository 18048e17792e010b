"""Complete a task, and take a completion back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.actions.advancing import (
    ASSIGNED,
    Case,
    changes_after,
    close_cancelled,
    lines_of,
    open_tasks,
    set_timers,
)
from engine.actions.documents_made import Made, documents_made, missing_documents, save_documents
from engine.actions.drafts import best_draft, form_digest
from engine.actions.loading import load_task, must_be_open, refusals
from engine.bpmn.workflow import Outcome, variables_of
from engine.core import Engine
from engine.errors import AlurError, Conflict, Forbidden, Invalid, Problem, say
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition
from engine.forms.submission import Submission, clean
from engine.model.actor import Actor
from engine.model.changes import replaced
from engine.model.definition import Step
from engine.model.event import EventKind, Scope
from engine.model.schedule import times_spent
from engine.model.task import Task, TaskState, can_draft, must_work
from engine.software import SOFTWARE
from engine.storage import documents, drafts, events, instances, tasks
from engine.storage.events import Line, to_json
from engine.storage.form_context import form_context
from engine.storage.tasks import TaskInCase
from engine.storage.versions import Version

# How often a completion starts over when another branch of the same case moved first.
_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What somebody sends in: fields as typed, and when the work was really done."""

    fields: Mapping[str, Sequence[str]]
    attempt: UUID
    done_on: date | None = None  # dilaksanakan pada; None is now


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What came of it."""

    instance: UUID
    opened: tuple[str, ...]  # elements opened by it
    finished: bool


def complete(engine: Engine, actor: Actor, task_id: UUID, completion: Completion) -> Completed:
    """Complete a task exactly once; the same person's same attempt gets the first answer again.

    Raises Invalid with every field's problem, Conflict naming who was first, ProcessFailed naming
    the element whose condition failed; what was typed is kept as a draft each time.
    """
    for _ in range(_TRIES):
        with engine.store.reading() as connection:
            seen = load_task(connection, actor, task_id)
        if _is_repeated(seen.task, actor, completion):
            return Completed(instance=seen.task.instance, opened=(), finished=False)
        done = _attempt(engine, actor, seen, completion)
        if done is not None:
            return done
    raise Conflict(say("The case is moving in several places at once. Please try again."))


def _is_repeated(task: Task, actor: Actor, completion: Completion) -> bool:
    """Tell a second click or a retried request of the same form from a new wish."""
    return (
        task.state is TaskState.COMPLETED
        and task.completed_by == actor.person
        and task.attempt == completion.attempt
    )


def _attempt(engine: Engine, actor: Actor, seen: TaskInCase, completion: Completion) -> Completed | None:
    """Try once; None when the case moved between reading and writing."""
    task = seen.task
    try:
        with refusals(engine, actor, task.instance, EventKind.TASK_COMPLETED, task):
            must_be_open(engine, task)
            must_work(task, actor)
        work = _prepare(engine, actor, seen, completion)
        outcome = engine.runner.complete(
            version=task.version,
            instance=task.instance,
            guard=seen.guard,
            state=seen.state or "",
            key=task.key,
            submitted=work.submission.values,
            shared=work.shared,
            now=work.now,
        )
        with engine.store.transaction() as connection:
            saved = _save(engine, connection, actor, seen, work, outcome, completion)
    except AlurError:
        _keep_typed(engine, actor, task, completion)
        raise
    if saved:
        if not outcome.finished:
            engine.runner.keep(task.instance, seen.guard + 1, outcome)
        return Completed(
            instance=task.instance,
            opened=tuple(key.element for key in outcome.opened),
            finished=outcome.finished,
        )
    return None


@dataclass(frozen=True, kw_only=True)
class _Work:
    """Everything that was worked out before the write lock."""

    version: Version
    step: Step
    form: FormDefinition | None
    submission: Submission
    shared: Mapping[str, Any]
    variables: Mapping[str, Any]  # before the completion
    made: tuple[Made, ...]
    draft_revision: int | None
    done_on: datetime
    now: datetime


def _prepare(engine: Engine, actor: Actor, seen: TaskInCase, completion: Completion) -> _Work:
    """Read and check everything that completing needs; nothing is locked."""
    task = seen.task
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    now = engine.clock.now()
    with engine.store.reading() as connection:
        draft = best_draft(drafts.of_task(connection, task.id), actor.person, task.prepared_by)
        staged = draft.staged if draft else {}
        rows = documents.blobs(connection, {UUID(hex=i) for ids in staged.values() for i in ids})
        variables = variables_of(seen.state) if seen.state else {}
        context = form_context(
            connection,
            form,
            office_id=task.office,
            person=actor.person,
            calendar=engine.calendar_of(task.office),
            now=now,
            round_=task.round,
            variables=variables,
            staged=staged,
        )
    submission = _clean(step, form, completion, context)
    made = documents_made(step, form, submission, staged, rows)
    shared = dict(submission.shared)
    if submission.assigned:
        named = dict(submission.assigned)
        shared[ASSIGNED] = (variables.get(ASSIGNED) or {}) | named
    return _Work(
        version=version,
        step=step,
        form=form,
        submission=submission,
        shared=shared,
        variables=variables,
        made=made,
        draft_revision=draft.revision if draft else None,
        done_on=_done_on(engine, task, completion.done_on, now),
        now=now,
    )


def _clean(
    step: Step, form: FormDefinition | None, completion: Completion, context: FormContext
) -> Submission:
    """Read the fields; missing documents are told together with the fields' problems."""
    missing = missing_documents(step, form, context.staged)
    if form is None:
        submission = Submission(values={}, shared={}, assigned={})
    else:
        try:
            submission = clean(form, completion.fields, context)
        except Invalid as invalid:
            raise Invalid(invalid.problems + missing) from None
    if missing:
        raise Invalid(missing)
    return submission


def _save(  # noqa: PLR0913 - the parts of one transaction
    engine: Engine,
    connection: Connection,
    actor: Actor,
    seen: TaskInCase,
    work: _Work,
    outcome: Outcome,
    completion: Completion,
) -> bool:
    """Write everything, if the case is still as it was read; False lets the caller start over."""
    task, now = seen.task, work.now
    guard, _status, head = instances.lock(connection, task.instance)
    if guard != seen.guard:
        return False
    worked, waited = _times(engine, task, now)
    closed = {
        "state": TaskState.COMPLETED,
        "completed_at": now,
        "completed_by": actor.person,
        "assignee": actor.person,
        "on_behalf_of": task.delegated_by,
        "done_on": work.done_on,
        "worked_minutes": worked,
        "waited_minutes": waited,
        "attempt": completion.attempt,
    }
    if not tasks.close(connection, task.id, closed):
        return False
    case = Case(id=task.instance, version=work.version)
    made = save_documents(connection, task, actor, work.made, work.form, work.submission, now)
    before = instances.timers_of(connection, task.instance)
    rows = open_tasks(engine, connection, case, outcome, now)
    set_timers(connection, case, outcome)
    close_cancelled(connection, case, outcome)
    line = Line(
        kind=EventKind.TASK_COMPLETED,
        element=task.element,
        round=task.round,
        iteration=task.iteration,
        payload=_payload(engine, actor, task, work, made) | {"worked": worked, "waited": waited},
    )
    lines = [line, *lines_of(outcome, rows)]
    head = events.extend(
        connection,
        Scope.INSTANCE,
        task.instance,
        head,
        _acting(actor, task),
        now,
        lines,
        attempt=completion.attempt,
    )
    changes = changes_after(outcome, guard, now)
    if not outcome.finished:
        undo = {"state": seen.state, "opened": [row["id"].hex for row in rows.values()], "made": made}
        undo["timers"] = [[t.element, t.round, t.iteration, t.due_at.isoformat()] for t in before]
        changes |= {"undo_task": task.id, "undo_state": to_json(undo) if not outcome.closed else None}
    instances.save(connection, task.instance, head, changes)
    drafts.drop(connection, task.id)
    if not seen.takes_part and actor.person is not None:
        instances.join_in(connection, task.instance, actor.person)
    return True


def _payload(
    engine: Engine, actor: Actor, task: Task, work: _Work, made: Sequence[Sequence[Any]]
) -> dict[str, Any]:
    """Everything the record needs to replay this act, shortest form."""
    was = replaced(work.variables.get(task.element), work.submission.values)
    for name, value in work.submission.shared.items():
        was |= replaced(work.variables.get(name), value, f"={name}")
    facts = {
        "roles": [role.key for role in actor.roles],
        "data": work.submission.values,
        "was": was,
        "assigned": dict(work.submission.assigned),
        "draft": work.draft_revision,
        "documents": made,
        "done_on": work.done_on.isoformat() if work.done_on != work.now else None,
        "version": work.version.number,
        "form": work.form.digest.hex()[:32] if work.form else None,
        "calendar": engine.calendar_of(task.office).digest.hex()[:32],
        "software": SOFTWARE,
    }
    return {name: value for name, value in facts.items() if value not in (None, {}, [], ())}


def _acting(actor: Actor, task: Task) -> Actor:
    """Name for whom a delegate acts."""
    return replace(actor, on_behalf_of=task.delegated_by) if task.delegated_by else actor


def _times(engine: Engine, task: Task, now: datetime) -> tuple[int, int]:
    return times_spent(
        opened_at=task.opened_at,
        started_at=task.clock_started_at,
        paused_minutes=task.paused_minutes,
        paused_at=task.paused_at,
        ended_at=now,
        calendar=engine.calendar_of(task.office),
    )


def _done_on(engine: Engine, task: Task, day: date | None, now: datetime) -> datetime:
    """Give the end of the day it was really done; today (and no day) is the present instant."""
    calendar = engine.calendar_of(task.office)
    today = calendar.local(now).date()
    if day is None or day == today:
        return now
    arrived = calendar.local(task.opened_at).date()
    if arrived <= day < today:
        return calendar.local(now).replace(year=day.year, month=day.month, day=day.day)
    sentence = say(
        "Choose a day from %(first)s to %(last)s: the task arrived on the first and today is the last.",
        first=arrived,
        last=today,
    )
    raise Invalid((Problem(field="done_on", label="done_on", sentence=sentence),))


def _keep_typed(engine: Engine, actor: Actor, task: Task, completion: Completion) -> None:
    """Keep what was typed as the person's draft, whatever stood in the way."""
    if actor.person is None or not (can_draft(task, actor) or actor.holds(task.role)):
        return
    with engine.store.transaction() as connection:
        mine = drafts.of_person(connection, task.id, actor.person)
        drafts.save(
            connection,
            task.id,
            actor.person,
            form_digest=form_digest(engine, task),
            fields=completion.fields,
            staged=mine.staged if mine else {},
            at=engine.clock.now(),
        )
