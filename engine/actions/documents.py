"""Documents and comments that people add to a case while they work on a task."""

from __future__ import annotations

from uuid import UUID

from engine.actions.drafts import Upload, keep_bytes
from engine.actions.loading import load_task, must_be_open, refusals
from engine.core import Engine
from engine.errors import Invalid, Problem, say
from engine.model.actor import Actor
from engine.model.document import DocumentState
from engine.model.event import EventKind, Scope
from engine.model.task import must_work
from engine.storage import documents, events, instances
from engine.storage.events import Line

_LONGEST_NAME = 120
_LONGEST_COMMENT = 4000


def attach(engine: Engine, actor: Actor, task_id: UUID, name: str, upload: Upload) -> int:
    """Add a document to the case, or a new version where the name is there already; gives its number."""
    name = _text(name, "name", _LONGEST_NAME)
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
    with refusals(engine, actor, task.instance, EventKind.DOCUMENT_ADDED, task):
        must_be_open(engine, task)
        must_work(task, actor)
    step = engine.versions.get(task.version).definition.step(task.element)
    accept = next((output.accept for output in step.outputs if output.name == name), ())
    row = keep_bytes(engine, actor, upload, accept)
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        _guard, _status, head = instances.lock(connection, task.instance)
        documents.add_blob(connection, row)
        last, version = documents.last(connection, task.instance, name)
        version += 1
        documents.add(
            connection,
            [
                {
                    "instance": task.instance,
                    "no": last + 1,
                    "office": task.office,
                    "name": name,
                    "version": version,
                    "state": DocumentState.DRAFT,
                    "blob": row.id,
                    "element": task.element,
                    "round": task.round,
                    "author": actor.person,
                    "at": now,
                }
            ],
        )
        payload = {"no": last + 1, "name": name, "version": version, "sha256": row.digest.hex()}
        line = Line(kind=EventKind.DOCUMENT_ADDED, element=task.element, round=task.round, payload=payload)
        head = events.extend(connection, Scope.INSTANCE, task.instance, head, actor, now, [line])
        instances.save(connection, task.instance, head, {})
    return last + 1


def comment(engine: Engine, actor: Actor, task_id: UUID, text: str, attempt: UUID) -> None:
    """Say something to everybody who follows the case; the same attempt says it once."""
    text = _text(text, "text", _LONGEST_COMMENT, lines=True)
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        task = load_task(connection, actor, task_id).task
        instances.hold(connection, task.instance)
        if documents.has_comment(connection, attempt):
            return
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
        events.append(connection, Scope.INSTANCE, task.instance, actor, now, [line], attempt=attempt)
        if actor.person is not None:
            instances.join_in(connection, task.instance, actor.person)


def _text(raw: str, field: str, longest: int, *, lines: bool = False) -> str:
    text = raw.strip() if lines else " ".join(raw.split())
    text = text.replace("\0", "")
    if not text:
        raise Invalid((Problem(field=field, label=field, sentence=say("Write something here.")),))
    if len(text) > longest:
        sentence = say(
            "At most %(most)s characters fit here; this has %(found)s.", most=longest, found=len(text)
        )
        raise Invalid((Problem(field=field, label=field, sentence=sentence),))
    return text
