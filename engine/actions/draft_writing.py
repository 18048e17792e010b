"""How a draft is written: over one's own as it was seen, beside one that was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from engine.actions.loading import load_task
from engine.core import Engine
from engine.errors import Forbidden, say
from engine.model.actor import Actor
from engine.model.task import Task, can_draft
from engine.storage import drafts, instances
from engine.storage.drafts import Draft, RawFields, staged_files
from engine.storage.transaction import Connection

# A draft is bounded so that a stuck script cannot fill the disk.
_MOST_FIELDS = 6000
_LONGEST_DRAFT = 1_000_000  # characters


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
    what was typed was kept beside it. ``closed``: the person cannot fill the form
    any more; what was typed waits on the page of the task.
    """

    revision: int
    at: datetime
    elsewhere: datetime | None = None
    closed: bool = False


def held(connection: Connection, actor: Actor, task_id: UUID) -> tuple[Task, list[Draft]]:
    """Read a task and what the actor sees of its drafts, and keep others from writing them meanwhile.

    The case is held, not the draft: the first of two that begin one would have nothing to hold.
    """
    task = load_task(connection, actor, task_id).task
    instances.hold(connection, task.instance)
    task = load_task(connection, actor, task_id).task
    return task, drafts.seen_by(drafts.of_task(connection, task_id), task, actor.person)


def write(  # noqa: PLR0913, PLR0917 - the parts of one draft
    engine: Engine,
    connection: Connection,
    actor: Actor,
    task: Task,
    fields: RawFields | None,
    staged: Mapping[str, Sequence[str]],
    opened: Opened | None,
    *,
    itself: bool = False,
) -> Saved:
    """Write a draft of a held case over the person's one before; None leaves the fields as they were.

    What would be overwritten unseen is put aside: what comes from a page that does not know the draft
    as it is, or the draft itself, where the page was filled from another one. What a page saved by
    ``itself`` goes with its completion.
    """
    _must_be_bounded(fields or {})
    person, now, closed = person_of(actor), engine.clock.now(), not can_draft(task, actor)
    version = engine.versions.get(task.version)
    form = version.form_of(version.definition.step(task.element))
    of_task = drafts.of_task(connection, task.id)
    mine = next((one for one in of_task if one.person == person and not one.aside), None)
    kept: RawFields = fields if fields is not None else mine.fields if mine else {}
    files = {**staged_files(drafts.seen_by(of_task, task, person)), **staged}
    elsewhere = changed_elsewhere(mine, kept, opened)
    attempt = mine.attempt if mine else None
    if opened:
        attempt = drafts.by_itself(opened.attempt) if itself else opened.attempt
    put = partial(
        drafts.save,
        connection,
        task.id,
        person,
        form_digest=form.digest if form else b"",
        at=now,
        prepared_for=task.assignee if person == task.prepared_by else None,
    )
    if mine is not None and elsewhere is not None:
        put(aside=True, fields=kept, staged={}, attempt=attempt)
        if staged:
            put(fields=mine.fields, staged=files, attempt=mine.attempt)
        return Saved(revision=mine.revision, at=now, elsewhere=elsewhere, closed=closed)
    other = opened and opened.other and mine and not _is_of(mine, opened)
    if mine and mine.fields and other and mine.fields != kept:
        drafts.put_aside(connection, mine)
    revision = put(fields=kept, staged=files, attempt=attempt, first=mine.revision + 1 if mine else 1)
    return Saved(revision=revision, at=now, closed=closed)


def _must_be_bounded(fields: RawFields) -> None:
    size = sum(len(name) + sum(len(text) for text in texts) for name, texts in fields.items())
    if len(fields) > _MOST_FIELDS or size > _LONGEST_DRAFT:
        raise Forbidden(say("This is more than one form can hold. Shorten the table or attach it as a file."))


def person_of(actor: Actor) -> UUID:
    """Give whose draft it is; Forbidden for what is no person."""
    if actor.person is None:
        raise Forbidden(say("Only a person can do that."))
    return actor.person


def changed_elsewhere(mine: Draft | None, fields: RawFields, opened: Opened | None) -> datetime | None:
    """Tell when one's draft was changed from a page that the opened one does not know.

    The page that saved last is never a stranger, whatever it knows of the revision: an answer may
    still be on its way to it.
    """
    if mine is None or opened is None or not mine.fields or mine.revision == opened.revision:
        return None
    same = _is_of(mine, opened) or dict(mine.fields) == dict(fields)
    return None if same else mine.saved_at


def _is_of(mine: Draft, opened: Opened) -> bool:
    return mine.attempt in {opened.attempt, drafts.by_itself(opened.attempt)}
