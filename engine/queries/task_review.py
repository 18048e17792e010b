"""What a refusal leads to: the reviewer's notes for who does the work again, and then what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.forms.definition import Field, FieldType, FormDefinition
from engine.forms.display import Change, Names, Shown, differences, earlier_marks, show
from engine.model.definition import Step
from engine.model.document import DocumentState
from engine.model.naming import post_and_name
from engine.model.task import TaskState
from engine.queries.named import read_names
from engine.queries.submissions import Place, Values, submissions
from engine.queries.task_documents import CaseDocument
from engine.queries.tasks_seen import SeenTask
from engine.storage.tables import person, task
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class ReviewNotes:
    """Why the work came back. ``others`` are the review's other answers; ``reviewed`` what was read."""

    text: str
    others: tuple[Shown, ...]
    reviewer: str
    at: datetime
    round: int
    reviewed: CaseDocument | None


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What was changed since one's notes of an earlier round."""

    round: int
    notes: str
    own: bool  # the notes are the reader's own
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class _Completion:
    """A completion of a step; ``by`` is post, else name."""

    person: UUID
    by: str
    at: datetime
    round: int


@dataclass(frozen=True, kw_only=True)
class _Review:
    """A review that sent the work to the task's step."""

    form: FormDefinition
    decision: Field
    answers: Values
    completion: _Completion


def review_notes(
    connection: Connection,
    version: Version,
    seen: SeenTask,
    variables: Mapping[str, Any],
    found: Mapping[str, Sequence[CaseDocument]],
) -> ReviewNotes | None:
    """Find the notes of the review that returned this task's work; None where nothing was returned."""
    review = _returning(connection, version, seen, variables)
    if review is None:
        return None
    notes = review.form.notes
    told = {review.decision.key, notes.key if notes else ""}
    answers = show(review.form, review.answers, read_names(connection, seen.task.office, review.answers))
    documents = found.get(review.decision.decision, ())
    return ReviewNotes(
        text=str(review.answers.get(notes.key) or "") if notes else "",
        others=tuple(one for one in answers if not one.is_empty and one.key not in told),
        reviewer=review.completion.by,
        at=review.completion.at,
        round=review.completion.round,
        reviewed=next((one for one in documents if one.state is DocumentState.RETURNED), None),
    )


def reviewed_names(version: Version) -> tuple[str, ...]:
    """Name the documents that reviews of this process decide on."""
    forms = (version.form_of(step) for step in version.definition.steps)
    return tuple({form.decision.decision for form in forms if form and form.decision})


def _returning(
    connection: Connection, version: Version, seen: SeenTask, variables: Mapping[str, Any]
) -> _Review | None:
    for step in version.definition.steps:
        form, answers = version.form_of(step), variables.get(step.element)
        if form is None or form.decision is None or not isinstance(answers, Mapping):
            continue
        answer = answers.get(form.decision.key)
        if answer == form.decision.options[0].value or not _leads(step, answer, seen.task.element):
            continue
        last = _last_completion(connection, seen, step.element)
        if last is not None:
            return _Review(form=form, decision=form.decision, answers=answers, completion=last)
    return None


def _leads(step: Step, answer: object, element: str) -> bool:
    return any(element in way.elements for way in step.next if way.answer in (None, answer))


def _last_completion(connection: Connection, seen: SeenTask, element: str) -> _Completion | None:
    """Find who completed an element last, before this task came."""
    row = connection.execute(
        select(task.c.completed_by, task.c.completed_at, task.c.round, person.c.name, person.c.post)
        .join(person, person.c.id == task.c.completed_by)
        .where(
            task.c.instance == seen.task.instance,
            task.c.element == element,
            task.c.state == TaskState.COMPLETED.value,
            task.c.completed_at <= seen.task.opened_at,
        )
        .order_by(task.c.completed_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return _Completion(
        person=row.completed_by, by=post_and_name(row.name, row.post), at=row.completed_at, round=row.round
    )


def marks(
    form: FormDefinition, raw: Mapping[str, Sequence[str]], earlier: object, names: Names
) -> dict[str, str]:
    """Find what one's submission of the round before had where the fields now differ."""
    return earlier_marks(form, raw, earlier, names) if isinstance(earlier, Mapping) else {}


def changed(
    connection: Connection,
    version: Version,
    seen: SeenTask,
    person_id: UUID | None,
    versions: Sequence[CaseDocument],
) -> Changed | None:
    """Compare the document under review with its version that was last returned."""
    returned = next((one for one in versions if one.state is DocumentState.RETURNED), None)
    review = version.definition.step(seen.task.element)
    if returned is None or returned.no == versions[0].no or returned.element != versions[0].element:
        return None
    form = version.form_of(version.definition.step(returned.element))
    before: Place = (returned.element, returned.round)
    after: Place = (versions[0].element, versions[0].round)
    mine = _last_completion(connection, seen, review.element)
    if form is None or mine is None:
        return None
    own: Place = (review.element, mine.round)
    data = submissions(connection, seen.task.instance, [before, after, own])
    names = read_names(connection, seen.task.office, [data.get(before), data.get(after)])
    compared = differences(form, data.get(before, {}), data.get(after, {}), names)
    review_form = version.form_of(review)
    notes = review_form.notes if review_form else None
    return Changed(
        round=mine.round,
        notes=str(data.get(own, {}).get(notes.key) or "") if notes else "",
        own=mine.person == person_id,
        changes=tuple(one for one in compared if _says_something(form.by_key[one.key])),
    )


def _says_something(field: Field) -> bool:
    """Leave out what only counts the rounds, and files: their names say nothing of what is in them."""
    return field.prefill != "round" and field.type is not FieldType.FILE
