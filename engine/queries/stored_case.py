"""Cases as the database has them, whole: what rebuilding one from its record is compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, func, select

from engine.model.event import Event
from engine.model.instance import InstanceStatus
from engine.model.job import JobKey, JobState
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey
from engine.storage.events import read_event
from engine.storage.tables import (
    blob,
    comment,
    document,
    event,
    incident,
    instance,
    job,
    message_wait,
    process,
    process_version,
    task,
    timer,
)

TASK_COLUMNS = (
    "element",
    "round",
    "iteration",
    "role",
    "state",
    "opened_at",
    "due_at",
    "assignee",
    "claimed_at",
    "delegated_by",
    "prepared_by",
    "paused_at",
    "pause_reason",
    "paused_minutes",
    "completed_at",
    "completed_by",
    "done_on",
    "worked_minutes",
    "waited_minutes",
    "attempt",
)
DOCUMENT_COLUMNS = ("name", "version", "state", "digest", "author")
COMMENT_COLUMNS = ("element", "round", "author", "at", "text")


@dataclass(frozen=True, kw_only=True)
class StoredCase:
    """A case with its record and every row that the record determines."""

    id: UUID
    office: UUID
    process: UUID
    version: UUID
    number: str
    year: int
    title: str
    status: InstanceStatus
    state: str | None
    undo: str | None  # the state a withdrawal would put back
    last_seq: int
    chain_head: bytes
    events: list[Event] = field(default_factory=list)
    tasks: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)  # TASK_COLUMNS
    documents: dict[int, Mapping[str, Any]] = field(default_factory=dict)  # DOCUMENT_COLUMNS, by number
    comments: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)  # COMMENT_COLUMNS
    timers: dict[TimerKey, datetime] = field(default_factory=dict)
    jobs: dict[JobKey, tuple[str, Any, bool]] = field(default_factory=dict)  # connector, inputs, given up
    waits: dict[WaitKey, tuple[str, str]] = field(default_factory=dict)  # channel and name
    tried: dict[str, TaskKey] = field(default_factory=dict)  # by incident: where it was tried


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A case by its identity, and how many events it has."""

    id: UUID
    events: int


_CASE = (
    instance.c.id,
    instance.c.office,
    instance.c.process,
    instance.c.version,
    instance.c.number,
    instance.c.year,
    instance.c.title,
    instance.c.status,
    instance.c.state,
    instance.c.undo_state,
    instance.c.last_seq,
    instance.c.chain_head,
)


def stored_cases(connection: Connection, ids: Sequence[UUID]) -> list[StoredCase]:
    """Read cases whole, with as many statements as for one; in the order of their ids."""
    rows = connection.execute(select(*_CASE).where(instance.c.id.in_(ids)).order_by(instance.c.id))
    cases = {row.id: _case(row) for row in rows}
    found = select(event).where(event.c.stream.in_(ids)).order_by(event.c.stream, event.c.seq)
    for told in connection.execute(found).mappings():
        if told["stream"] in cases:
            cases[told["stream"]].events.append(read_event(told))
    _read_tasks(connection, cases)
    _read_documents(connection, cases)
    _read_comments(connection, cases)
    _read_waiting(connection, cases)
    return list(cases.values())


def _case(row: Any) -> StoredCase:  # noqa: ANN401 - a row
    rest, _, state = (row.undo_state or "").partition("\n")
    undo = state or (json.loads(rest).get("state") if rest else None)
    columns = {column.key: getattr(row, column.key) for column in _CASE if column.key != "undo_state"}
    return StoredCase(**columns | {"status": InstanceStatus(row.status), "undo": undo})


def _read_tasks(connection: Connection, cases: Mapping[UUID, StoredCase]) -> None:
    columns = [task.c[name] for name in TASK_COLUMNS]
    rows = connection.execute(select(task.c.instance, task.c.id, *columns).where(task.c.instance.in_(cases)))
    for row in rows:
        told = dict(zip(TASK_COLUMNS, row[2:], strict=True))
        if told["done_on"] == told["completed_at"]:  # as 0.1 wrote what was done when it was completed
            told["done_on"] = None
        cases[row[0]].tasks[row[1]] = told


