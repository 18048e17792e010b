"""What a completed task was sent with, read again: by the rules of the day on which it was completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions.loading import load_task
from engine.bpmn.workflow import variables_of
from engine.core import Engine
from engine.forms.context import FormContext
from engine.forms.definition import FieldType, FormDefinition, Raw
from engine.forms.notation import date_of
from engine.forms.submission import says
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.task import Task
from engine.queries.task_form import DONE_ON
from engine.storage import events
from engine.storage.form_context import form_context
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection


def is_news(engine: Engine, connection: Connection, actor: Actor, task: Task, fields: Raw) -> bool:
    """Tell whether a form says anything that its person has not sent with the very task.

    Whoever goes back in the browser to a form they sent, and types on, has typed something new.
    """
    if task.attempt is None or task.completed_at is None or task.completed_by != actor.person:
        return True
    version = engine.versions.get(task.version)
    form = version.form_of(version.definition.step(task.element))
    day = (fields.get(DONE_ON) or [""])[0]
    if (
        day
        and date_of(day) != engine.calendar_of(task.office).local(task.done_on or task.completed_at).date()
    ):
        return True
    record = events.payload_of(connection, task.instance, EventKind.TASK_COMPLETED, task.attempt)
    if form is None:
        return False
    if record is None:
        return True  # erased: nobody can tell any more
    sent = record.get("data", {})
    seen = load_task(connection, actor, task.id)
    variables = variables_of(seen.state) if seen.state else {}
    context = context_then(engine, connection, seen, form, sent, variables)
    return not says(form, fields, context, sent)


def context_then(
    engine: Engine,
    connection: Connection,
    seen: TaskInCase,
    form: FormDefinition,
    sent: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> FormContext:
    """Give what the form of a completed task is read by, as on that day; files are those that were sent."""
    task = seen.task
    return form_context(
        connection,
        form,
        office_id=task.office,
        person=task.completed_by,
        calendar=engine.calendar_of(task.office),
        now=task.completed_at or engine.clock.now(),
        round_=task.round,
        office_seq=seen.office_seq,
        arrived=task.opened_at,
        case_year=(variables.get("case") or {}).get("year"),
        variables=variables,
        staged={
            field.key: sent.get(field.key) or () for field in form.inputs if field.type is FieldType.FILE
        },
    )
