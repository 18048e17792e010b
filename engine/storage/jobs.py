"""Jobs as rows: queued with the step that needs them, claimed by one worker at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Update, insert, select, update

from engine.model.event import EventKind
from engine.model.job import JobKey, JobState
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.suspensions import is_stopped
from engine.storage.tables import event, job


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A job that is to be done, or was given up."""

    id: UUID  # also its idempotency key
    office: UUID
    instance: UUID
    key: JobKey
    connector: str
    inputs: Mapping[str, Any]
    state: JobState
    tries: int  # begun, this one among them
    result: str | None  # JSON: answered, but the case could not go on


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write jobs; ``inputs`` are JSON-native."""
    if rows:
        connection.execute(insert(job), [row | {"inputs": Bulky(to_json(row["inputs"]))} for row in rows])


def is_due(connection: Connection, now: datetime) -> bool:
    """Tell whether any job is to be tried now, or was left by a worker whose lease ran out."""
    due = select(job.c.id).where(job.c.run_at <= now, ~is_stopped(job.c.instance)).limit(1)
    return connection.scalar(due) is not None


def claim(connection: Connection, now: datetime, until: datetime) -> JobRow | None:
    """Take the job that is due for longest, until the end of a lease; None where there is none.

    Those of a stopped SOP wait. Others skip what is being claimed (PostgreSQL); on SQLite a writer is alone.
    """
    row = (
        connection.execute(
            select(job)
            .where(job.c.run_at <= now, ~is_stopped(job.c.instance))
            .order_by(job.c.run_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    connection.execute(
        update(job)
        .where(job.c.id == row["id"])
        .values(state=JobState.RUNNING, tries=row["tries"] + 1, run_at=until)
    )
    return _read({**row, "state": JobState.RUNNING, "tries": row["tries"] + 1})


def load(connection: Connection, job_id: UUID) -> JobRow | None:
    """Read a job."""
    row = connection.execute(select(job).where(job.c.id == job_id)).mappings().one_or_none()
    return None if row is None else _read(row)


def find(connection: Connection, instance_id: UUID, key: JobKey) -> UUID | None:
    """Find the job of a service task that a case waits at."""
    return connection.scalar(
        select(job.c.id).where(
            job.c.instance == instance_id,
            job.c.element == key.element,
            job.c.round == key.round,
            job.c.iteration == key.iteration,
        )
    )


def are_there(connection: Connection, instance_id: UUID) -> bool:
    """Tell whether a case waits at any service task, also at one that was given up."""
    found = select(job.c.id).where(job.c.instance == instance_id).limit(1)
    return connection.scalar(found) is not None


def never_done(connection: Connection, instance_id: UUID) -> set[str]:
    """Name the service tasks whose job was given up without an answer, and none was done before."""
    done = select(event.c.seq).where(
        event.c.stream == instance_id,
        event.c.kind == EventKind.JOB_DONE.value,
        event.c.element == job.c.element,
    )
    given_up = select(job.c.element).where(
        job.c.instance == instance_id, job.c.state == JobState.DEAD, job.c.result.is_(None), ~done.exists()
    )
    return set(connection.scalars(given_up))


def given_up(connection: Connection, cases: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Name by case the services that were given up without an answer, wherever they wait for one."""
    rows = connection.execute(
        select(job.c.instance, job.c.element, job.c.state, job.c.result.is_(None).label("unanswered")).where(
            job.c.instance.in_(cases)
        )
    ).all()
    found: dict[UUID, frozenset[str]] = {}
    waited = {(row.instance, row.element) for row in rows if row.state != JobState.DEAD or not row.unanswered}
    for row in rows:
        if (row.instance, row.element) not in waited:
            found[row.instance] = found.get(row.instance, frozenset()) | {row.element}
    return found


def dead_of(connection: Connection, instance_id: UUID) -> list[dict[str, Any]]:
    """Read the jobs of a case that were given up, whole."""
    where = (job.c.instance == instance_id, job.c.state == JobState.DEAD)
    return [dict(row) for row in connection.execute(select(job).where(*where)).mappings()]


def hold(connection: Connection, instance_id: UUID, key: JobKey) -> JobRow | None:
    """Read the job of a service task that a case waits at, so that no worker begins a call meanwhile."""
    there = select(job).where(
        job.c.instance == instance_id,
        job.c.element == key.element,
        job.c.round == key.round,
        job.c.iteration == key.iteration,
    )
    row = connection.execute(there.with_for_update()).mappings().one_or_none()
    return None if row is None else _read(row)


def put_back(connection: Connection, row: Mapping[str, Any]) -> None:
    """Write a job once more as it was."""
    connection.execute(insert(job).values(row))


def put_off(connection: Connection, seen: JobRow, until: datetime, problem: Mapping[str, Any]) -> bool:
    """Let a try that failed be followed by another; False where another worker took the job meanwhile."""
    changes = _of_this_try(seen).values(state=JobState.WAITING, run_at=until, problem=to_json(problem))
    return connection.execute(changes).rowcount == 1


def keep_answer(connection: Connection, seen: JobRow, result: str, now: datetime) -> bool:
    """Keep what was answered until the case may go on with it. False as with ``put_off``."""
    changes = _of_this_try(seen).values(state=JobState.WAITING, run_at=now, result=Bulky(result))
    return connection.execute(changes).rowcount == 1


def bury(connection: Connection, seen: JobRow, problem: Mapping[str, Any], result: str | None = None) -> bool:
    """Give a job up; with its result where only the case could not go on. False as with ``put_off``."""
    changes = _of_this_try(seen).values(
        state=JobState.DEAD,
        run_at=None,
        problem=to_json(problem),
        result=None if result is None else Bulky(result),
    )
    return connection.execute(changes).rowcount == 1


def _of_this_try(seen: JobRow) -> Update:
    return update(job).where(job.c.id == seen.id, job.c.tries == seen.tries, job.c.state == JobState.RUNNING)


def revive(connection: Connection, job_id: UUID, now: datetime) -> bool:
    """Let a job be tried at once, with all its tries again; False where it is running or gone."""
    changes = update(job).where(job.c.id == job_id, job.c.state != JobState.RUNNING)
    return connection.execute(changes.values(state=JobState.WAITING, run_at=now, tries=0)).rowcount == 1


def drop(connection: Connection, job_id: UUID) -> bool:
    """Take a job away; False when somebody was first."""
    return connection.execute(job.delete().where(job.c.id == job_id)).rowcount == 1


def drop_keys(connection: Connection, instance_id: UUID, keys: Iterable[JobKey]) -> None:
    """Take away the jobs that a case no longer waits for."""
    for key in keys:
        connection.execute(
            job.delete().where(
                job.c.instance == instance_id,
                job.c.element == key.element,
                job.c.round == key.round,
                job.c.iteration == key.iteration,
            )
        )


def drop_all(connection: Connection, instance_id: UUID) -> None:
    """Take every job of a case away."""
    connection.execute(job.delete().where(job.c.instance == instance_id))


def _read(row: RowMapping | Mapping[str, Any]) -> JobRow:
    return JobRow(
        id=row["id"],
        office=row["office"],
        instance=row["instance"],
        key=JobKey(element=row["element"], round=row["round"], iteration=row["iteration"]),
        connector=row["connector"],
        inputs=json.loads(row["inputs"]),
        state=JobState(row["state"]),
        tries=row["tries"],
        result=row["result"],
    )
