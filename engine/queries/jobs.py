"""What service tasks ask of connectors, and what was given up: for administrators."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select

from engine.core import Engine
from engine.errors import Sentence
from engine.model.actor import Actor
from engine.model.definition import Definition
from engine.model.incident import sentence_from
from engine.model.job import JobState
from engine.queries.incident_access import must_solve
from engine.storage.tables import instance, job

MOST_SHOWN = 100
# Of how they are listed: what somebody has to look at comes first.
_ORDER = case({JobState.DEAD: 0, JobState.RUNNING: 1}, value=job.c.state, else_=2)


@dataclass(frozen=True, kw_only=True)
class JobLine:
    """A job in the list. ``next_try`` is None while it runs, and once it is given up."""

    id: UUID
    case: UUID
    number: str
    title: str
    definition: Definition
    element: str
    connector: str
    state: JobState
    tries: int
    problem: Sentence | None  # of the last try
    queued_at: datetime
    next_try: datetime | None


@dataclass(frozen=True, kw_only=True)
class JobList:
    """The first jobs of the office; ``more`` where there are others."""

    rows: tuple[JobLine, ...]
    more: bool


def job_list(engine: Engine, actor: Actor) -> JobList:
    """List the jobs of the actor's office: given up, running, waiting for their next try."""
    must_solve(actor)
    statement = (
        select(job, instance.c.number, instance.c.title, instance.c.version)
        .join(instance, instance.c.id == job.c.instance)
        .where(job.c.office == actor.office)
        .order_by(_ORDER, job.c.run_at, job.c.queued_at, job.c.id)
        .limit(MOST_SHOWN + 1)
    )
    with engine.store.reading() as connection:
        found = connection.execute(statement).mappings().all()
    rows = [
        JobLine(
            id=row["id"],
            case=row["instance"],
            number=row["number"],
            title=row["title"],
            definition=engine.versions.get(row["version"]).definition,
            element=row["element"],
            connector=row["connector"],
            state=JobState(row["state"]),
            tries=row["tries"],
            problem=sentence_from(json.loads(row["problem"])) if row["problem"] else None,
            queued_at=row["queued_at"],
            next_try=row["run_at"] if row["state"] == JobState.WAITING else None,
        )
        for row in found[:MOST_SHOWN]
    ]
    return JobList(rows=tuple(rows), more=len(found) > MOST_SHOWN)
