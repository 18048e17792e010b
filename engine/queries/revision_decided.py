"""What a completed step has decided about a revision, before the worker has carried it out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound
from engine.forms.notation import date_of
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.model.job import REVISION
from engine.model.unseen import NO_TASK
from engine.storage import events, office, revision_cases
from engine.storage.tables import job, task


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision that is being carried out."""

    key: str
    number: int
    approved: bool  # else it is returned
    is_done: bool  # carried out already: it is approved
    effective_from: date | None
    author: str  # post of whoever drafted it, else the name


def decided(engine: Engine, actor: Actor, task_id: UUID) -> Decided | None:
    """Find what a task that the actor completed lets the connector ``revision`` do; None: it does nothing."""
    with engine.store.reading() as connection:
        done = connection.execute(
            select(task.c.instance, task.c.attempt).where(
                task.c.id == task_id, task.c.office == actor.office, task.c.completed_by == actor.person
            )
        ).one_or_none()
        if done is None:
            raise NotFound(NO_TASK)
        inputs = _asked(connection, task_id)
        about = revision_cases.about(connection, done.instance)
        if inputs is None or about is None:
            return None
        sent = events.payload_of(connection, done.instance, EventKind.TASK_COMPLETED, done.attempt) or {}
        day = sent.get("data", {}).get(inputs.get("effective_from", ""))
        named = office.names_of(connection, {about.author}) if about.author else {}
        name, post = next(iter(named.values()), ("", ""))
    return Decided(
        key=about.key,
        number=about.number,
        approved=inputs.get("act") == "approve",
        is_done=about.state in {VersionState.APPROVED, VersionState.IN_FORCE},
        effective_from=date_of(day) if isinstance(day, str) else None,
        author=post or name,
    )


def _asked(connection: Connection, task_id: UUID) -> dict[str, Any] | None:
    text = connection.scalar(
        select(job.c.inputs)
        .join(task, task.c.instance == job.c.instance)
        .where(task.c.id == task_id, job.c.connector == REVISION, job.c.queued_at == task.c.completed_at)
    )
    return json.loads(text) if text else None
