"""The page on which a finished step is corrected, and which steps of a case somebody may correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.reader import decisions_of
from engine.bpmn.reads import Reading, readings
from engine.bpmn.workflow import variables_of
from engine.core import Engine
from engine.errors import Conflict, NotFound, say
from engine.forms.definition import Field, FormDefinition, Option, Raw
from engine.forms.raw import raw_of
from engine.model.actor import Actor
from engine.model.amendment import can_amend, must_amend, must_be_amendable
from engine.model.definition import DocumentSource, Step
from engine.model.document import DocumentState
from engine.model.task import Task, TaskState
from engine.queries.case_access import CaseFacts
from engine.queries.tasks_seen import SeenTask, see_task
from engine.storage import documents, events, jobs, tasks
from engine.storage.form_context import form_context
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class AmendmentPage:
    """A finished step that the actor may correct. ``raw`` is what stands in its form."""

    seen: SeenTask
    step: Step
    form: FormDefinition
    raw: Raw
    led: Mapping[str, str]  # fields that the case went on by since -> what used them
    options: Mapping[str, Sequence[Option]]


def amendment_page(engine: Engine, actor: Actor, task_id: UUID) -> AmendmentPage:
    """Read a finished step for correcting it; Forbidden and Conflict say why that is not possible."""
    with engine.store.reading() as connection:
        seen = see_task(connection, actor, task_id)
        must_amend(seen.task, actor)
        must_be_amendable(seen.task, tasks.of_instance(connection, seen.task.instance), seen.status)
        version = engine.versions.get(seen.task.version)
        step = version.definition.step(seen.task.element)
        form = version.form_of(step)
        variables: dict[str, Any] = variables_of(seen.state) if seen.state else {}
        old = variables.get(step.element)
        if form is None or not isinstance(old, Mapping):
            raise NotFound(say("There is nothing to correct at this step."))
        papers_made(connection, seen.task, step)
        led = led_by(engine, connection, seen.task, form.inputs)
        context = form_context(
            connection,
            form,
            office_id=seen.task.office,
            person=actor.person,
            calendar=engine.calendar_of(seen.task.office),
            now=seen.task.completed_at or engine.clock.now(),
            round_=seen.task.round,
            office_seq=seen.office_seq,
            variables=variables,
        )
    return AmendmentPage(
        seen=seen, step=step, form=form, raw=raw_of(form, old), led=led, options=context.options
    )


def led_by(engine: Engine, connection: Connection, task: Task, fields: Sequence[Field]) -> dict[str, str]:
    """Name, by field, what the process has decided or computed from its value since the step was done."""
    since = events.evaluated_since(connection, task.instance, task.attempt)
    # What no connector took is handed over anew, as it is then.
    since -= jobs.never_done(connection, task.instance)
    if not since or not fields:
        return {}
    decisions = decisions_of(engine.versions.spec_of(task.version))
    read = readings(engine.versions.diagram_of(task.version), decisions, since)
    led: dict[str, str] = {}
    for field in fields:
        names = [reading.name for reading in read if _reads(reading, task.element, field)]
        if names and not field.decision:
            led[field.key] = names[0]
    return led


def _reads(reading: Reading, element: str, field: Field) -> bool:
    return reading.reads(element, field.key) or bool(field.shared and reading.reads(field.shared))


def papers_made(connection: Connection, task: Task, step: Step) -> tuple[str, ...]:
    """Name the documents made from the step's form that stand as it left them; Conflict once decided on."""
    names: list[str] = []
    for output in step.outputs:
        found = documents.latest_of_name(connection, task.instance, output.name)
        newest = documents.one(connection, task.instance, found[0]) if found else None
        if output.source is not DocumentSource.FORM or newest is None or newest.blob is not None:
            continue
        if (newest.element, newest.round) != (task.element, task.round):
            continue
        if newest.state is not DocumentState.DRAFT:
            raise Conflict(
                say("“%(name)s” has been decided on since. Send the case back instead.", name=output.name)
            )
        names.append(output.name)
    return tuple(names)


def may_amend(connection: Connection, actor: Actor, seen: SeenTask) -> bool:
    """Tell whether the actor may correct a task."""
    if not can_amend(seen.task, actor):
        return False
    with suppress(Conflict):
        must_be_amendable(seen.task, tasks.of_instance(connection, seen.task.instance), seen.status)
        return True
    return False


def amendable_steps(
    connection: Connection, actor: Actor, facts: CaseFacts, version: Version
) -> dict[tuple[str, int], UUID]:
    """Find the tasks of a case that the actor may correct, by element and round."""
    found: dict[tuple[str, int], UUID] = {}
    if not facts.is_running:
        return found
    with_form = {step.element for step in version.definition.steps if version.form_of(step) is not None}
    again: set[str] = set()  # steps that were done, or are to be done, later
    for one in reversed(tasks.of_instance(connection, facts.id)):
        if one.element in with_form and one.element not in again and can_amend(one, actor):
            with suppress(Conflict):
                must_be_amendable(one, (), facts.status)
                found[one.element, one.round] = one.id
        if one.state in (TaskState.OPEN, TaskState.COMPLETED):
            again.add(one.element)
    return found
