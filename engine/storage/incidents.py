"""Incidents as rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, insert, literal_column, select, update

from engine.errors import Sentence
from engine.model.incident import (
    Cause,
    IncidentKind,
    IncidentState,
    SeenValue,
    Solution,
    Tried,
    seen_from,
    sentence_from,
)
from engine.model.task import TaskState
from engine.storage.tables import incident, job, message_wait, task, timer

# Written out: for a parameter SQLite would read all of them, and plan the whole statement anew each time.
STILL_OPEN: ColumnElement[bool] = literal_column("incident.state = 'open'")


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One row."""

    id: UUID
    office: UUID
    subject: UUID
    instance: UUID | None
    version: UUID
    element: str
    round: int
    iteration: int
    kind: IncidentKind
    name: str
    tried: Tried
    sentence: Sentence
    expression: str
    missing: str
    seen: tuple[SeenValue, ...]
    sent: Mapping[str, Any] | None
    first_at: datetime
    last_at: datetime
    count: int
    state: IncidentState
    solution: Solution | None
    solved_at: datetime | None
    solved_by: UUID | None

    @property
    def names(self) -> frozenset[str]:
        """Name the variables the failed step looked at, the one nobody has set among them."""
        return frozenset({value.name for value in self.seen} | ({self.missing} if self.missing else set()))

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be put right."""
        return self.state is IncidentState.OPEN


def read_incident(row: RowMapping) -> Incident:
    """Map a row to an incident."""
    tried = Tried(
        cause=Cause(row["cause"]),
        element=row["cause_element"],
        round=row["cause_round"],
        iteration=row["cause_iteration"],
    )
    return Incident(
        id=row["id"],
        office=row["office"],
        subject=row["subject"],
        instance=row["instance"],
        version=row["version"],
        element=row["element"],
        round=row["round"],
        iteration=row["iteration"],
        kind=IncidentKind(row["kind"]),
        name=row["name"],
        tried=tried,
        sentence=sentence_from(json.loads(row["sentence"])),
        expression=row["expression"],
        missing=row["missing"],
        seen=seen_from(row["seen"]),
        sent=json.loads(row["sent"]) if row["sent"] else None,
        first_at=row["first_at"],
        last_at=row["last_at"],
        count=row["count"],
        state=IncidentState(row["state"]),
        solution=Solution(row["solution"]) if row["solution"] else None,
        solved_at=row["solved_at"],
        solved_by=row["solved_by"],
    )


def add(connection: Connection, **columns: Any) -> None:
    """Write an incident."""
    connection.execute(insert(incident).values(**columns))


def again(connection: Connection, key: Mapping[str, Any], changes: Mapping[str, Any]) -> bool:
    """Count an open incident once more, with what is known of it now; False where there is none."""
    statement = update(incident).where(_same(key)).values(count=incident.c.count + 1, **changes)
    return connection.execute(statement).rowcount == 1


def is_known(connection: Connection, key: Mapping[str, Any]) -> bool:
    """Tell whether an incident is open."""
    return connection.scalar(select(incident.c.id).where(_same(key))) is not None


def _same(key: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(incident.c[name] == value for name, value in key.items()), STILL_OPEN)


def load(connection: Connection, incident_id: UUID, office: UUID) -> Incident | None:
    """Read an incident of an office."""
    statement = select(incident).where(incident.c.id == incident_id, incident.c.office == office)
    row = connection.execute(statement).mappings().one_or_none()
    return read_incident(row) if row else None


def open_of(connection: Connection, subject: UUID) -> list[Incident]:
    """Read the open incidents of a case (or of a version), the oldest first."""
    statement = select(incident).where(incident.c.subject == subject, STILL_OPEN)
    return [read_incident(row) for row in connection.execute(statement.order_by(incident.c.id)).mappings()]


def stopped_of(connection: Connection, subjects: Collection[UUID]) -> set[UUID]:
    """Name those of some cases of which something stands still."""
    found = select(incident.c.subject).where(incident.c.subject.in_(subjects), STILL_OPEN)
    return set(connection.scalars(found))


def is_open(subject: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Tell in a statement whether something of a case stands still."""
    return select(incident.c.id).where(incident.c.subject == subject, STILL_OPEN).exists()


def solve(
    connection: Connection, ids: Collection[UUID], solution: Solution, at: datetime, by: UUID | None
) -> None:
    """Mark incidents as solved; what was sent is not needed for a dry run any more."""
    changes = {"state": IncidentState.SOLVED, "solution": solution, "solved_at": at, "solved_by": by}
    changes |= {"sent": None}
    connection.execute(update(incident).where(incident.c.id.in_(ids)).values(**changes))


def solved_of(connection: Connection, ids: Collection[UUID]) -> list[Incident]:
    """Read which of some incidents are solved by now, the oldest first."""
    statement = select(incident).where(incident.c.id.in_(ids), incident.c.state == IncidentState.SOLVED)
    return [read_incident(row) for row in connection.execute(statement.order_by(incident.c.id)).mappings()]


def reopen(connection: Connection, one: Incident) -> bool:
    """Open a solved incident again; False where the same failed once more since, and is open."""
    key = {"subject": one.subject, "element": one.element, "round": one.round}
    if is_known(connection, key | {"iteration": one.iteration, "kind": one.kind}):
        return False
    changes = {"state": IncidentState.OPEN, "solution": None, "solved_at": None, "solved_by": None}
    connection.execute(update(incident).where(incident.c.id == one.id).values(**changes))
    return True


def forget_seen(connection: Connection, before: datetime) -> None:
    """Let go of what incidents saw that were solved before a time: it may be about people."""
    old = (incident.c.state == IncidentState.SOLVED, incident.c.solved_at < before)
    connection.execute(update(incident).where(*old, incident.c.seen != "[]").values(seen="[]"))


def waits(connection: Connection, instance_id: UUID, tried: Tried) -> bool:
    """Tell whether what was tried can still be tried: the task is open, the timer or job set."""
    if tried.cause is Cause.COMPLETION:
        found = select(task.c.id).where(*_is(task.c, instance_id, tried), task.c.state == TaskState.OPEN)
    elif tried.cause is Cause.TIMER:
        found = select(timer.c.id).where(*_is(timer.c, instance_id, tried))
    elif tried.cause is Cause.JOB:
        found = select(job.c.id).where(*_is(job.c, instance_id, tried))
    elif tried.cause is Cause.MESSAGE:
        found = select(message_wait.c.id).where(*_is(message_wait.c, instance_id, tried))
    else:
        return True
    return connection.scalar(found) is not None


def _is(columns: Any, instance_id: UUID, tried: Tried) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - of either
    return (
        columns.instance == instance_id,
        columns.element == tried.element,
        columns.round == tried.round,
        columns.iteration == tried.iteration,
    )
