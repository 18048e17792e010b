"""Drafts: what somebody typed so far, and the files chosen with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from engine.actions.documents_made import slot_name
from engine.actions.files import Upload, keep_bytes
from engine.actions.loading import NO_TASK, load_task, must_be_open, refusals
from engine.core import Engine
from engine.errors import AlurError, Conflict, Forbidden, NotFound, say
from engine.forms.definition import FieldType
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.task import Task, TaskState, acting_for, can_draft, has_part
from engine.storage import documents, drafts, events, instances
from engine.storage.documents import BlobRow
from engine.storage.drafts import Draft, RawFields, staged_files
from engine.storage.events import Line
from engine.storage.transaction import Connection

# A draft is bounded so that a stuck script cannot fill the disk.
_MOST_FIELDS = 6000
_LONGEST_DRAFT = 1_000_000  # characters
_MOST_FILES = 20  # per field


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A form as it was opened: how the person's own draft stood then, and what it was filled from."""

    attempt: UUID
    revision: int  # of one's own draft; 0 where there was none
    other: bool = False  # filled from another draft than one's own


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of what was typed.

    ``elsewhere`` is when the draft was changed from another page that this one does not know: then
    what was typed was kept beside it.
    """

    revision: int
    at: datetime
    elsewhere: datetime | None = None


def save(
    engine: Engine,
    actor: Actor,
    task_id: UUID,
    fields: RawFields,
    *,
    by_hand: bool,
    opened: Opened | None = None,
) -> Saved:
    """Save what was typed, valid or not.

    Saving by itself writes no event; by hand it writes that, not what. The draft of a task that was
    closed meanwhile is kept too: nothing typed is lost. But not what saves itself from the very form that
    closed the task: that was on its way still when the form was sent.
    """
    with engine.store.transaction() as connection:
        task, _seen = _held(connection, actor, task_id)
        mine = drafts.of_person(connection, task_id, _person(actor))
        if not (can_draft(task, actor) or mine is not None or actor.holds(task.role)):
            raise NotFound(NO_TASK)
        completed_by = task.attempt if task.state is TaskState.COMPLETED else None
        if not by_hand and opened is not None and opened.attempt == completed_by:
            return Saved(revision=opened.revision, at=engine.clock.now())
        saved = _write(engine, connection, actor, task, fields, {}, opened)
        if by_hand:
            line = Line(
                kind=EventKind.DRAFT_SAVED,
                element=task.element,
                round=task.round,
                iteration=task.iteration,
                payload={"revision": saved.revision},
            )
            acting = acting_for(actor, task)
            events.append(connection, Scope.INSTANCE, task.instance, acting, saved.at, [line])
            if has_part(task, actor):
                instances.join_in(connection, task.instance, _person(actor))
    return saved


def stage(  # noqa: PLR0913 - the parts of one chosen file
    engine: Engine,
    actor: Actor,
    task_id: UUID,
    upload: Upload,
    fields: RawFields | None,
    opened: Opened | None = None,
    *,
    told: bool = True,
) -> BlobRow:
    """Keep a chosen file with the draft, so that a form that fails validation does not lose it.

    The bytes are safe on the disk before their row is written; without a row they are removed later.
    Where the file may not be kept, what was typed with it is kept all the same. ``told`` puts a refusal
    on record; without it the act that the file is for does.
    """
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
    on_record = refusals(engine, actor, task.instance, EventKind.DRAFT_SAVED, task) if told else nullcontext()
    with typing_kept(engine, actor, task, fields, opened, when=(Forbidden, Conflict)), on_record:
        _must_draft(engine, actor, task)
        most, accept = _takes(engine, task, upload.field)
        row = replace(keep_bytes(engine, actor, upload, accept), task=task.id)
        with engine.store.transaction() as connection:
            # Once more: the task may have been closed, and another file chosen, while this one came in.
            task, seen = _held(connection, actor, task_id)
            _must_draft(engine, actor, task)
            before = staged_files(seen).get(upload.field, ())
            chosen = documents.blobs(connection, [UUID(hex=one) for one in before])
            for one in chosen.values():
                if (one.digest, one.filename) == (row.digest, row.filename):  # a second click
                    return one
            documents.add_blob(connection, row)
            _write(
                engine, connection, actor, task, fields, {upload.field: [*before, row.id.hex][-most:]}, opened
            )
    return row


def unstage(engine: Engine, actor: Actor, task_id: UUID, field: str, blob: UUID) -> None:
    """Take a chosen file out of the draft; its bytes are removed later."""
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
    with (
        refusals(engine, actor, task.instance, EventKind.DRAFT_SAVED, task),
        engine.store.transaction() as connection,
    ):
        task, seen = _held(connection, actor, task_id)
        _must_draft(engine, actor, task)
        chosen = staged_files(seen).get(field, ())
        if blob.hex in chosen:
            left = [one for one in chosen if one != blob.hex]
            _write(engine, connection, actor, task, None, {field: left}, None)


@contextmanager
def typing_kept(
    engine: Engine,
    actor: Actor,
    task: Task,
    fields: RawFields | None,
    opened: Opened | None,
    *,
    when: tuple[type[AlurError], ...] = (AlurError,),
) -> Iterator[None]:
    """Keep what was typed when something stands in the way of the task."""
    try:
        yield
    except when:
        if fields:
            keep_typed(engine, actor, task, fields, opened)
        raise


def keep_typed(
    engine: Engine, actor: Actor, task: Task, fields: RawFields, opened: Opened | None = None
) -> None:
    """Keep what was typed as the person's draft, whatever stood in the way of the task itself."""
    if actor.person is not None and (can_draft(task, actor) or actor.holds(task.role)):
        with engine.store.transaction() as connection:
            instances.hold(connection, task.instance)
            _write(engine, connection, actor, task, fields, {}, opened)


