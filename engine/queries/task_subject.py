"""The revision that a task is about, where its case decides on one, and what the rules refused last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from engine.core import Engine
from engine.errors import Sentence
from engine.model.actor import Actor
from engine.model.definition import Purpose
from engine.model.event import EventKind
from engine.model.incident import sentence_from
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.model.review_due import ReviewKind
from engine.model.task import Task
from engine.queries.suggestions import Suggestion, open_suggestions
from engine.storage import periodic_reviews, revision_cases
from engine.storage.tables import event, process_version
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class TaskSubject:
    """A revision that is decided on."""

    key: str
    name: str
    number: int
    state: VersionState
    base: int | None  # the revision it would replace
    refused: Sentence | None  # why the task is open again


@dataclass(frozen=True, kw_only=True)
class ReviewedSop:
    """An SOP that is monitored or evaluated, with what its staff suggested and nobody has answered."""

    key: str
    name: str
    kind: ReviewKind
    due_on: date
    suggestions: tuple[Suggestion, ...]  # empty for who answers none


def reviewed_sop(
    engine: Engine, connection: Connection, actor: Actor, version: Version, task: Task
) -> ReviewedSop | None:
    """Find the SOP that a task's case reviews; of other SOPs nothing is asked."""
    if version.definition.document.purpose is not Purpose.PERIODIC_REVIEW:
        return None
    found = periodic_reviews.reviewed(connection, task.instance)
    if found is None:
        return None
    owns = actor.may(Permission.REVISE)
    return ReviewedSop(
        key=found.key,
        name=found.name,
        kind=found.kind,
        due_on=found.due_on,
        suggestions=open_suggestions(engine, actor, found.key) if owns else (),
    )


def task_subject(connection: Connection, version: Version, task: Task) -> TaskSubject | None:
    """Find the revision that a task's case is about; of other SOPs nothing is asked."""
    if version.definition.document.purpose is not Purpose.REVISION:
        return None
    found = revision_cases.about(connection, task.instance)
    if found is None:
        return None
    return TaskSubject(
        key=found.key,
        name=found.name,
        number=found.number,
        state=found.state,
        base=_base(connection, found.version),
        refused=_refused(connection, task),
    )


def _base(connection: Connection, version: UUID) -> int | None:
    """Find the revision it would replace: the one in force, else the one its draft began with."""
    mine, other = process_version.alias(), process_version.alias()
    in_force = and_(
        other.c.process == mine.c.process, other.c.state == VersionState.IN_FORCE, other.c.id != mine.c.id
    )
    rows = connection.execute(
        select(other.c.number, other.c.state)
        .join(mine, or_(mine.c.base == other.c.id, in_force))
        .where(mine.c.id == version)
    ).all()
    return next(
        (row.number for row in sorted(rows, key=lambda row: row.state != VersionState.IN_FORCE)), None
    )


def _refused(connection: Connection, task: Task) -> Sentence | None:
    """Read what a connector was refused in the same step that opened the task."""
    payload = connection.scalar(
        select(event.c.payload)
        .where(event.c.stream == task.instance, event.c.kind == EventKind.JOB_GIVEN_UP.value)
        .where(event.c.at == task.opened_at)
        .order_by(event.c.seq.desc())
        .limit(1)
    )
    return sentence_from(json.loads(payload)) if payload else None
