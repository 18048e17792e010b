"""Drafts: what somebody typed so far, and the files chosen with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from engine import previews, uploads
from engine.actions.documents_made import slot_name
from engine.actions.loading import NO_TASK, load_task, must_be_open, refusals
from engine.core import Engine
from engine.errors import Forbidden, NotFound, PreviewFailed, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.task import Task, can_draft
from engine.storage import documents, drafts, events, instances
from engine.storage.documents import BlobRow
from engine.storage.drafts import Draft, RawFields, best_draft, staged_files
from engine.storage.events import Line

__all__ = ["Upload", "best_draft", "keep_bytes", "keep_typed", "save", "stage", "staged_files", "unstage"]

# A draft is bounded so that a stuck script cannot fill the disk.
_MOST_FIELDS = 6000
_LONGEST_DRAFT = 1_000_000  # characters
_MOST_FILES = 20  # per field


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was chosen in a form."""

    field: str  # the form's file field, or an output slot ("output.0")
    filename: str
    stream: BinaryIO


def save(
    engine: Engine, actor: Actor, task_id: UUID, fields: RawFields, *, by_hand: bool
) -> tuple[int, datetime]:
    """Save what was typed, valid or not; gives the revision and when.

    Saving by itself writes no event; by hand it writes that, not what. The draft of a task that was
    closed meanwhile is kept too: nothing typed is lost.
    """
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
        mine = drafts.of_person(connection, task_id, _person(actor))
    if not (can_draft(task, actor) or mine is not None or actor.holds(task.role)):
        raise NotFound(NO_TASK)
    revision, now = _write(engine, actor, task, fields, {})
    if by_hand:
        line = Line(
            kind=EventKind.DRAFT_SAVED,
            element=task.element,
            round=task.round,
            iteration=task.iteration,
            payload={"revision": revision},
        )
        with engine.store.transaction() as connection:
            events.append(connection, Scope.INSTANCE, task.instance, actor, now, [line])
            instances.join_in(connection, task.instance, _person(actor))
    return revision, now


def stage(engine: Engine, actor: Actor, task_id: UUID, upload: Upload, fields: RawFields | None) -> BlobRow:
    """Keep a chosen file with the draft, so that a form that fails validation does not lose it.

    The bytes are safe on the disk before their row is written; without a row they are removed later.
    """
    task, found = _draftable(engine, actor, task_id)
    several, accept = _takes(engine, task, upload.field)
    row = replace(keep_bytes(engine, actor, upload, accept), task=task.id)
    chosen = staged_files(found, actor.person, task.prepared_by).get(upload.field, ())
    files = [*chosen, row.id.hex][-_MOST_FILES:] if several else [row.id.hex]
    _write(engine, actor, task, fields, {upload.field: files}, row)
    return row


def unstage(engine: Engine, actor: Actor, task_id: UUID, field: str, blob: UUID) -> None:
    """Take a chosen file out of the draft; its bytes are removed later."""
    task, found = _draftable(engine, actor, task_id)
    chosen = staged_files(found, actor.person, task.prepared_by).get(field, ())
    if blob.hex in chosen:
        _write(engine, actor, task, None, {field: [one for one in chosen if one != blob.hex]})


def keep_typed(engine: Engine, actor: Actor, task: Task, fields: RawFields) -> None:
    """Keep what was typed as the person's draft, whatever stood in the way of the task itself."""
    if actor.person is not None and (can_draft(task, actor) or actor.holds(task.role)):
        _write(engine, actor, task, fields, {})


def keep_bytes(engine: Engine, actor: Actor, upload: Upload, accept: Sequence[str] = ()) -> BlobRow:
    """Check a file and write its bytes; gives the row to be written in the caller's transaction."""
    checked = uploads.check(upload.filename, upload.stream, accept)
    stored = engine.blobs.put(upload.stream)
    row = BlobRow(
        id=new_id(),
        office=actor.office,
        object=stored.object,
        filename=checked.filename,
        media_type=checked.media_type,
        size=stored.size,
        digest=stored.digest,
        pages=None,
        uploaded_by=actor.person,
        uploaded_at=engine.clock.now(),
    )
    return replace(row, pages=_pages(engine, row))


def _pages(engine: Engine, row: BlobRow) -> int | None:
    """Count the pages where they can be shown; a file that cannot be drawn is kept all the same."""
    if not previews.can_be_shown(row.media_type):
        return None
    try:
        with engine.blobs.as_file(row.object) as path:
            return previews.page_count(path, row.media_type)
    except PreviewFailed:
        return None


def _takes(engine: Engine, task: Task, field: str) -> tuple[bool, Sequence[str]]:
    """Tell whether a field takes more than one file, and of which kinds; a slot holds one, the last."""
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    asked = form.by_key.get(field) if form else None
    if asked is not None:
        return asked.multiple, asked.accept
    return False, next(
        (output.accept for place, output in enumerate(step.outputs) if slot_name(place) == field), ()
    )


def _draftable(engine: Engine, actor: Actor, task_id: UUID) -> tuple[Task, list[Draft]]:
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
        found = drafts.of_task(connection, task_id)
    with refusals(engine, actor, task.instance, EventKind.DRAFT_SAVED, task):
        must_be_open(engine, task)
        if not can_draft(task, actor):
            raise Forbidden(say("This task is for another role. You can read it, but not do it."))
    return task, found


def _write(
    engine: Engine,
    actor: Actor,
    task: Task,
    fields: RawFields | None,
    staged: Mapping[str, Sequence[str]],
    blob: BlobRow | None = None,
) -> tuple[int, datetime]:
    """Write a draft over the person's one before; None leaves the fields as they were."""
    _must_be_bounded(fields or {})
    person, now = _person(actor), engine.clock.now()
    version = engine.versions.get(task.version)
    form = version.form_of(version.definition.step(task.element))
    with engine.store.transaction() as connection:
        if blob is not None:
            documents.add_blob(connection, blob)
        mine = drafts.of_person(connection, task.id, person, held=True)
        kept: RawFields = fields if fields is not None else mine.fields if mine else {}
        revision = drafts.save(
            connection,
            task.id,
            person,
            form_digest=form.digest if form else b"",
            fields=kept,
            staged={**(mine.staged if mine else {}), **staged},
            at=now,
        )
    return revision, now


def _must_be_bounded(fields: RawFields) -> None:
    size = sum(len(name) + sum(len(text) for text in texts) for name, texts in fields.items())
    if len(fields) > _MOST_FIELDS or size > _LONGEST_DRAFT:
        raise Forbidden(say("This is more than one form can hold. Shorten the table or attach it as a file."))


def _person(actor: Actor) -> UUID:
    if actor.person is None:
        raise Forbidden(say("Only a person can do that."))
    return actor.person
