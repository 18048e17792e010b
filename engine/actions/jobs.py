"""What becomes of a job: its case goes on with the answer, it is tried again later, or it is given up."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog

from engine.actions.advancing import NOT_UNDONE, Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.actions.incidents_noted import Failed, failed_at, note_in, suspend_slow
from engine.actions.incidents_settled import settle
from engine.bpmn.workflow import Outcome
from engine.connectors import CallFailed
from engine.core import Engine
from engine.errors import Conflict, Failure, ProcessFailed, Suspended, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import Cause, IncidentKind, Tried, sentence_json
from engine.model.instance import InstanceStatus, Saved
from engine.model.job import MOST_TRIES, JobKey, delay_after
from engine.storage import events, instances, jobs
from engine.storage.data_stores import StoreChanged
from engine.storage.events import Line, to_json
from engine.storage.instances import InstanceRow
from engine.storage.jobs import JobRow
from engine.storage.transaction import Connection, StoreUnavailable

_log = structlog.get_logger(__name__)
_TRIES = 20  # to step a case that others move as well


class _Moved(Exception):
    """Something else of the case was first; undo this and start over."""


def finish(engine: Engine, job: JobRow, result: Any) -> bool:  # noqa: ANN401 - JSON value
    """Let the case go on with what the connector answered; False where it no longer waits for it.

    Where the case cannot go on (an expression behind the task fails, the SOP was stopped meanwhile) the
    answer is kept with the job, so that trying again does not call the connector again.
    """

    def step(saved: Saved, now: datetime) -> Outcome:
        return engine.runner.job_done(saved, job.key, result=result, now=now)

    told = to_json(result)
    digest = sha256(told.encode()).hexdigest()
    try:
        return _move(
            engine, job, step, line_of(EventKind.JOB_DONE, job, {"result": result, "sha256": digest})
        )
    except Suspended:
        with engine.store.transaction() as connection:
            jobs.keep_answer(connection, job, told, engine.clock.now())
        return False
    except (Conflict, StoreUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - noted with the case
        why = _stuck(job, error)
        _give_up(engine, job, {"code": "process", **sentence_json(why.sentence)}, why, result=told)
        return False


def fail(engine: Engine, job: JobRow, failed: CallFailed) -> None:
    """Try again later; after the last try, let an error event catch it, or leave it to an administrator."""
    problem = {"code": failed.code, **sentence_json(failed.sentence)}
    if not failed.final and job.tries < MOST_TRIES:
        _put_off(engine, job, problem)
        return

    def step(saved: Saved, now: datetime) -> Outcome | None:
        return engine.runner.job_failed(saved, job.key, code=failed.code, now=now)

    why = Failed(
        element=job.key.element,
        name="",
        sentence=failed.sentence,
        failure=Failure(
            kind=IncidentKind.JOB, round=job.key.round, iteration=job.key.iteration, seen=job.inputs
        ),
        tried=tried_job(job.key),
    )
    try:
        caught = _move(engine, job, step, line_of(EventKind.JOB_GIVEN_UP, job, {**problem, "caught": True}))
    except (Conflict, StoreUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - noted with the case
        why = _stuck(job, error)
        problem = {"code": "process", **sentence_json(why.sentence)}
        caught = False
    if not caught:
        _give_up(engine, job, problem, why)


def tried_job(key: JobKey) -> Tried:
    """Name the job as what was tried."""
    return Tried(cause=Cause.JOB, element=key.element, round=key.round, iteration=key.iteration)


def line_of(kind: EventKind, job: JobRow, facts: Mapping[str, Any]) -> Line:
    """Make an event about a job."""
    return Line(
        kind=kind,
        element=job.key.element,
        round=job.key.round,
        iteration=job.key.iteration,
        payload={"job": job.id.hex, "connector": job.connector, "tries": job.tries, **facts},
    )


def _move(engine: Engine, job: JobRow, step: Callable[[Saved, datetime], Outcome | None], line: Line) -> bool:
    """Step the case and save it, if it still waits for the job; False where it does not, or nobody steps."""
    for _ in range(_TRIES):
        with engine.store.reading() as connection:
            waits = jobs.load(connection, job.id) is not None
            case = instances.load(connection, job.instance, None) if waits else None
        if case is None or case.status is not InstanceStatus.RUNNING:
            return False
        now = engine.clock.now()
        outcome = step(case.saved, now)
        if outcome is None:
            return False
        try:
            with engine.store.transaction() as connection:
                _save(engine, connection, job, case, outcome, line, now)
        except (_Moved, StoreChanged):
            continue
        if not outcome.finished:
            engine.runner.keep(case.id, case.guard + 1, outcome)
        return True
    raise Conflict(say("The case is moving in several places at once. Please try again."))


def _save(  # noqa: PLR0913, PLR0917 - one argument per fact
    engine: Engine,
    connection: Connection,
    job: JobRow,
    case: InstanceRow,
    outcome: Outcome,
    line: Line,
    now: datetime,
) -> None:
    guard, _status, head = instances.lock(connection, case.id)
    if guard != case.guard or not jobs.drop(connection, job.id):
        raise _Moved
    version = engine.versions.get(case.version)
    moved = Case(id=case.id, version=version)
    rows = opened_rows(engine, connection, moved, outcome, now)
    save_moved(connection, moved, outcome, rows)
    head = events.extend(
        connection, Scope.INSTANCE, case.id, head, _worker(job), now, [line, *lines_of(outcome, rows)],
        basis=basis_of(engine, version),
    )  # fmt: skip
    instances.save(connection, case.id, head, NOT_UNDONE | changes_after(outcome, guard, now))
    settle(connection, _worker(job), case.id, now, done=tried_job(job.key), ended=outcome.finished)


def _put_off(engine: Engine, job: JobRow, problem: Mapping[str, Any]) -> None:
    now = engine.clock.now()
    until = now + delay_after(job.tries, random.random())  # noqa: S311 - spreads load, guards nothing
    with engine.store.transaction() as connection:
        instances.hold(connection, job.instance)
        if jobs.put_off(connection, job, until, problem):
            line = line_of(EventKind.JOB_TRIED, job, {**problem, "next": until.isoformat()})
            events.append(connection, Scope.INSTANCE, job.instance, _worker(job), now, [line])


def _give_up(
    engine: Engine, job: JobRow, problem: Mapping[str, Any], why: Failed, result: str | None = None
) -> None:
    with engine.store.transaction() as connection:
        instances.hold(connection, job.instance)
        buried = jobs.bury(connection, job, problem, result)
        if buried:
            line = line_of(EventKind.JOB_GIVEN_UP, job, {**problem, "answered": result is not None})
            now = engine.clock.now()
            events.append(connection, Scope.INSTANCE, job.instance, _worker(job), now, [line])
            # In the same transaction: a job that nobody tries again must be seen.
            version = note_in(engine, connection, _worker(job), job.instance, why)
    if buried and version is not None:
        suspend_slow(engine, version, why)


def _stuck(job: JobRow, error: Exception) -> Failed:
    """Say why the case cannot go on; the log says more of what is no fault of the SOP."""
    if not isinstance(error, ProcessFailed):
        _log.warning("job.stuck", job=job.id.hex, instance=job.instance.hex, exc_info=error)
    return failed_at(tried_job(job.key), IncidentKind.JOB, error)


def _worker(job: JobRow) -> Actor:
    return Actor(person=None, office=job.office, name="")
