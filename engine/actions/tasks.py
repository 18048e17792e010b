"""What people do with a task besides completing it: who holds it, and whether its clock runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.actions.acknowledgements import must_have_read
from engine.actions.four_eyes import must_be_another
from engine.actions.loading import load_task, must_be_open, person_name, refusals
from engine.actions.reasons import must_have_reason
from engine.actions.task_saving import save
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, Problem, say
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.definition import ClockStart
from engine.model.event import EventKind
from engine.model.permission import Permission
from engine.model.schedule import due
from engine.model.task import Task, can_hold, can_work, must_hold, must_work
from engine.storage import instances, office, tasks
from engine.storage.office import Colleague


def claim(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Take a task of the role's pool; taking one's own again changes nothing."""
    with engine.store.reading() as connection:
        seen = load_task(connection, actor, task_id)
    task = seen.task
    with refusals(engine, actor, task.instance, EventKind.TASK_CLAIMED, task):
        must_be_open(engine, task)
        _must_be_free(engine, actor, task)
        must_work(task, actor)
        must_be_another(engine, task, actor.person)
        must_have_read(engine, actor, seen.unread)
        if task.assignee == actor.person and task.claimed_at is not None:
            return
        save(engine, actor, task, _taken(engine, actor, task), EventKind.TASK_CLAIMED, {})


def release(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Give a task back to the role's pool."""
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.TASK_RELEASED, task):
        must_be_open(engine, task)
        if task.assignee is None:
            must_work(task, actor)
            return
        if task.assignee != actor.person:
            raise Forbidden(say("Only who is working on a task can give it back."))
        _free(engine, actor, task, {})


def release_orphan(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Put a task back into its role's pool when its holder cannot do it any more (administrators)."""
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise Forbidden(say("Only an administrator can do that."))
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.TASK_RELEASED, task):
        must_be_open(engine, task)
        if task.assignee is None:
            return
        holder = _colleagues(engine, actor).get(task.assignee)
        if holder is not None and can_hold(task, holder.roles):
            who = person_name(engine, task.assignee)
            raise Conflict(say("%(who)s can still do this task.", who=who))
        _free(engine, actor, task, {"orphan": True})


def assign(engine: Engine, actor: Actor, task_id: UUID, person: UUID) -> str:
    """Hand a task to a person of the roles its step may be delegated to, and give their name."""
    task = _load(engine, actor, task_id)
    step = engine.versions.get(task.version).definition.step(task.element)
    with refusals(engine, actor, task.instance, EventKind.TASK_ASSIGNED, task):
        must_be_open(engine, task)
        _must_be_free(engine, actor, task)
        must_hold(task, actor)
        if not step.delegable_to:
            raise Forbidden(say("This step cannot be handed to somebody else."))
        name = _must_be_colleague(engine, actor, person, frozenset(step.delegable_to))
        must_be_another(engine, task, person)
        save(
            engine,
            actor,
            task,
            {"assignee": person, "delegated_by": actor.person, "claimed_at": None},
            EventKind.TASK_ASSIGNED,
            {"to": person.hex, "was": {"assignee": _hex(task.assignee)}},
            joining=person,
        )
    return name


def take_back(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Take back a task that one handed to somebody."""
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.TASK_TAKEN_BACK, task):
        must_be_open(engine, task)
        if task.delegated_by is None and task.assignee == actor.person:
            return
        if task.delegated_by != actor.person:
            raise Forbidden(say("Only who handed a task out can take it back."))
        if not actor.holds(task.role):
            raise Forbidden(say("This task is for another role. You can read it, but not do it."))
        save(
            engine,
            actor,
            task,
            _taken(engine, actor, task) | {"delegated_by": None},
            EventKind.TASK_TAKEN_BACK,
            {"was": {"assignee": _hex(task.assignee)}},
        )


def ask_preparation(engine: Engine, actor: Actor, task_id: UUID, person: UUID) -> str:
    """Have a colleague fill the draft, and give their name; completing still needs the role."""
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.TASK_PREPARATION_ASKED, task):
        must_be_open(engine, task)
        _must_be_free(engine, actor, task)
        must_work(task, actor)
        name = _must_be_colleague(engine, actor, person, None)
        save(
            engine,
            actor,
            task,
            _taken(engine, actor, task) | {"prepared_by": person},
            EventKind.TASK_PREPARATION_ASKED,
            {"of": person.hex, "was": {"prepared_by": _hex(task.prepared_by)}},
        )
    return name


def end_preparation(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Stop having a task prepared; what was typed stays."""
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.TASK_PREPARATION_ENDED, task):
        must_be_open(engine, task)
        if task.prepared_by is None:
            return
        if task.prepared_by != actor.person:
            must_work(task, actor)
        was = {"prepared_by": _hex(task.prepared_by)}
        save(engine, actor, task, {"prepared_by": None}, EventKind.TASK_PREPARATION_ENDED, {"was": was})


