"""Complete a task: exactly once, by whom it is for, with everything on record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.actions.acknowledgements import must_have_read
from engine.actions.completion_saving import Moved, save
from engine.actions.completion_work import Completion, prepare
from engine.actions.drafts import keep_typed, typing_kept
from engine.actions.four_eyes import must_be_another
from engine.actions.incidents_noted import completion_noted, tried_by
from engine.actions.loading import load_task, must_be_open, refusals
from engine.core import Engine
from engine.errors import Conflict, say
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.task import Task, TaskState, acting_for, must_work
from engine.storage.data_stores import StoreChanged

__all__ = ["Completed", "Completion", "complete"]

# How often a completion starts over when something else of the same case was first.
_TRIES = 8


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What came of it."""

    instance: UUID
    opened: tuple[str, ...]  # elements opened by it
    finished: bool
    again: bool = False  # the same form was sent before; nothing was done this time
    kept: bool = False  # ... but said something else then: that is kept as a draft


def complete(engine: Engine, actor: Actor, task_id: UUID, completion: Completion) -> Completed:
    """Complete a task; the same person's same attempt gets the first answer again.

    Reads, checks and steps the process before any lock; then one short transaction writes, if the
    case is still as it was read. Raises Invalid with every field's problem, Conflict naming who was
    first, ProcessFailed naming the element whose condition failed; what was typed is kept as a
    draft each time.
    """
    for _ in range(_TRIES):
        try:
            return _attempt(engine, actor, task_id, completion)
        except (Moved, StoreChanged):
            continue
    with engine.store.reading() as connection:
        task = load_task(connection, actor, task_id).task
    keep_typed(engine, actor, task, completion.fields, completion.opened)
    raise Conflict(say("The case is moving in several places at once. Please try again."))


def _attempt(engine: Engine, actor: Actor, task_id: UUID, completion: Completion) -> Completed:
    with engine.store.reading() as connection:
        seen = load_task(connection, actor, task_id)
        if _is_repeated(seen.task, actor, completion):
            kept = keep_typed(engine, actor, seen.task, completion.fields, completion.opened)
            return Completed(instance=seen.task.instance, opened=(), finished=False, again=True, kept=kept)
        with typing_kept(engine, actor, seen.task, completion.fields, completion.opened):
            case, act, attempt = seen.task.instance, EventKind.TASK_COMPLETED, completion.attempt
            with refusals(engine, actor, case, act, seen.task, attempt=attempt):
                must_be_open(engine, seen.task)
                must_work(seen.task, actor)
                must_be_another(engine, seen.task, actor.person, connection)
                must_have_read(engine, actor, seen.unread)
            work = prepare(engine, connection, actor, seen, completion)
    task = seen.task
    tried, sent = tried_by(task), {"values": work.submission.values, "shared": work.shared}
    with (
        typing_kept(engine, actor, task, completion.fields, completion.opened),
        completion_noted(engine, acting_for(actor, task), task.instance, tried, sent),
    ):
        outcome = engine.runner.complete(
            seen.saved, task.key, submitted=work.submission.values, shared=work.shared, now=work.now
        )
    with engine.store.transaction() as connection:
        save(engine, connection, actor, seen, work, outcome)
    if not outcome.finished:
        engine.runner.keep(task.instance, seen.guard + 1, outcome)
    opened = tuple(key.element for key in outcome.opened)
    return Completed(instance=task.instance, opened=opened, finished=outcome.finished)


def _is_repeated(task: Task, actor: Actor, completion: Completion) -> bool:
    """Tell a second click or a retried request of the same form from a new wish."""
    return (
        task.state is TaskState.COMPLETED
        and task.completed_by == actor.person
        and task.attempt == completion.attempt
    )
