"""Note what could not go on: an incident stops its case and no other.

A failed step has been undone when it is noted: in a small transaction of its own, which locks the
case, looks whether what failed still waits, and counts an incident that is there already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actions.loading import within_limit
from engine.core import Engine
from engine.errors import AlurError, Failure, NotNow, ProcessFailed, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import (
    Cause,
    IncidentKind,
    IncidentState,
    Tried,
    seen_json,
    sentence_json,
)
from engine.model.instance import InstanceStatus
from engine.model.task import Task
from engine.storage import events, incidents, instances
from engine.storage.events import Line, to_json
from engine.storage.packing import Bulky
from engine.storage.suspensions import MOST_TIME_OUTS, WITHIN
from engine.storage.timers import TimerRow
from engine.storage.transaction import Connection, IntegrityError
from engine.storage.versions import Version

_MOST_SENT = 100_000  # characters of a submission that is kept for a dry run


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What failed, where, and what was tried."""

    element: str
    name: str
    sentence: Sentence
    failure: Failure
    tried: Tried
    sent: Mapping[str, Any] | None = None

    @classmethod
    def by(cls, error: ProcessFailed, tried: Tried, sent: Mapping[str, Any] | None = None) -> Failed:
        """Take it from the error of a step."""
        return cls(
            element=error.element,
            name=error.name,
            sentence=error.sentence,
            failure=error.failure,
            tried=tried,
            sent=sent,
        )


@contextmanager
def completion_noted(
    engine: Engine, actor: Actor, case: UUID, tried: Tried, sent: Mapping[str, Any]
) -> Iterator[None]:
    """Note a completion that the process refused. Pressing ten times is one incident, counted ten times."""
    try:
        yield
    except ProcessFailed as error:
        note(engine, actor, case, Failed.by(error, tried, sent), counted=within_limit(actor))
        raise


@contextmanager
def start_noted(engine: Engine, actor: Actor, version: Version, start: str) -> Iterator[None]:
    """Note that no case can be started on a version, or at one of its start events."""
    try:
        yield
    except ProcessFailed as error:
        failed = Failed.by(error, Tried(cause=Cause.START, element=start))
        note_version(engine, actor, version, failed, counted=within_limit(actor))
        suspend_slow(engine, version, failed)
        raise


def tried_by(task: Task) -> Tried:
    """Name the completion of a task as what was tried."""
    return Tried(cause=Cause.COMPLETION, element=task.element, round=task.round, iteration=task.iteration)


def tried_timer(timer: TimerRow) -> Tried:
    """Name the firing of a timer as what was tried."""
    return Tried(cause=Cause.TIMER, element=timer.element, round=timer.round, iteration=timer.iteration)


def failed_at(tried: Tried, kind: IncidentKind, error: Exception) -> Failed:
    """Take it from any error; of what is no fault of the SOP the log says more."""
    if isinstance(error, ProcessFailed):
        return Failed.by(error, tried)
    own = say("Alur itself failed here. Its log says more: %(error)s.", error=type(error).__name__)
    return Failed(
        element=tried.element,
        name="",
        sentence=error.sentence if isinstance(error, AlurError) else own,
        failure=Failure(kind=kind, round=tried.round, iteration=tried.iteration),
        tried=tried,
    )


def note_timer(engine: Engine, timer: TimerRow, error: Exception) -> None:
    """Note a timer that could not fire."""
    if isinstance(error, NotNow):  # the timer waits
        return
    tried = tried_timer(timer)
    worker = Actor(person=None, office=timer.office, name="")
    note(engine, worker, timer.instance, failed_at(tried, IncidentKind.TIMER, error))


def note(engine: Engine, actor: Actor, case: UUID, failed: Failed, *, counted: bool = True) -> None:
    """Note what failed in a running case, if what was tried still waits.

    Where it is known already it is ``counted`` once more, with what is known of it now; or left as it is.
    """
    with engine.store.transaction() as connection:
        version = note_in(engine, connection, actor, case, failed, counted=counted)
    if version is not None:
        suspend_slow(engine, version, failed)