def _read_documents(connection: Connection, cases: Mapping[UUID, StoredCase]) -> None:
    rows = connection.execute(
        select(
            document.c.instance,
            document.c.no,
            document.c.name,
            document.c.version,
            document.c.state,
            blob.c.digest,
            document.c.author,
        )
        .outerjoin(blob, blob.c.id == document.c.blob)
        .where(document.c.instance.in_(cases))
        .order_by(document.c.instance, document.c.no)
    )
    for row in rows:
        digest = row.digest.hex() if row.digest is not None else None
        told = (row.name, row.version, row.state, digest, row.author)
        cases[row.instance].documents[row.no] = dict(zip(DOCUMENT_COLUMNS, told, strict=True))


def _read_comments(connection: Connection, cases: Mapping[UUID, StoredCase]) -> None:
    for row in _of(connection, comment, cases):
        told = {name: getattr(row, name) for name in COMMENT_COLUMNS}
        cases[row.instance].comments[row.id] = told


def _read_waiting(connection: Connection, cases: Mapping[UUID, StoredCase]) -> None:
    """Read what the cases wait for; of one that has ended nothing should be there."""
    for row in _of(connection, timer, cases):
        cases[row.instance].timers[TimerKey(**_key(row))] = row.due_at
    for row in _of(connection, job, cases):
        told = (row.connector, json.loads(row.inputs), row.state == JobState.DEAD)
        cases[row.instance].jobs[JobKey(**_key(row))] = told
    for row in _of(connection, message_wait, cases):
        cases[row.instance].waits[WaitKey(**_key(row), place=row.place)] = (row.channel, row.name)
    for row in _of(connection, incident, cases):
        key = TaskKey(element=row.cause_element, round=row.cause_round, iteration=row.cause_iteration)
        cases[row.instance].tried[row.id.hex] = key


def _of(connection: Connection, table: Table, cases: Mapping[UUID, StoredCase]) -> Any:  # noqa: ANN401 - rows
    return connection.execute(select(table).where(table.c.instance.in_(cases)))


def _key(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    return {"element": row.element, "round": row.round, "iteration": row.iteration}


def cases_after(
    connection: Connection, last: UUID | None, limit: int, *, key: str | None = None
) -> list[Listed]:
    """List cases of all offices in the order of their ids, those of one SOP by its ``key``."""
    found = select(instance.c.id, instance.c.last_seq).order_by(instance.c.id).limit(limit)
    if last is not None:
        found = found.where(instance.c.id > last)
    if key is not None:
        found = found.where(instance.c.process.in_(select(process.c.id).where(process.c.key == key)))
    return [Listed(id=row.id, events=row.last_seq) for row in connection.execute(found)]


def count_cases(connection: Connection, *, key: str | None = None) -> int:
    """Count what ``cases_after`` lists."""
    found = select(func.count()).select_from(instance)
    if key is not None:
        found = found.where(instance.c.process.in_(select(process.c.id).where(process.c.key == key)))
    return connection.scalar(found) or 0


def cases_named(connection: Connection, name: str) -> list[Listed]:
    """Find cases by number, or one by its id."""
    found = select(instance.c.id, instance.c.last_seq).where(instance.c.number == name)
    try:
        by_id = UUID(name)
    except ValueError:
        pass
    else:
        found = select(instance.c.id, instance.c.last_seq).where(instance.c.id == by_id)
    return [Listed(id=row.id, events=row.last_seq) for row in connection.execute(found)]


def version_numbered(connection: Connection, process_id: UUID, number: int) -> UUID | None:
    """Find a version of an SOP."""
    found = select(process_version.c.id).where(
        process_version.c.process == process_id, process_version.c.number == number
    )
    return connection.scalar(found)