def pause(engine: Engine, actor: Actor, task_id: UUID, reason: str) -> None:
    """Let the clock of a task stand, for a reason that everybody sees."""
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.CLOCK_PAUSED, task):
        must_be_open(engine, task)
        must_work(task, actor)
        reason = must_have_reason(reason)
        if task.paused_at is not None:
            return
        now = engine.clock.now()
        changes = {"paused_at": now, "pause_reason": reason, "due_at": None}
        was = {"due": task.due_at.isoformat()} if task.due_at else {}
        save(engine, actor, task, changes, EventKind.CLOCK_PAUSED, {"reason": reason, "was": was})


def resume(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Let the clock run on; the pause moves the due time by its working minutes."""
    task = _load(engine, actor, task_id)
    with refusals(engine, actor, task.instance, EventKind.CLOCK_RESUMED, task):
        must_be_open(engine, task)
        must_work(task, actor)
        if task.paused_at is None:
            return
        calendar = _calendar(engine, task)
        now = engine.clock.now()
        running_since = max(task.paused_at, task.clock_started_at or task.paused_at)
        paused = task.paused_minutes + calendar.minutes_between(min(running_since, now), now)
        step = engine.versions.get(task.version).definition.step(task.element)
        due_at = due(step, started_at=task.clock_started_at, paused_minutes=paused, calendar=calendar)
        changes = {"paused_at": None, "pause_reason": None, "paused_minutes": paused, "due_at": due_at}
        payload = {"paused_minutes": paused, "due": due_at.isoformat() if due_at else None}
        save(engine, actor, task, changes, EventKind.CLOCK_RESUMED, payload)


def see(engine: Engine, actor: Actor, task_id: UUID) -> None:
    """Note that somebody who may work on a task opened it: from now on it cannot be withdrawn.

    Opening is reading, not an act of the case: it changes two columns and writes no event.
    """
    with engine.store.reading() as connection:
        seen = load_task(connection, actor, task_id)
        before = tasks.load(connection, seen.undo_task, actor.office, None) if seen.undo_task else None
    if seen.task.seen_at is not None or not can_work(seen.task, actor):
        return
    # Who completed the step before may still take it back: the next *person* has opened nothing yet.
    if before is not None and before.task.completed_by == actor.person:
        return
    with engine.store.transaction() as connection:
        instances.hold(connection, seen.task.instance)
        if tasks.see(connection, seen.task.id, engine.clock.now()):
            instances.forget_undo(connection, seen.task.instance)


def _free(engine: Engine, actor: Actor, task: Task, facts: Mapping[str, Any]) -> None:
    """Give a task back to its role's pool."""
    was = {"assignee": _hex(task.assignee), "delegated_by": _hex(task.delegated_by)}
    changes = {"assignee": None, "claimed_at": None, "delegated_by": None}
    save(engine, actor, task, changes, EventKind.TASK_RELEASED, {"was": was, **facts})


def _taken(engine: Engine, actor: Actor, task: Task) -> dict[str, Any]:
    """Columns of a task that somebody takes in hand: the clock of a step that waited for that starts."""
    now = engine.clock.now()
    changes: dict[str, Any] = {
        "assignee": actor.person,
        "claimed_at": task.claimed_at if task.assignee == actor.person and task.claimed_at else now,
        "seen_at": task.seen_at or now,
    }
    step = engine.versions.get(task.version).definition.step(task.element)
    if step.clock is ClockStart.STARTED and task.clock_started_at is None:
        calendar = _calendar(engine, task)
        due_at = due(step, started_at=now, paused_minutes=task.paused_minutes, calendar=calendar)
        changes |= {"clock_started_at": now, "due_at": None if task.paused_at else due_at}
    return changes


def _load(engine: Engine, actor: Actor, task_id: UUID) -> Task:
    with engine.store.reading() as connection:
        return load_task(connection, actor, task_id).task


def _must_be_free(engine: Engine, actor: Actor, task: Task) -> None:
    """Name who has the task, when it is not the actor and the actor's role could have it."""
    if task.assignee is None or task.assignee == actor.person or not actor.holds(task.role):
        return
    who = person_name(engine, task.assignee)
    raise Conflict(say("%(who)s is working on this task already.", who=who))


def _colleagues(engine: Engine, actor: Actor) -> dict[UUID, Colleague]:
    """Give the active people of the office with the roles they hold today."""
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        return {one.id: one for one in office.colleagues(connection, actor.office, day)}


def _must_be_colleague(engine: Engine, actor: Actor, person: UUID, roles: frozenset[str] | None) -> str:
    one = _colleagues(engine, actor).get(person)
    if person == actor.person or one is None or (roles is not None and one.roles.isdisjoint(roles)):
        sentence = say("Choose a colleague from the list.")
        raise Invalid((Problem(field="person", label="person", sentence=sentence),))
    return one.name


def _calendar(engine: Engine, task: Task) -> WorkCalendar:
    return engine.calendar_of(task.office)


def _hex(person: UUID | None) -> str | None:
    return person.hex if person else None