def note_in(
    engine: Engine, connection: Connection, actor: Actor, case: UUID, failed: Failed, *, counted: bool = True
) -> Version | None:
    """Note it in a transaction that does more; gives the version, None where what was tried waits no more."""
    now = engine.clock.now()
    _guard, status, head = instances.lock(connection, case)
    if status != InstanceStatus.RUNNING or not incidents.waits(connection, case, failed.tried):
        return None
    version = engine.versions.get(instances.version_of(connection, case))
    if not failed.name:
        failed = replace(failed, name=version.definition.name_of(failed.element))
    row = _row(actor, version.id, case, failed, now) | {"instance": case}
    line = _written(connection, row, failed, counted=counted)
    if line is not None:
        head = events.extend(connection, Scope.INSTANCE, case, head, actor, now, [line])
        instances.save(connection, case, head, {})
    return version


def suspend_slow(engine: Engine, version: Version, failed: Failed) -> None:
    """Stop a version whose expressions ran out of time too often, before others have to wait for it."""
    if not failed.failure.timed_out or not engine.suspensions.timed_out(version.id, engine.clock.now()):
        return
    sentence = say(
        "%(name)s ran out of time %(times)s times within %(minutes)s minutes, the last time at %(step)s. All "
        "cases of this revision stand still until somebody lets it go on.",
        name=version.definition.name,
        times=MOST_TIME_OUTS,
        minutes=int(WITHIN.total_seconds() // 60),
        step=failed.name or failed.element,
    )
    stops = Failed(
        element="",
        name=version.definition.name,
        sentence=sentence,
        failure=Failure(kind=IncidentKind.SUSPENDED, expression=failed.failure.expression),
        tried=Tried(cause=Cause.VERSION),
    )
    note_version(engine, Actor(person=None, office=version.office, name=""), version, stops)
    engine.suspensions.look_again()


def note_version(
    engine: Engine, actor: Actor, version: Version, failed: Failed, *, counted: bool = True
) -> None:
    """Note what is wrong with a version of an SOP, where there is no case."""
    now = engine.clock.now()
    # Two that note it in the same instant: the second finds the row of the first.
    for last in (False, True):
        try:
            with engine.store.transaction() as connection:
                row = _row(actor, version.id, version.id, failed, now)
                line = _written(connection, row, failed, counted=counted)
                if line is not None:
                    events.append(connection, Scope.LIBRARY, version.process, actor, now, [line])
        except IntegrityError:
            if last:
                raise
        else:
            return


def _row(actor: Actor, version: UUID, subject: UUID, failed: Failed, now: datetime) -> dict[str, Any]:
    failure, tried = failed.failure, failed.tried
    sent = to_json(failed.sent) if failed.sent is not None else ""
    return {
        "id": new_id(),
        "office": actor.office,
        "subject": subject,
        "version": version,
        "element": failed.element,
        "round": failure.round,
        "iteration": failure.iteration,
        "kind": failure.kind,
        "name": failed.name,
        "cause": tried.cause,
        "cause_element": tried.element,
        "cause_round": tried.round,
        "cause_iteration": tried.iteration,
        "sentence": to_json(sentence_json(failed.sentence)),
        "expression": failure.expression,
        "missing": failure.missing,
        "seen": Bulky(seen_json(failure.seen)),
        "sent": Bulky(sent) if sent and len(sent) <= _MOST_SENT else None,
        "first_at": now,
        "last_at": now,
        "count": 1,
        "state": IncidentState.OPEN,
    }


_KEY = ("subject", "element", "round", "iteration", "kind")
_FIRST = ("id", "office", "instance", "version", "first_at", "count", "state")


def _written(connection: Connection, row: dict[str, Any], failed: Failed, *, counted: bool) -> Line | None:
    """Write the row, and give the event of a new incident."""
    key = {name: row[name] for name in _KEY}
    changes = {name: value for name, value in row.items() if name not in (*_KEY, *_FIRST)}
    if incidents.again(connection, key, changes) if counted else incidents.is_known(connection, key):
        return None
    incidents.add(connection, **row)
    payload = {"incident": row["id"].hex, "kind": row["kind"], "cause": row["cause"]}
    return Line(
        kind=EventKind.INCIDENT_OPENED,
        element=row["element"],
        round=row["round"],
        iteration=row["iteration"],
        payload=payload | sentence_json(failed.sentence),
    )
