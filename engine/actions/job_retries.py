"""Have a job tried again at once, with what its connector gets worked out anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine.actions.advancing import NOT_UNDONE, Case, changes_after, lines_of, save_moved
from engine.actions.jobs import line_of
from engine.actions.loading import refusals
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.errors import Conflict, NotFound, ProcessFailed, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import InstanceStatus
from engine.model.job import JobState
from engine.model.permission import Permission
from engine.storage import events, instances, jobs
from engine.storage.instances import InstanceRow
from engine.storage.jobs import JobRow
from engine.storage.transaction import Connection

NO_JOB = say("This job is done, or its case no longer waits for it.")
_RUNNING = say("This job is being tried just now, or it is done.")


def retry(engine: Engine, actor: Actor, job_id: UUID) -> None:
    """Have a job tried at once, with all its tries again.

    Where values were corrected since, it gets others: that is another request, under another key.
    """
    if not actor.may(Permission.SOLVE_INCIDENTS):
        raise NotFound(NO_JOB)
    with engine.store.reading() as connection:
        job = jobs.load(connection, job_id)
        case = instances.load(connection, job.instance, actor.person) if job else None
    if job is None or case is None or job.office != actor.office:
        raise NotFound(NO_JOB)
    with refusals(engine, actor, job.instance, EventKind.JOB_RETRIED):
        if job.state is JobState.RUNNING or case.status is not InstanceStatus.RUNNING:
            raise Conflict(_RUNNING)
        now = engine.clock.now()
        asked = _asked(engine, job, case, now)
        with engine.store.transaction() as connection:
            _save(engine, connection, actor, job, case, asked, now)


def _asked(engine: Engine, job: JobRow, case: InstanceRow, now: datetime) -> Outcome | None:
    """Work out what the connector gets now; None where that is what it got, or it has answered."""
    if job.result is not None:
        return None
    try:
        outcome = engine.runner.ask_again(case.saved, job.key, now=now)
    except ProcessFailed as failed:
        raise Conflict(failed.sentence) from failed
    return None if outcome.jobs_set[0].inputs == job.inputs else outcome


def _save(  # noqa: PLR0913, PLR0917 - one argument per fact
    engine: Engine,
    connection: Connection,
    actor: Actor,
    job: JobRow,
    case: InstanceRow,
    asked: Outcome | None,
    now: datetime,
) -> None:
    guard, _status, head = instances.lock(connection, case.id)
    # Also where the row goes: a worker that has claimed it meanwhile keeps it.
    if not jobs.revive(connection, job.id, now):
        raise Conflict(_RUNNING)
    lines = [line_of(EventKind.JOB_RETRIED, job, {})]
    changes = {}
    if asked is not None:
        if guard != case.guard:
            raise Conflict(say("The case is moving in several places at once. Please try again."))
        save_moved(connection, Case(id=case.id, version=engine.versions.get(case.version)), asked, {})
        lines += lines_of(asked, {})
        changes = NOT_UNDONE | changes_after(asked, guard, now)
    head = events.extend(connection, Scope.INSTANCE, case.id, head, actor, now, lines)
    instances.save(connection, case.id, head, changes)
