"""The cases that a sample is drawn from: those its letter opens, of an SOP and a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.queries.case_access import opened_by
from engine.storage.tables import instance


@dataclass(frozen=True, kw_only=True)
class Population:
    """Which cases: of one SOP or all, started from the first to the last day, both in the office's zone."""

    sop: UUID | None = None
    since: date | None = None
    until: date | None = None


def population(
    connection: Connection, actor: Actor, letter: UUID, asked: Population, calendar: WorkCalendar
) -> dict[str, UUID]:
    """Read the numbers of the cases that one of the actor's letters opens, each with its identity."""
    zone = ZoneInfo(calendar.zone)
    conditions = [opened_by(actor, letter)]
    if asked.sop is not None:
        conditions.append(instance.c.process == asked.sop)
    if asked.since is not None:
        conditions.append(instance.c.started_at >= datetime.combine(asked.since, time(), zone))
    if asked.until is not None:
        end = asked.until + timedelta(days=1)
        conditions.append(instance.c.started_at < datetime.combine(end, time(), zone))
    rows = connection.execute(select(instance.c.number, instance.c.id).where(*conditions))
    return {row.number: row.id for row in rows}
