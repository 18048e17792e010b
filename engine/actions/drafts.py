"""Drafts: what somebody typed so far, and the files chosen with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from uuid import UUID

from engine.actions.documents_made import slot_name
from engine.actions.draft_writing import Opened, Saved, changed_elsewhere, held, person_of, write
from engine.actions.files import Upload, keep_bytes
from engine.actions.loading import load_task, must_be_open, refusals
from engine.actions.sent_forms import is_news
from engine.core import Engine
from engine.errors import AlurError, Conflict, Forbidden, NotFound, say
from engine.forms.definition import FieldType
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.task import Task, TaskState, acting_for, can_draft, has_part
from engine.model.unseen import NO_TASK
from engine.storage import documents, drafts, events, instances
from engine.storage.documents import BlobRow
from engine.storage.drafts import RawFields, staged_files
from engine.storage.events import Line

__all__ = ["Opened", "Saved", "changed_elsewhere", "keep_typed", "save", "stage", "typing_kept", "unstage"]

_MOST_FILES = 20  # per field


def save(  # noqa: PLR0913 - what was typed, and how it came
    engine: Engine,
    actor: Actor,
    task_id: UUID,
    fields: RawFields,
    *,
    by_hand: bool,
    opened: Opened | None = None,
    itself: bool = False,
) -> Saved:
    """Save what was typed, valid or not.

    Only saving by hand writes an event: that, not what. The draft of a task that was closed meanwhile is
    kept too, where it says something else than was sent: nothing typed is lost. But not what saved
    ``itself`` from the very form that closed the task: that was on its way still when the form was sent.
    """
    with engine.store.transaction() as connection:
        task, _seen = held(connection, actor, task_id)
        if not (_had(task, actor) or drafts.of_person(connection, task_id, person_of(actor))):
            raise NotFound(NO_TASK)
        sent_it = task.state is TaskState.COMPLETED and opened is not None and opened.attempt == task.attempt
        if (itself and sent_it) or not (by_hand or is_news(engine, connection, actor, task, fields)):
            return Saved(revision=opened.revision if opened else 0, at=engine.clock.now())
        saved = write(engine, connection, actor, task, fields, {}, opened, itself=itself)
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
                instances.join_in(connection, task.instance, person_of(actor))
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
            task, seen = held(connection, actor, task_id)
            _must_draft(engine, actor, task)
            before = staged_files(seen).get(upload.field, ())
            chosen = documents.blobs(connection, [UUID(hex=one) for one in before])
            for one in chosen.values():
                if (one.digest, one.filename) == (row.digest, row.filename):  # a second click
                    return one
            documents.add_blob(connection, row)
            write(
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
        task, seen = held(connection, actor, task_id)
        _must_draft(engine, actor, task)
        chosen = staged_files(seen).get(field, ())
        if blob.hex in chosen:
            left = [one for one in chosen if one != blob.hex]
            write(engine, connection, actor, task, None, {field: left}, None)


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
) -> bool:
    """Keep what was typed as the person's draft, whatever stood in the way of the task itself.

    Tells whether there was something to keep: not where it is what the task was completed with.
    """
    if actor.person is None or not _had(task, actor):
        return False
    with engine.store.transaction() as connection:
        task, _seen = held(connection, actor, task.id)
        if not is_news(engine, connection, actor, task, fields):
            return False
        write(engine, connection, actor, task, fields, {}, opened)
    return True


def _had(task: Task, actor: Actor) -> bool:
    """Tell whether the actor may fill the form, or could until somebody else took or closed the task."""
    prepared = task.prepared_by is not None and task.prepared_by == actor.person
    return can_draft(task, actor) or has_part(task, actor) or prepared


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


def _must_draft(engine: Engine, actor: Actor, task: Task) -> None:
    must_be_open(engine, task)
    if not can_draft(task, actor):
        raise Forbidden(say("This task is for another role. You can read it, but not do it."))
