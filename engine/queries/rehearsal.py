"""A rehearsal of a draft: where it stands, and the form of one of its open tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.workflow import variables_at
from engine.core import Engine
from engine.errors import NotFound
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition, Option, read_form
from engine.forms.raw import fill
from engine.model.actor import Actor
from engine.model.definition import Definition, DocumentSource, Step
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.process_draft import ProcessDraft
from engine.model.rehearsal import Rehearsal, RehearsedTask
from engine.model.task import TaskKey, TaskState
from engine.model.unseen import NO_DRAFT
from engine.queries.case_way import StepSums, Trail, Walked, Way
from engine.storage import office, process_drafts, rehearsals
from engine.storage.form_context import form_context
from engine.storage.versions import Version, definition_of

# What stands for a file that nobody has to have at hand.
PRETENDED = UUID(int=0).hex


@dataclass(frozen=True, kw_only=True)
class RehearsedSlot:
    """An output that the step must leave behind as a file."""

    field: str
    name: str
    optional: bool


@dataclass(frozen=True, kw_only=True)
class RehearsedForm:
    """What is filled in for an open task: its form as it begins, and the files it asks for."""

    task: RehearsedTask
    step: Step
    form: FormDefinition | None
    raw: Mapping[str, Sequence[str]]
    options: Mapping[str, Sequence[Option]]
    slots: tuple[RehearsedSlot, ...]
    made: tuple[str, ...]  # documents that would be made from the form


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """Where a rehearsal stands."""

    rehearsal: Rehearsal
    version: Version  # the draft as it was when it began
    roles: Mapping[str, str]  # labels by key
    names: Mapping[str, str]  # of people whom a form named, by identity (hex)
    way: Way
    chosen: RehearsedForm | None


@dataclass(frozen=True, kw_only=True)
class RehearsalPage:
    """A draft, and what its reader has tried of it."""

    draft: ProcessDraft
    rehearsed: Rehearsed | None


def rehearsal_page(
    engine: Engine, actor: Actor, key: str, draft_id: UUID, wanted: TaskKey | None = None
) -> RehearsalPage:
    """Read one's own rehearsal of a draft, and the form of the wanted task, else of the first."""
    if actor.person is None or not actor.may(Permission.REVISE):
        raise NotFound(NO_DRAFT)
    with engine.store.reading() as connection:
        draft = process_drafts.load(connection, actor.office, draft_id)
        if draft is None or draft.key != key:
            raise NotFound(NO_DRAFT)
        found = rehearsals.load(connection, draft_id, actor.person)
        rehearsed = _rehearsed(engine, connection, draft, found, wanted) if found else None
    return RehearsalPage(draft=draft, rehearsed=rehearsed)


def _rehearsed(
    engine: Engine, connection: Connection, draft: ProcessDraft, found: Rehearsal, wanted: TaskKey | None
) -> Rehearsed:
    version, tasks = version_of(found, draft), found.now.tasks
    task = (found.now.task(wanted) if wanted else None) or (tasks[0] if tasks else None)
    return Rehearsed(
        rehearsal=found,
        version=version,
        roles=office.role_labels(connection, found.office),
        names=_names(connection, found),
        way=way_of(found, version.definition),
        chosen=_form(engine, connection, found, version, task) if task else None,
    )


def version_of(rehearsal: Rehearsal, draft: ProcessDraft) -> Version:
    """Give the draft as it was when the rehearsal began, as a version is used; it is none."""
    definition = definition_of(rehearsal.definition, rehearsal.spec)
    return Version(
        id=rehearsal.id,
        process=draft.process,
        office=rehearsal.office,
        key=draft.key,
        name=definition.name,
        number=0,
        state=VersionState.TRIAL,
        digest=rehearsal.digest,
        definition=definition,
        forms={key: read_form(key, text) for key, text in rehearsal.forms.items()},
    )


def context_of(  # noqa: PLR0913, PLR0917 - what is known of the task
    engine: Engine,
    connection: Connection,
    rehearsal: Rehearsal,
    form: FormDefinition | None,
    task: RehearsedTask,
    variables: Mapping[str, Any],
    staged: Mapping[str, Sequence[str]] | None = None,
) -> FormContext:
    """Gather what a form of the rehearsal is filled and checked with: its clock, and the office's people."""
    before = variables.get(task.key.element)
    context = form_context(
        connection,
        form,
        office_id=rehearsal.office,
        person=rehearsal.person,
        calendar=engine.calendar_of(rehearsal.office),
        now=rehearsal.now.at,
        round_=task.key.round,
        office_seq=office.seq_of(connection, rehearsal.office),
        arrived=task.opened_at,
        case_year=_year(variables.get("case")),
        variables=variables,
        staged=staged,
    )
    return replace(context, again=before) if task.again and isinstance(before, Mapping) else context


def way_of(rehearsal: Rehearsal, definition: Definition) -> Way:
    """Find which flows were taken last in which way, and how every element stands."""
    walked, sums = Walked(definition), []
    for line in rehearsal.lines:
        flows = tuple(item[1] for item in line.payload.get("trail", ()) if item[0] == "flow")
        if flows:
            walked.take(Trail(element=line.element, flows=flows, round=line.round or 1))
        if line.kind in _ENDED:
            sums.append(_sum(line.element, _ENDED[EventKind(line.kind)]))
    sums += [_sum(task.key.element, TaskState.OPEN) for task in rehearsal.now.tasks]
    return walked.way(sums)


_ENDED = {EventKind.TASK_COMPLETED: TaskState.COMPLETED, EventKind.TASK_RETURNED: TaskState.RETURNED}


def _sum(element: str, state: TaskState) -> StepSums:
    return StepSums(element=element, state=state, count=1, worked=0, waited=0)


def _names(connection: Connection, rehearsal: Rehearsal) -> dict[str, str]:
    named = {UUID(hex=task.assignee) for task in rehearsal.now.tasks if task.assignee}
    found = office.names_of(connection, named) if named else {}
    return {person.hex: post_and_name(name, post) for person, (name, post) in found.items()}


def _year(case: Any) -> int | None:  # noqa: ANN401 - whatever a script of the draft left there
    year = case.get("year") if isinstance(case, Mapping) else None
    return year if isinstance(year, int) else None


def _form(
    engine: Engine, connection: Connection, rehearsal: Rehearsal, version: Version, task: RehearsedTask
) -> RehearsedForm:
    step = version.definition.step(task.key.element)
    form = version.form_of(step)
    variables = variables_at(rehearsal.now.state, task.key)
    context = context_of(engine, connection, rehearsal, form, task, variables)
    asked = {field.document for field in form.files} if form else frozenset()
    return RehearsedForm(
        task=task,
        step=step,
        form=form,
        raw=fill(form, context) if form else {},
        options=context.options,
        slots=tuple(
            RehearsedSlot(field=f"output.{place}", name=one.name, optional=not one.required)
            for place, one in enumerate(step.outputs)
            if one.source is DocumentSource.UPLOAD and one.name not in asked
        ),
        made=tuple(one.name for one in step.outputs if one.source is DocumentSource.FORM),
    )
