"""Load through the actor: what one may not see is not found; refused attempts go on record."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from engine.core import Engine
from engine.errors import AlurError, Conflict, Forbidden, NotFound, Refused, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.naming import post_and_name
from engine.model.task import Task, TaskState, acting_for, can_see
from engine.model.unseen import NO_CASE, NO_TASK
from engine.queries.case_access import supervises
from engine.storage import events, instances, office, tasks
from engine.storage.events import Line
from engine.storage.transaction import Connection

# Refusals on record per person and process of the program: at most this many in this many seconds.
_REFUSALS = 10
_WINDOW = 60.0
_FINDINGS = 20  # of a refused file
_recent: dict[tuple[UUID, UUID | None], list[float]] = {}  # by office and person


def load_task(connection: Connection, actor: Actor, task_id: UUID) -> tasks.TaskInCase:
    """Read a task the actor may see."""
    found = tasks.load(connection, task_id, actor.office, actor.person)
    if found is None:
        raise NotFound(NO_TASK)
    supervised = supervises(connection, actor, found.task.instance)
    if not can_see(found.task, actor, takes_part=found.takes_part, supervised=supervised):
        raise NotFound(NO_TASK)
    return found


def load_case(connection: Connection, actor: Actor, instance_id: UUID) -> instances.InstanceRow:
    """Read a case the actor may see: took part, holds a role of it, or supervises."""
    found = instances.load(connection, instance_id, actor.person)
    if found is None or found.office != actor.office:
        raise NotFound(NO_CASE)
    held = not found.roles.isdisjoint(actor.role_keys)
    if not (found.takes_part or held or supervises(connection, actor, instance_id)):
        raise NotFound(NO_CASE)
    return found


def must_be_open(engine: Engine, task: Task) -> None:
    """Tell the loser of a race who was first and when."""
    if task.state is TaskState.OPEN:
        return
    if task.state is TaskState.COMPLETED and task.completed_by is not None:
        raise Conflict(
            say(
                "This task was already completed by %(who)s on %(when)s.",
                who=person_name(engine, task.completed_by),
                when=task.completed_at,
            )
        )
    raise Conflict(say("This task is closed; nothing more can be done with it."))


def person_name(engine: Engine, person: UUID) -> str:
    """Name a person, as pages do."""
    with engine.store.reading() as connection:
        name, post = office.names_of(connection, {person}).get(person, ("", ""))
    return post_and_name(name, post)


@contextmanager
def refusals(  # noqa: PLR0913 - what an event says of an attempt
    engine: Engine,
    actor: Actor,
    stream: UUID,
    act: EventKind,
    task: Task | None = None,
    *,
    scope: Scope = Scope.INSTANCE,
    attempt: UUID | None = None,
    about: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[None]:
    """Put a refused attempt on record: its own small transaction that only extends the stream.

    It changes nothing that others compare, so a stranger cannot cause Conflicts; and it is
    limited per person, so that nobody fills the record. ``about`` says what was wanted, where there
    is no task that says it.
    """
    try:
        yield
    except (Forbidden, Conflict, Refused) as error:
        if within_limit(actor):
            line = Line(
                kind=EventKind.ATTEMPT_REFUSED,
                element=task.element if task else None,
                round=task.round if task else None,
                iteration=task.iteration if task else None,
                payload={"act": act.value, **about, **_reason(error)},
            )
            with engine.store.transaction() as connection:
                acting, now = acting_for(actor, task) if task else actor, engine.clock.now()
                events.append(connection, scope, stream, acting, now, [line], attempt=attempt)
        raise


def _reason(error: AlurError) -> dict[str, Any]:
    """Keep the sentence as template and values, so that it can be read in any language later."""
    values = {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in error.sentence.values.items()
    }
    reason = {"why": error.sentence.template} | ({"values": values} if values else {})
    if isinstance(error, Refused):
        return reason | {"found": [[one.code, one.element] for one in error.findings[:_FINDINGS]]}
    return reason


def within_limit(actor: Actor) -> bool:
    """Tell whether one more attempt of a person that failed may go on record now."""
    who, now = (actor.office, actor.person), time.monotonic()
    recent = [at for at in _recent.get(who, ()) if now - at < _WINDOW]
    _recent[who] = recent
    if len(recent) >= _REFUSALS:
        return False
    recent.append(now)
    return True
