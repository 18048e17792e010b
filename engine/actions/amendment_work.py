"""Everything a correction of a finished step reads and checks before the write lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actions.advancing import ASSIGNED
from engine.actions.documents_made import Made, Papers, number_documents
from engine.actions.reasons import must_have_reason
from engine.actions.sent_forms import context_then
from engine.bpmn.workflow import variables_of
from engine.core import Engine
from engine.errors import Conflict, Invalid, Problem, say
from engine.forms.definition import Field, FormDefinition
from engine.forms.submission import Submission, clean
from engine.model.actor import Actor
from engine.model.amendment import must_be_amendable
from engine.model.definition import Step
from engine.model.task import Task
from engine.queries.amendment import led_by, papers_made
from engine.storage import tasks
from engine.storage.tasks import TaskInCase
from engine.storage.transaction import Connection
from engine.storage.versions import Version

_NO_DECISION = say(
    "A decision cannot be corrected: it decided how the case goes on. Send the case back instead."
)


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What somebody sends in: the step's fields as typed, and why."""

    fields: Mapping[str, Sequence[str]]
    reason: str
    attempt: UUID


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the correction amounts to."""

    version: Version
    step: Step
    form: FormDefinition
    old: Mapping[str, Any]
    submission: Submission
    shared: Mapping[str, Any]  # variables that change besides the step's own
    reason: str
    papers: Papers
    now: datetime


def prepare(
    engine: Engine, connection: Connection, actor: Actor, seen: TaskInCase, amendment: Amendment
) -> Work:
    """Read and check everything; Invalid lists what is wrong by field, Conflict says why not at all."""
    task, now = seen.task, engine.clock.now()
    of_case = tasks.of_instance(connection, task.instance)
    must_be_amendable(task, of_case, seen.status)
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    variables = variables_of(seen.state) if seen.state else {}
    old = variables.get(task.element)
    if form is None or not isinstance(old, Mapping):
        raise Conflict(say("What this step entered is not kept where it could be corrected."))
    submission = _submitted(engine, connection, seen, form, old, variables, amendment)
    changed = [field for field in form.inputs if submission.values[field.key] != old.get(field.key)]
    problems = [
        *_decided(changed),
        *_overwritten(version, of_case, task, changed, old, variables),
        *_led(engine, connection, task, changed),
    ]
    if not changed:
        problems.append(Problem(field="", label="", sentence=say("Nothing was changed.")))
    reason = ""
    try:
        reason = must_have_reason(amendment.reason)
    except Invalid as missing:
        problems += missing.problems
    if problems:
        raise Invalid(tuple(problems))
    made = tuple(Made(name=name, blob=None) for name in papers_made(connection, task, step))
    papers = number_documents(connection, task, actor, made, form, submission, now)
    return Work(
        version=version,
        step=step,
        form=form,
        old=old,
        submission=submission,
        shared=_shared(submission, changed, variables),
        reason=reason,
        papers=replace(papers, decided=None),  # what was decided stays decided
        now=now,
    )


def _submitted(  # noqa: PLR0913, PLR0917 - what was read already
    engine: Engine,
    connection: Connection,
    seen: TaskInCase,
    form: FormDefinition,
    old: Mapping[str, Any],
    variables: Mapping[str, Any],
    amendment: Amendment,
) -> Submission:
    """Read the fields by the rules of the day on which the step was completed; files stay."""
    context = context_then(engine, connection, seen, form, old, variables)
    found = clean(form, amendment.fields, context)
    fixed = {field.key for field in form.inputs if field.readonly and field.key not in found.hidden}
    return replace(found, values={k: old.get(k) if k in fixed else v for k, v in found.values.items()})


def _decided(changed: Sequence[Field]) -> Iterator[Problem]:
    for field in changed:
        if field.decision:
            yield _problem(field, _NO_DECISION)


def _overwritten(
    version: Version,
    of_case: Sequence[Task],
    task: Task,
    changed: Sequence[Field],
    old: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> Iterator[Problem]:
    """Find shared variables that a later step has changed: that is corrected there."""
    for field in changed:
        if field.shared and variables.get(field.shared) != old.get(field.key):
            sentence = say(
                "%(step)s has changed this since. Correct it there.",
                step=_last_to_share(version, of_case, task, field.shared),
            )
            yield _problem(field, sentence)


def _last_to_share(version: Version, of_case: Sequence[Task], task: Task, name: str) -> str:
    done = [one for one in of_case if one.completed_at and one.element != task.element]
    for one in sorted(done, key=lambda one: one.completed_at or one.opened_at, reverse=True):
        form = version.form_of(version.definition.step(one.element))
        if form is not None and any(field.shared == name for field in form.inputs):
            return one.name
    return say("A later step").template


def _led(engine: Engine, connection: Connection, task: Task, changed: Sequence[Field]) -> Iterator[Problem]:
    """Find what the process has decided or computed from a value since: it would not be done again."""
    led = led_by(engine, connection, task, changed)
    for field in changed:
        if field.key in led:
            sentence = say(
                "“%(name)s” has used this already to decide how the case goes on."
                " Send the case back instead.",
                name=led[field.key],
            )
            yield _problem(field, sentence)


def _shared(submission: Submission, changed: Sequence[Field], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Give the shared variables that change, and whom the form names now for later tasks."""
    named = {field.shared for field in changed if field.shared}
    shared = {name: value for name, value in submission.shared.items() if name in named}
    if any(field.assigns for field in changed):
        shared[ASSIGNED] = (variables.get(ASSIGNED) or {}) | dict(submission.assigned)
    return shared


def _problem(field: Field, sentence: Any) -> Problem:  # noqa: ANN401 - a Sentence
    return Problem(field=field.key, label=field.label, sentence=sentence)
