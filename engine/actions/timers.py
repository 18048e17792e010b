"""Fire timers of the diagram that are due: each exactly once, whoever tries, many in one transaction.

What makes it happen once is the row: it goes in the transaction that moves the case, and only while
the case is as it was when it was stepped.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actions.advancing import (
    NOT_UNDONE,
    Case,
    Rows,
    changes_after,
    lines_of,
    opened_rows,
    save_all_moved,
)
from engine.actions.basis import basis_of
from engine.actions.incidents_noted import tried_timer
from engine.actions.incidents_settled import settle
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import InstanceStatus
from engine.storage import events, incidents, instances, timers
from engine.storage.data_stores import StoreChanged
from engine.storage.events import Head, Line
from engine.storage.timers import TimedCase, TimerRow
from engine.storage.transaction import Connection, StoreUnavailable

# Seconds of stepping before what is done is written: slow expressions of one case keep no other waiting.
_STEPPING = 0.25


@dataclass(frozen=True, kw_only=True)
class Fired:
    """What came of timers that were to fire; of those that are named nowhere nothing was left to do."""

    done: list[TimerRow] = field(default_factory=list)
    left: list[TimerRow] = field(default_factory=list)  # the case was held, or had moved
    later: list[TimerRow] = field(default_factory=list)  # time ran out before its turn
    failed: list[tuple[TimerRow, Exception]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Step:
    timer: TimerRow
    case: TimedCase
    outcome: Outcome


def fire(engine: Engine, due: Sequence[TimerRow], now: datetime) -> Fired:
    """Move cases on, each by the first of its timers; one that cannot move keeps no other from it.

    A timer alone waits for its case; of several, those whose cases are held by others are left.
    """
    fired = Fired()
    with engine.store.reading() as connection:
        cases = timers.cases_of(connection, due)
    steps = _stepped(engine, due, cases, now, fired)
    over = [timer.id for timer in due if timer.id in cases and not _runs(cases[timer.id])]
    if not steps and not over:
        return fired
    try:
        with engine.store.transaction() as connection:
            timers.drop(connection, over)
            done = _save(engine, connection, steps, now, fired)
    except StoreChanged:
        # Another case wrote a data store meanwhile: nothing of this was written, and all are tried again.
        return replace(fired, left=[step.timer for step in steps] + fired.left)
    fired.done.extend(step.timer for step in done)
    for step in done:
        engine.runner.keep(step.case.id, step.case.guard + 1, step.outcome)
    return fired


def _runs(case: TimedCase) -> bool:
    return case.status is InstanceStatus.RUNNING and case.state is not None


def _stepped(
    engine: Engine, due: Sequence[TimerRow], cases: Mapping[UUID, TimedCase], now: datetime, fired: Fired
) -> list[_Step]:
    """Step each case once, with nothing locked."""
    steps: dict[UUID, _Step] = {}
    until = time.monotonic() + _STEPPING
    for timer in due:
        case = cases.get(timer.id)
        if case is None or not _runs(case):
            continue
        if case.id in steps:
            fired.left.append(timer)
        elif (steps or fired.failed) and time.monotonic() > until:
            fired.later.append(timer)
        elif (outcome := _tried(engine, case, timer, now, fired)) is not None:
            if outcome.stored and any(step.outcome.stored for step in steps.values()):
                # Both may have worked with the same value of a data store: one after the other.
                fired.left.append(timer)
            else:
                steps[case.id] = _Step(timer=timer, case=case, outcome=outcome)
    return list(steps.values())


def _tried(engine: Engine, case: TimedCase, timer: TimerRow, now: datetime, fired: Fired) -> Outcome | None:
    try:
        return _step(engine, case, timer, now)
    except StoreUnavailable:  # no fault of the case
        raise
    except Exception as error:  # noqa: BLE001 - the worker tells it, with its traceback
        fired.failed.append((timer, error))
        return None


def _step(engine: Engine, case: TimedCase, timer: TimerRow, now: datetime) -> Outcome:
    outcome = engine.runner.fire(case.saved, timer.key, now=now)
    # Its own row is dropped apart from the others: it says whether somebody was first.
    others = tuple(key for key in outcome.timers_cleared if key != timer.key)
    return replace(outcome, timers_cleared=others)


def _save(
    engine: Engine, connection: Connection, steps: Sequence[_Step], now: datetime, fired: Fired
) -> list[_Step]:
    """Write the steps of cases that are still as they were, with their events; gives those steps."""
    held = instances.lock_many(connection, [step.case.id for step in steps], waiting=len(steps) == 1)
    unmoved: list[_Step] = []
    for step in steps:
        if step.case.id in held and held[step.case.id][0] == step.case.guard:
            unmoved.append(step)
        else:
            fired.left.append(step.timer)
    there = timers.drop(connection, [step.timer.id for step in unmoved])
    done = [step for step in unmoved if step.timer.id in there]
    moved: list[tuple[Case, Outcome, Rows]] = []
    linked: list[dict[str, Any]] = []
    changed: list[tuple[UUID, Head, Mapping[str, Any]]] = []
    for step in done:
        case = Case(id=step.case.id, version=engine.versions.get(step.case.version))
        rows = opened_rows(engine, connection, case, step.outcome, now)
        told, head = _linked(engine, case, held[case.id][1], step, rows, now)
        moved.append((case, step.outcome, rows))
        linked += told
        changed.append((case.id, head, NOT_UNDONE | changes_after(step.outcome, step.case.guard, now)))
    save_all_moved(connection, moved)
    events.add(connection, linked)
    instances.save_many(connection, changed)
    # Asked under the lock: a case may have stopped since it was read, without having moved.
    stopped = incidents.stopped_of(connection, [step.case.id for step in done])
    for step in done:
        if step.case.id in stopped:
            worker, over = _worker(step.case), step.outcome.finished
            settle(connection, worker, step.case.id, now, done=tried_timer(step.timer), ended=over)
    return done


def _worker(case: TimedCase) -> Actor:
    return Actor(person=None, office=case.office, name="")


def _linked(
    engine: Engine, case: Case, head: Head, step: _Step, rows: Rows, now: datetime
) -> tuple[list[dict[str, Any]], Head]:
    fired = Line(
        kind=EventKind.TIMER_FIRED,
        element=step.timer.element,
        round=step.timer.round,
        iteration=step.timer.iteration,
        payload={"due": step.timer.due_at.isoformat()},
    )
    return events.link(
        Scope.INSTANCE,
        case.id,
        head,
        _worker(step.case),
        now,
        [fired, *lines_of(step.outcome, rows)],
        basis=basis_of(engine, case.version),
    )
