"""Where a case stands still, for whoever may see the case: since when, and who looks after it; no data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import Sentence
from engine.model.actor import Actor
from engine.model.incident import Cause, sentence_from
from engine.model.permission import Permission, RoleKind, permissions_of
from engine.model.task import Task
from engine.queries.named import in_full
from engine.queries.roles import holding, today_of
from engine.storage.incidents import STILL_OPEN
from engine.storage.tables import incident, person, role, role_assignment

_MOST_KEEPERS = 4
_KEEPERS = [kind for kind in RoleKind if Permission.SOLVE_INCIDENTS in permissions_of(kind)]


@dataclass(frozen=True, kw_only=True)
class Stop:
    """An open incident of a case. ``name`` is the element's, empty where it has none."""

    id: UUID
    element: str
    name: str
    since: datetime


def stops_of(connection: Connection, case: UUID) -> tuple[Stop, ...]:
    """Read the open incidents of a case, the oldest first."""
    rows = connection.execute(
        select(incident.c.id, incident.c.element, incident.c.name, incident.c.first_at)
        .where(incident.c.subject == case, STILL_OPEN)
        .order_by(incident.c.id)
    )
    return tuple(Stop(id=row.id, element=row.element, name=row.name, since=row.first_at) for row in rows)


@dataclass(frozen=True, kw_only=True)
class Failed:
    """Why a task could not be completed, and when that was last tried."""

    sentence: Sentence
    at: datetime


def failed_completion(connection: Connection, task: Task) -> Failed | None:
    """Find the open incident of an open task's completion."""
    row = connection.execute(
        select(incident.c.sentence, incident.c.last_at)
        .where(incident.c.subject == task.instance, STILL_OPEN, incident.c.cause == Cause.COMPLETION.value)
        .where(
            incident.c.cause_element == task.element,
            incident.c.cause_round == task.round,
            incident.c.cause_iteration == task.iteration,
        )
        .order_by(incident.c.last_at.desc())
        .limit(1)
    ).first()
    return None if row is None else Failed(sentence=sentence_from(json.loads(row.sentence)), at=row.last_at)


def keepers(connection: Connection, engine: Engine, actor: Actor, stops: Sequence[Stop]) -> tuple[str, ...]:
    """Name who looks after what stands still, where something does: who may put it right today."""
    if not stops:
        return ()
    rows = connection.execute(
        select(person.c.name, person.c.post, role.c.kind)
        .join(role_assignment, role_assignment.c.person == person.c.id)
        .join(role, role.c.id == role_assignment.c.role)
        .where(role.c.office == actor.office, role.c.kind.in_(_KEEPERS), person.c.active)
        .where(holding(today_of(connection, engine, actor)))
        .order_by(role.c.kind, person.c.name)
    )
    return tuple(dict.fromkeys(in_full(row.name, row.post) for row in rows))[:_MOST_KEEPERS]
