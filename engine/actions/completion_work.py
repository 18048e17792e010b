"""Everything a completion reads and checks before the write lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from engine.actions.advancing import ASSIGNED
from engine.actions.documents_made import Papers, documents_made, missing_documents, number_documents
from engine.actions.drafts import best_draft, staged_files
from engine.bpmn.workflow import variables_of
from engine.core import Engine
from engine.errors import Invalid, Problem, say
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition
from engine.forms.submission import Submission, clean
from engine.model.actor import Actor
from engine.model.definition import Step
from engine.model.task import Task
from engine.storage import documents, drafts
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
    drafted: bool  # somebody has a draft of it
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
    draft = best_draft(found, actor.person, task.prepared_by)
    staged = staged_files(found, actor.person, task.prepared_by)
    rows = documents.blobs(connection, {UUID(hex=one) for ids in staged.values() for one in ids})
    variables = variables_of(seen.state) if seen.state else {}
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
    submission = _clean(step, form, completion, context)
    made = documents_made(step, form, submission, staged, rows)
    return Work(
        completion=completion,
        version=version,
        step=step,
        form=form,
        submission=submission,
        shared=_shared(submission, variables),
        variables=variables,
        papers=number_documents(connection, task, actor, made, form, submission, now),
        draft_revision=draft.revision if draft else None,
        drafted=bool(found),
        done_on=_done_on(engine, task, completion.done_on, now),
        now=now,
    )


def _clean(
    step: Step, form: FormDefinition | None, completion: Completion, context: FormContext
) -> Submission:
    """Read the fields; missing documents are told together with the fields' problems."""
    missing = missing_documents(step, form, context.staged)
    submission = Submission(values={}, shared={}, assigned={})
    if form is not None:
        try:
            submission = clean(form, completion.fields, context)
        except Invalid as invalid:
            raise Invalid(invalid.problems + missing) from None
    if missing:
        raise Invalid(missing)
    return submission


def _shared(submission: Submission, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Give the shared variables, and whom the form named for later tasks."""
    if not submission.assigned:
        return dict(submission.shared)
    named = (variables.get(ASSIGNED) or {}) | dict(submission.assigned)
    return submission.shared | {ASSIGNED: named}


def _done_on(engine: Engine, task: Task, day: date | None, now: datetime) -> datetime:
    """Give the time of day now on the day it was really done; today (and no day) is the present instant."""
    if day is None:
        return now
    calendar = engine.calendar_of(task.office)
    local = calendar.local(now)
    arrived = calendar.local(task.opened_at).date()
    if day == local.date():
        return now
    if arrived <= day < local.date():
        return max(local.replace(year=day.year, month=day.month, day=day.day), task.opened_at)
    sentence = say(
        "Choose a day from %(first)s to %(last)s: the task arrived on the first and today is the last.",
        first=arrived,
        last=local.date(),
    )
    raise Invalid((Problem(field="done_on", label="done_on", sentence=sentence),))
