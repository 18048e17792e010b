"""What a case waits for beside people: the answers of other systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.storage.tables import job


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A job that a case waits for. One that was given up is an incident as well."""

    element: str
    since: datetime


def asked_of(connection: Connection, instance_id: UUID) -> tuple[Asked, ...]:
    """Read what a case waits for beside people, the oldest first."""
    rows = connection.execute(
        select(job.c.element, job.c.queued_at)
        .where(job.c.instance == instance_id)
        .order_by(job.c.queued_at, job.c.id)
    )
    return tuple(Asked(element=row.element, since=row.queued_at) for row in rows)
