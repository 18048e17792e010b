"""The documents a completed step leaves behind: uploaded, or made from its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    signed: bool = False


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
        if field.key not in submission.hidden
        for blob in _files(staged.get(field.key, ()), rows)
    ]
    for index, output in enumerate(step.outputs):
        made += [Made(name=output.name, blob=blob) for blob in _files(staged.get(slot_name(index), ()), rows)]
        if output.source is not DocumentSource.FORM or any(one.name == output.name for one in made):
            continue
        if output.required or _has_something(form, submission):
            made.append(Made(name=output.name, blob=None))
    signed = {output.name for output in step.outputs if output.signed}
    return tuple(replace(one, signed=one.blob is not None and one.name in signed) for one in made)


def missing_documents(
    step: Step, form: FormDefinition | None, staged: Staged, hidden: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """Find the outputs that must be uploaded and were not; ``hidden`` fields ask for nothing."""
    return tuple(
        Problem(
            field=field.key if field else slot_name(index),
            label=field.label if field else output.name,
            sentence=say("Upload the document “%(name)s”; this step must leave it behind.", name=output.name),
        )
        for index, output in enumerate(step.outputs)
        if output.required and output.source is DocumentSource.UPLOAD
        for field in (_asked_by(form, output),)
        if not staged.get(slot_name(index))
        # A field of the form that asks for it says itself that it is missing.
        and not (field and (field.required or field.key in hidden or staged.get(field.key)))
    )


def _asked_by(form: FormDefinition | None, output: LeftDocument) -> Field | None:
    """Find the form's own file field for an output."""
    return next((field for field in _file_fields(form) if field.document == output.name), None)


def _has_something(form: FormDefinition | None, submission: Submission) -> bool:
    """Tell whether an optional document made from a form says anything: its notes decide, if it has any."""
    notes = [field.key for field in form.inputs if field.notes] if form else []
    return not notes or any(submission.values.get(key) for key in notes)


def _file_fields(form: FormDefinition | None) -> list[Field]:
    return [field for field in form.inputs if field.type is FieldType.FILE] if form else []


def _files(ids: Sequence[str], rows: Mapping[UUID, BlobRow]) -> list[BlobRow]:
    return [rows[UUID(hex=one)] for one in ids if UUID(hex=one) in rows]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a decision does to the document it is about."""

    no: int
    old: DocumentState
    new: DocumentState


@dataclass(frozen=True, kw_only=True)
class Papers:
    """What a completion does to the documents of its case, ready to be written.

    A record entry is ``[number, name, version, sha256 or None]``.
    """

    rows: list[dict[str, Any]]
    decided: Decided | None
    record: list[list[Any]]


def number_documents(  # noqa: PLR0913, PLR0917 - the parts of the rows
    connection: Connection,
    task: Task,
    actor: Actor,
    made: Sequence[Made],
    form: FormDefinition | None,
    submission: Submission,
    now: datetime,
) -> Papers:
    """Give the versions their numbers in the case, and find what the decision does to the reviewed one."""
    record: list[list[Any]] = []
    rows: list[dict[str, Any]] = []
    versions: dict[str, int] = {}
    last = 0
    for one in made:
        if one.name not in versions:
            last, versions[one.name] = documents.last(connection, task.instance, one.name)
        versions[one.name] += 1
        rows.append(
            {
                "instance": task.instance,
                "no": last + len(rows) + 1,
                "office": task.office,
                "name": one.name,
                "version": versions[one.name],
                "state": DocumentState.SIGNED if one.signed else DocumentState.DRAFT,
                "blob": one.blob.id if one.blob else None,
                "element": task.element,
                "round": task.round,
                "author": actor.person,
                "at": now,
            }
        )
        digest = one.blob.digest.hex() if one.blob else None
        record.append([rows[-1]["no"], one.name, versions[one.name], digest])
    return Papers(rows=rows, decided=_decided(connection, task, form, submission), record=record)


def save_documents(connection: Connection, task: Task, papers: Papers) -> None:
    """Write the versions and what the decision did."""
    if papers.decided:
        documents.set_state(connection, task.instance, [papers.decided.no], papers.decided.new)
    documents.add(connection, papers.rows)


def _decided(
    connection: Connection, task: Task, form: FormDefinition | None, submission: Submission
) -> Decided | None:
    field = form.decision if form else None
    if field is None or not field.options:
        return None
    found = documents.latest_of_name(connection, task.instance, field.decision)
    if found is None:
        return None
    accepted = submission.values.get(field.key) == field.options[0].value
    new = DocumentState.APPROVED if accepted else DocumentState.RETURNED
    return Decided(no=found[0], old=found[1], new=new)
