"""Drafts: what somebody typed so far, and the files chosen with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from engine.actions.loading import NO_TASK, load_task, must_be_open, refusals
from engine import previews, uploads
from engine.core import Engine
from engine.errors import Forbidden, NotFound, PreviewFailed, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.task import Task, can_draft
from engine.storage import documents, drafts, events, instances
from engine.storage.documents import BlobRow
from engine.storage.drafts import Draft, RawFields
from engine.storage.events import Line

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
    _must_be_bounded(fields)
    with engine.store.reading() as connection:
        found = load_task(connection, actor, task_id)
        mine = drafts.of_person(connection, task_id, _person(actor))
    _must_draft(found.task, actor, mine)
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        revision = drafts.save(
            connection,
            task_id,
            _person(actor),
            form_digest=form_digest(engine, found.task),
            fields=fields,
            staged=_staged_now(drafts.of_person(connection, task_id, _person(actor))),
            at=now,
        )
        if by_hand:
            line = _line(found.task, EventKind.DRAFT_SAVED, {"revision": revision})
            events.append(connection, Scope.INSTANCE, found.task.instance, actor, now, [line])
            instances.join_in(connection, found.task.instance, _person(actor))
    return revision, now


def stage(engine: Engine, actor: Actor, task_id: UUID, upload: Upload, fields: RawFields) -> BlobRow:
    """Keep a chosen file with the draft, so that a form that fails validation does not lose it.

    The bytes are safe on the disk before their row is written; without a row they are removed later.
    """
    _must_be_bounded(fields)
    with engine.store.reading() as connection:
        found = load_task(connection, actor, task_id)
    with refusals(engine, actor, found.task.instance, EventKind.DRAFT_SAVED, found.task):
        must_be_open(engine, found.task)
        if not can_draft(found.task, actor):
            raise Forbidden(say("This task is for another role. You can read it, but not do it."))
    row = keep_bytes(engine, actor, upload)
    with engine.store.transaction() as connection:
        documents.add_blob(connection, row)
        mine = drafts.of_person(connection, task_id, _person(actor))
        staged = {name: list(ids) for name, ids in _staged_now(mine).items()}
        staged[upload.field] = [*staged.get(upload.field, []), row.id.hex][-_MOST_FILES:]
        drafts.save(
            connection,
            task_id,
            _person(actor),
            form_digest=form_digest(engine, found.task),
            fields=fields or (mine.fields if mine else {}),
            staged=staged,
            at=row.uploaded_at,
        )
    return row


def unstage(engine: Engine, actor: Actor, task_id: UUID, field: str, blob: UUID) -> None:
    """Take a chosen file out of one's draft; its bytes are removed later."""
    with engine.store.reading() as connection:
        found = load_task(connection, actor, task_id)
    with engine.store.transaction() as connection:
        mine = drafts.of_person(connection, task_id, _person(actor))
        if mine is None or blob.hex not in mine.staged.get(field, ()):
            return
        staged = {name: [i for i in ids if (name, i) != (field, blob.hex)] for name, ids in mine.staged.items()}
        drafts.save(
            connection,
            task_id,
            _person(actor),
            form_digest=form_digest(engine, found.task),
            fields=mine.fields,
            staged={name: ids for name, ids in staged.items() if ids},
            at=engine.clock.now(),
        )


def keep_bytes(engine: Engine, actor: Actor, upload: Upload) -> BlobRow:
    """Check a file and write its bytes; gives the row to be written in the caller's transaction."""
    checked = uploads.check(upload.filename, upload.stream)
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


def form_digest(engine: Engine, task: Task) -> bytes:
    """Digest of the form that a task's draft is for; empty where the step has no form."""
    version = engine.versions.get(task.version)
    form = version.form_of(version.definition.step(task.element))
    return form.digest if form else b""


def best_draft(found: Sequence[Draft], person: UUID | None, prepared_by: UUID | None) -> Draft | None:
    """Pick what a person's form shows: the newer of the own draft and the preparer's."""
    return next((one for one in found if one.person in {person, prepared_by}), None)


def _must_draft(task: Task, actor: Actor, mine: Draft | None) -> None:
    if can_draft(task, actor) or mine is not None or actor.holds(task.role):
        return
    raise NotFound(NO_TASK)


def _staged_now(mine: Draft | None) -> Mapping[str, Sequence[str]]:
    return mine.staged if mine else {}


def _must_be_bounded(fields: RawFields) -> None:
    size = sum(len(name) + sum(len(text) for text in texts) for name, texts in fields.items())
    if len(fields) > _MOST_FIELDS or size > _LONGEST_DRAFT:
        raise Forbidden(say("This is more than one form can hold. Shorten the table or attach it as a file."))


def _person(actor: Actor) -> UUID:
    if actor.person is None:
        raise Forbidden(say("Only a person can do that."))
    return actor.person


def _line(task: Task, kind: EventKind, payload: Mapping[str, object]) -> Line:
    return Line(
        kind=kind, element=task.element, round=task.round, iteration=task.iteration, payload=payload
    )