def changed_elsewhere(mine: Draft | None, fields: RawFields, opened: Opened | None) -> datetime | None:
    """Tell when one's draft was changed from a page that the opened one does not know.

    The page that saved last is never a stranger, whatever it knows of the revision: an answer may
    still be on its way to it.
    """
    if mine is None or opened is None or not mine.fields or mine.revision == opened.revision:
        return None
    same = mine.attempt == opened.attempt or dict(mine.fields) == dict(fields)
    return None if same else mine.saved_at


def _takes(engine: Engine, task: Task, name: str) -> tuple[int, Sequence[str]]:
    """Tell how many files a place of the step's form takes, and of which kinds; NotFound for no place."""
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    asked = form.by_key.get(name) if form else None
    if asked is not None and asked.type is FieldType.FILE:
        return (_MOST_FILES if asked.multiple else 1), asked.accept
    for place, output in enumerate(step.outputs):
        if slot_name(place) == name:
            return 1, output.accept
    raise NotFound(say("There is no place for this file in the form."))


def _held(connection: Connection, actor: Actor, task_id: UUID) -> tuple[Task, list[Draft]]:
    """Read a task and what the actor sees of its drafts, and keep others from writing them meanwhile.

    The case is held, not the draft: the first of two that begin one would have nothing to hold.
    """
    task = load_task(connection, actor, task_id).task
    instances.hold(connection, task.instance)
    task = load_task(connection, actor, task_id).task
    return task, drafts.seen_by(drafts.of_task(connection, task_id), task, actor.person)


def _must_draft(engine: Engine, actor: Actor, task: Task) -> None:
    must_be_open(engine, task)
    if not can_draft(task, actor):
        raise Forbidden(say("This task is for another role. You can read it, but not do it."))


def _write(  # noqa: PLR0913, PLR0917 - the parts of one draft
    engine: Engine,
    connection: Connection,
    actor: Actor,
    task: Task,
    fields: RawFields | None,
    staged: Mapping[str, Sequence[str]],
    opened: Opened | None,
) -> Saved:
    """Write a draft of a held case over the person's one before; None leaves the fields as they were.

    What would be overwritten unseen is put aside: what comes from a page that does not know the draft
    as it is, or the draft itself, where the page was filled from another one.
    """
    _must_be_bounded(fields or {})
    person, now = _person(actor), engine.clock.now()
    version = engine.versions.get(task.version)
    form = version.form_of(version.definition.step(task.element))
    of_task = drafts.of_task(connection, task.id)
    mine = next((one for one in of_task if one.person == person and not one.aside), None)
    kept: RawFields = fields if fields is not None else mine.fields if mine else {}
    files = {**staged_files(drafts.seen_by(of_task, task, person)), **staged}
    elsewhere = changed_elsewhere(mine, kept, opened)
    attempt = opened.attempt if opened else mine.attempt if mine else None
    write = partial(
        drafts.save,
        connection,
        task.id,
        person,
        form_digest=form.digest if form else b"",
        at=now,
        prepared_for=task.assignee if person == task.prepared_by else None,
    )
    if mine is not None and elsewhere is not None:
        write(aside=True, fields=kept, staged={}, attempt=attempt)
        if staged:
            write(fields=mine.fields, staged=files, attempt=mine.attempt)
        return Saved(revision=mine.revision, at=now, elsewhere=elsewhere)
    if mine and mine.fields and opened and opened.other and mine.attempt != attempt and mine.fields != kept:
        drafts.put_aside(connection, mine)
    first = mine.revision + 1 if mine else 1
    return Saved(revision=write(fields=kept, staged=files, attempt=attempt, first=first), at=now)


def _must_be_bounded(fields: RawFields) -> None:
    size = sum(len(name) + sum(len(text) for text in texts) for name, texts in fields.items())
    if len(fields) > _MOST_FIELDS or size > _LONGEST_DRAFT:
        raise Forbidden(say("This is more than one form can hold. Shorten the table or attach it as a file."))


def _person(actor: Actor) -> UUID:
    if actor.person is None:
        raise Forbidden(say("Only a person can do that."))
    return actor.person
