"""The documents a completed step leaves behind: uploaded, or made from its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import Problem, say
from engine.forms.definition import Field, FieldType, FormDefinition
from engine.forms.submission import Submission
from engine.model.actor import Actor
from engine.model.definition import DocumentSource, LeftDocument, Step
from engine.model.document import DocumentState
from engine.model.task import Task
from engine.storage import documents
from engine.storage.documents import BlobRow
from engine.storage.transaction import Connection


@dataclass(frozen=True, kw_only=True)
class Made:
    """One document version to be written; ``blob`` is None where it is drawn from the record."""

    name: str
    blob: BlobRow | None


# Field or output slot -> blob ids (hex).
Staged = Mapping[str, Sequence[str]]


def slot_name(index: int) -> str:
    """Name the upload slot of a step's output, as its file field is called on the page."""
    return f"output.{index}"


def documents_made(
    step: Step,
    form: FormDefinition | None,
    submission: Submission,
    staged: Staged,
    rows: Mapping[UUID, BlobRow],
) -> tuple[Made, ...]:
    """Work out what the step leaves behind; call ``missing_documents`` first."""
    made = [
        Made(name=field.document or field.label, blob=blob)
        for field in _file_fields(form)
        for blob in _files(staged.get(field.key, ()), rows)
    ]
    for index, output in enumerate(step.outputs):
        made += [Made(name=output.name, blob=blob) for blob in _files(staged.get(slot_name(index), ()), rows)]
        if output.source is not DocumentSource.FORM or any(one.name == output.name for one in made):
            continue
        if output.required or _has_something(form, submission):
            made.append(Made(name=output.name, blob=None))
    return tuple(made)


def missing_documents(step: Step, form: FormDefinition | None, staged: Staged) -> tuple[Problem, ...]:
    """Find the outputs that must be uploaded and were not."""
    filled = {field.document for field in _file_fields(form) if staged.get(field.key)}
    return tuple(
        _missing(index, output)
        for index, output in enumerate(step.outputs)
        if output.required
        and output.source is DocumentSource.UPLOAD
        and output.name not in filled
        and not staged.get(slot_name(index))
        and not _asked_by_form(form, output.name)
    )


def _asked_by_form(form: FormDefinition | None, name: str) -> bool:
    """Tell whether the form's own required file field already says that it is missing."""
    return any(field.required and field.document == name for field in _file_fields(form))


def _missing(index: int, output: LeftDocument) -> Problem:
    sentence = say("Upload the document “%(name)s”; this step must leave it behind.", name=output.name)
    return Problem(field=slot_name(index), label=output.name, sentence=sentence)


def _has_something(form: FormDefinition | None, submission: Submission) -> bool:
    """Tell whether an optional document made from a form says anything: its notes decide, if it has any."""
    notes = [field.key for field in form.inputs if field.notes] if form else []
    return not notes or any(submission.values.get(key) for key in notes)


def _file_fields(form: FormDefinition | None) -> list[Field]:
    return [field for field in form.inputs if field.type is FieldType.FILE] if form else []


def _files(ids: Sequence[str], rows: Mapping[UUID, BlobRow]) -> list[BlobRow]:
    return [rows[UUID(hex=one)] for one in ids if UUID(hex=one) in rows]


def save_documents(  # noqa: PLR0913, PLR0917 - the parts of the rows
    connection: Connection,
    task: Task,
    actor: Actor,
    made: Sequence[Made],
    form: FormDefinition | None,
    submission: Submission,
    now: datetime,
) -> list[list[Any]]:
    """Write the versions and what the decision did to the reviewed document; gives them for the record.

    A record entry is ``[number, name, version, sha256 or None]``, or ``[number, state]`` for a
    document whose state was decided.
    """
    decided = _decide(connection, task, form, submission)
    if not made:
        return decided
    last, versions = documents.latest(connection, task.instance)
    rows: list[dict[str, Any]] = []
    for one in made:
        versions[one.name] = versions.get(one.name, 0) + 1
        last += 1
        rows.append(
            {
                "instance": task.instance,
                "no": last,
                "office": task.office,
                "name": one.name,
                "version": versions[one.name],
                "state": DocumentState.DRAFT,
                "blob": one.blob.id if one.blob else None,
                "element": task.element,
                "round": task.round,
                "author": actor.person,
                "at": now,
            }
        )
    documents.add(connection, rows)
    digests = [one.blob.digest.hex() if one.blob else None for one in made]
    written = [
        [row["no"], row["name"], row["version"], digest] for row, digest in zip(rows, digests, strict=True)
    ]
    return decided + written


def _decide(
    connection: Connection, task: Task, form: FormDefinition | None, submission: Submission
) -> list[list[Any]]:
    field = form.decision if form else None
    if field is None or not field.options:
        return []
    no = documents.latest_of_name(connection, task.instance, field.decision)
    if no is None:
        return []
    accepted = submission.values.get(field.key) == field.options[0].value
    state = DocumentState.APPROVED if accepted else DocumentState.RETURNED
    documents.set_state(connection, task.instance, [no], state)
    return [[no, state.value]]
