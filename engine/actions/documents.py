"""Documents and comments that people add to a case while they work on a task."""

from __future__ import annotations

from uuid import UUID

from engine.actions.files import Upload, keep_bytes
from engine.actions.loading import load_task, must_be_open, refusals
from engine.actions.reasons import too_long
from engine.core import Engine
from engine.errors import Invalid, Problem, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.document import DocumentState
from engine.model.event import EventKind, Scope
from engine.model.task import Task, acting_for, has_part, must_work
from engine.storage import documents, events, instances
from engine.storage.documents import BlobRow
from engine.storage.events import Head, Line
from engine.storage.transaction import Connection

_LONGEST_NAME = 120
_LONGEST_COMMENT = 4000


def attach(engine: Engine, actor: Actor, task_id: UUID, name: str, upload: Upload, attempt: UUID) -> int:
    """Add a document to the case, or a new version where the name is there already; gives its number.

    The same attempt with the same file adds it once.
    """
    name = _text(name, "name", _LONGEST_NAME)
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
    with refusals(engine, actor, task.instance, EventKind.DOCUMENT_ADDED, task):
        must_be_open(engine, task)
        must_work(task, actor)
        step = engine.versions.get(task.version).definition.step(task.element)
        accept = next((output.accept for output in step.outputs if output.name == name), ())
        row = keep_bytes(engine, actor, upload, accept)
        with engine.store.transaction() as connection:
            _guard, _status, head = instances.lock(connection, task.instance)
            # Once more: while the file came in the task may have been completed, or the case cancelled.
            task = load_task(connection, actor, task_id).task
            must_be_open(engine, task)
            must_work(task, actor)
            before = events.payload_of(connection, task.instance, EventKind.DOCUMENT_ADDED, attempt) or {}
            if (before.get("name"), before.get("sha256")) == (name, row.digest.hex()):
                return int(before["no"])
            return _add(connection, actor, task, name, row, head, attempt)


def _add(  # noqa: PLR0913, PLR0917 - the parts of one version
    connection: Connection, actor: Actor, task: Task, name: str, row: BlobRow, head: Head, attempt: UUID
) -> int:
    documents.add_blob(connection, row)
    last, version = documents.last(connection, task.instance, name)
    no, version = last + 1, version + 1
    columns = {
        "instance": task.instance,
        "no": no,
        "office": task.office,
        "name": name,
        "version": version,
        "state": DocumentState.DRAFT,
        "blob": row.id,
        "element": task.element,
        "round": task.round,
        "author": actor.person,
        "at": row.uploaded_at,
    }
    documents.add(connection, [columns])
    payload = {"no": no, "name": name, "version": version, "sha256": row.digest.hex()}
    line = Line(kind=EventKind.DOCUMENT_ADDED, element=task.element, round=task.round, payload=payload)
    acting, at = acting_for(actor, task), row.uploaded_at
    head = events.extend(connection, Scope.INSTANCE, task.instance, head, acting, at, [line], attempt=attempt)
    instances.save(connection, task.instance, head, {})
    return no


def comment(engine: Engine, actor: Actor, task_id: UUID, text: str, attempt: UUID) -> None:
    """Say something to everybody who follows the case; the same attempt says the same once."""
    text = _text(text, "text", _LONGEST_COMMENT, lines=True)
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        task = load_task(connection, actor, task_id).task
        instances.hold(connection, task.instance)
        before = documents.comment_text(connection, attempt)
        if before == text:
            return
        # Another text from the same page, gone back to: it is something new to say.
        attempt = attempt if before is None else new_id()
        documents.add_comment(
            connection,
            id=attempt,
            office=task.office,
            instance=task.instance,
            element=task.element,
            round=task.round,
            author=actor.person,
            at=now,
            text=text,
        )
        line = Line(
            kind=EventKind.COMMENT_ADDED, element=task.element, round=task.round, payload={"text": text}
        )
        acting = acting_for(actor, task)
        events.append(connection, Scope.INSTANCE, task.instance, acting, now, [line], attempt=attempt)
        if actor.person is not None and has_part(task, actor):
            instances.join_in(connection, task.instance, actor.person)


def _text(raw: str, field: str, longest: int, *, lines: bool = False) -> str:
    text = raw.strip() if lines else " ".join(raw.split())
    text = text.replace("\0", "")
    if not text:
        raise Invalid((Problem(field=field, label=field, sentence=say("Write something here.")),))
    if len(text) > longest:
        raise Invalid((Problem(field=field, label=field, sentence=too_long(text, longest)),))
    return text
