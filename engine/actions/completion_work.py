"""Everything a completion reads and checks before the write lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from engine.actions.advancing import ASSIGNED
from engine.actions.documents_made import Papers, documents_made, missing_documents, number_documents
from engine.actions.drafts import Opened, changed_elsewhere
from engine.core import Engine
from engine.errors import ChangedElsewhere, Invalid, Problem, say
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition
from engine.forms.submission import Submission, clean
from engine.model.actor import Actor
from engine.model.definition import Step
from engine.model.task import Task
from engine.storage import documents, drafts
from engine.storage.drafts import Draft, best_draft, staged_files
from engine.storage.form_context import form_context
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What somebody sends in: fields as typed, and when the work was really done."""

    fields: Mapping[str, Sequence[str]]
    attempt: UUID
    done_on: date | None = None  # dilaksanakan pada; None is now
    opened: Opened | None = None  # how the draft stood when the form was opened
    refused: Sequence[Problem] = ()  # what could not be read or kept of it, to be told with the rest


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the completion amounts to."""

    completion: Completion
    version: Version
    step: Step
    form: FormDefinition | None
    submission: Submission
    shared: Mapping[str, Any]
    variables: Mapping[str, Any]  # before the completion
    papers: Papers
    draft_revision: int | None
    drafts: Sequence[Draft]  # what it was made of
    done_on: datetime
    now: datetime


def prepare(
    engine: Engine, connection: Connection, actor: Actor, seen: TaskInCase, completion: Completion
) -> Work:
    """Read and check everything; Invalid lists every problem of the fields, documents and date."""
    task = seen.task
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    now = engine.clock.now()
    found = drafts.of_task(connection, task.id) if seen.drafted else []
    _must_know_the_draft(found, actor, completion)
    mine = drafts.seen_by(found, task, actor.person)
    draft, staged = best_draft(mine), staged_files(mine)
    rows = documents.blobs(connection, {UUID(hex=one) for ids in staged.values() for one in ids})
    variables = engine.runner.variables_at(seen.saved, task.key)
    context = form_context(
        connection,
        form,
        office_id=task.office,
        person=actor.person,
        calendar=engine.calendar_of(task.office),
        now=now,
        round_=task.round,
        office_seq=seen.office_seq,
        arrived=task.opened_at,
        case_year=(variables.get("case") or {}).get("year"),
        variables=variables,
        staged=staged,
    )
    submission = _checked(engine, task, step, form, completion, context, now)
    made = documents_made(step, form, submission, staged, rows)
    return Work(
        completion=completion,
        version=version,
        step=step,
        form=form,
        submission=submission,
        shared=shared_of(submission, variables),
        variables=variables,
        papers=number_documents(connection, task, actor, made, form, submission, now),
        draft_revision=draft.revision if draft else None,
        drafts=[one for one in mine if not one.aside],
        done_on=_done_on(engine, task, completion.done_on, now),
        now=now,
    )


def _must_know_the_draft(found: Sequence[Draft], actor: Actor, completion: Completion) -> None:
    """Refuse a form that does not know what its person typed on another page since."""
    mine = next((one for one in found if one.person == actor.person and not one.aside), None)
    elsewhere = changed_elsewhere(mine, completion.fields, completion.opened)
    if elsewhere is not None:
        raise ChangedElsewhere(elsewhere)


def _checked(  # noqa: PLR0913, PLR0917 - everything that can be wrong at once
    engine: Engine,
    task: Task,
    step: Step,
    form: FormDefinition | None,
    completion: Completion,
    context: FormContext,
    now: datetime,
) -> Submission:
    """Read the fields; whatever else is wrong is told together with their problems."""
    submission = Submission(values={}, shared={}, assigned={})
    found: tuple[Problem, ...] = ()
    try:
        submission = clean(form, completion.fields, context) if form is not None else submission
    except Invalid as invalid:
        found = invalid.problems
    found += missing_documents(step, form, context.staged, submission.hidden)
    if completion.done_on is not None:
        found += _wrong_day(engine, task, completion.done_on, now)
    told = {one.field for one in completion.refused}
    found = (*(one for one in found if one.field not in told), *completion.refused)
    if found:
        raise Invalid(found)
    return submission


def shared_of(submission: Submission, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Give the shared variables, and whom the form named for later tasks."""
    if not submission.assigned:
        return dict(submission.shared)
    named = (variables.get(ASSIGNED) or {}) | dict(submission.assigned)
    return submission.shared | {ASSIGNED: named}


def _wrong_day(engine: Engine, task: Task, day: date, now: datetime) -> tuple[Problem, ...]:
    """Say which days it can have been done on."""
    calendar = engine.calendar_of(task.office)
    first, last = calendar.local(task.opened_at).date(), calendar.local(now).date()
    if first <= day <= last or day == last:
        return ()
    sentence = say(
        "Choose a day from %(first)s to %(last)s: the task arrived on the first and today is the last.",
        first=first,
        last=last,
    )
    return (Problem(field="done_on", label="done_on", sentence=sentence),)


def _done_on(engine: Engine, task: Task, day: date | None, now: datetime) -> datetime:
    """Give the time of day now on the day it was really done; today (and no day) is the present instant."""
    local = engine.calendar_of(task.office).local(now)
    if day is None or day == local.date():
        return now
    return max(local.replace(year=day.year, month=day.month, day=day.day), task.opened_at)
