"""What the record says of an incident."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from engine.model.event import EventKind
from engine.model.incident import Cause
from engine.queries.named import in_full
from engine.storage import office
from engine.storage.events import read_event
from engine.storage.incidents import Incident
from engine.storage.tables import event

_MOST_EVENTS = 100  # of one incident, the last ones
_KINDS = (
    EventKind.INCIDENT_OPENED,
    EventKind.INCIDENT_RETRIED,
    EventKind.INCIDENT_CORRECTED,
    EventKind.INCIDENT_SOLVED,
)


@dataclass(frozen=True, kw_only=True)
class IncidentEvent:
    """What was done about it. Who acted is named in full; nobody is the system."""

    kind: EventKind
    at: datetime
    actor: str
    payload: Mapping[str, Any]


def _job_retried(found: Incident) -> ColumnElement[bool]:
    """Tell in a statement over events that somebody had the job tried again, or that this failed too."""
    tried = found.tried
    if tried.cause is not Cause.JOB:
        return false()
    return and_(
        or_(
            event.c.kind == EventKind.JOB_RETRIED.value,
            # The first time is what opened the incident.
            and_(event.c.kind == EventKind.JOB_GIVEN_UP.value, event.c.at > found.first_at),
        ),
        event.c.element == tried.element,
        event.c.round == tried.round,
        event.c.iteration == tried.iteration,
        *([event.c.at <= found.solved_at] if found.solved_at else []),
    )


def events_of(connection: Connection, found: Incident, stream: UUID) -> tuple[IncidentEvent, ...]:
    """Read what the record says of an incident, the newest first."""
    rows = connection.execute(
        select(event)
        .where(
            event.c.stream == stream,
            event.c.at >= found.first_at,
            or_(
                and_(
                    event.c.kind.in_([kind.value for kind in _KINDS]),
                    event.c.payload.like(f'%"incident":"{found.id.hex}"%'),
                ),
                _job_retried(found),
            ),
        )
        .order_by(event.c.seq.desc())
        .limit(_MOST_EVENTS)
    ).mappings()
    read = [read_event(row) for row in rows]
    names = office.names_of(connection, {one.actor for one in read if one.actor is not None})
    return tuple(
        IncidentEvent(
            kind=one.kind,
            at=one.at,
            actor=in_full(*names.get(one.actor, ("", ""))) if one.actor else "",
            payload=json.loads(one.payload or "{}"),
        )
        for one in read
    )
