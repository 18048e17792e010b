"""Batches as rows: taken by one worker for a while, and further by a slice each time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.instance import InstanceStatus
from engine.storage import jobs, leases
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.tables import batch, instance, process_draft
from engine.storage.versions import hold_process

_MOST_LISTED = 20


@dataclass(frozen=True, kw_only=True)
class OpenCase:
    """A case as judging it needs it."""

    id: UUID
    number: str
    title: str
    version: UUID
    on_trial: bool  # it is marked as a trial's
    guard: int
    state: str
    given_up: frozenset[str]  # its services whose connector is asked no more


def add(connection: Connection, parameters: Mapping[str, Any], **columns: Any) -> None:
    """Write a batch that is to be begun at once."""
    values = {
        **columns,
        "parameters": Bulky(to_json(parameters)),
        "done": 0,
        "state": BatchState.RUNNING.value,
        "run_at": columns["asked_at"],
    }
    connection.execute(insert(batch).values(values))


def running(connection: Connection, process_id: UUID) -> list[Batch]:
    """Read what is being done with the cases of an SOP; of two who ask for more at once one waits."""
    hold_process(connection, process_id)
    rows = connection.execute(
        select(batch).where(batch.c.process == process_id, batch.c.state == BatchState.RUNNING.value)
    )
    return [_read(row) for row in rows.mappings()]


def next_run(connection: Connection) -> datetime | None:
    """Tell when the next slice is to be done; None where nothing is."""
    return leases.next_run(connection, batch)


def claim(connection: Connection, now: datetime, until: datetime) -> Batch | None:
    """Take the batch that has waited longest: until then nobody else does. None where nothing is due."""
    found = leases.claim(connection, batch, now, until)
    return None if found is None else _read(found)


def advance(  # noqa: PLR0913 - what a slice leaves behind
    connection: Connection,
    seen: Batch,
    lease: datetime,
    *,
    done: int,
    cursor: UUID | None,
    result: Mapping[str, Any],
    now: datetime,
    state: BatchState = BatchState.RUNNING,
) -> bool:
    """Write how far a slice came, where its worker has the batch still; False where another one took it."""
    over = state is not BatchState.RUNNING
    changed = connection.execute(
        update(batch)
        .where(batch.c.id == seen.id, batch.c.run_at == lease)
        .values(
            done=done,
            cursor=cursor,
            result=Bulky(to_json(result)),
            state=state.value,
            run_at=None if over else now,
            ended_at=now if over else None,
        )
    )
    return changed.rowcount == 1


def load(connection: Connection, office_id: UUID, batch_id: UUID) -> Batch | None:
    """Read a batch of an office."""
    row = connection.execute(
        select(batch).where(batch.c.id == batch_id, batch.c.office == office_id)
    ).mappings()
    found = row.one_or_none()
    return None if found is None else _read(found)


def latest(
    connection: Connection,
    process: UUID,
    kind: BatchKind,
    *,
    draft: UUID | None = None,
    version: UUID | None = None,
) -> Batch | None:
    """Read the last batch of a kind that held the cases of an SOP against a draft or version."""
    row = connection.execute(
        select(batch)
        .where(
            batch.c.process == process,
            batch.c.kind == kind.value,
            batch.c.draft == draft if draft is not None else batch.c.version == version,
        )
        .order_by(batch.c.id.desc())
        .limit(1)
    ).mappings()
    found = row.one_or_none()
    return None if found is None else _read(found)


def last_done(connection: Connection, version: UUID) -> dict[BatchKind, Batch]:
    """Read the last finished survey of a version or its drafts, and the last replay of its drafts."""
    drafts = select(process_draft.c.id).where(process_draft.c.version == version)
    survey = (batch.c.kind == BatchKind.SURVEY) & ((batch.c.version == version) | batch.c.draft.in_(drafts))
    replay = (batch.c.kind == BatchKind.REPLAY) & batch.c.draft.in_(drafts)
    rows = connection.execute(
        select(batch).where(batch.c.state == BatchState.DONE, survey | replay).order_by(batch.c.id)
    )
    return {one.kind: one for one in map(_read, rows.mappings())}


def of_version(connection: Connection, version: UUID, kind: BatchKind) -> list[Batch]:
    """Read the last batches of a kind to a version, the newest first."""
    rows = connection.execute(
        select(batch)
        .where(batch.c.version == version, batch.c.kind == kind.value)
        .order_by(batch.c.id.desc())
        .limit(_MOST_LISTED)
    )
    return [_read(row) for row in rows.mappings()]


def open_cases(connection: Connection, process: UUID, but: UUID | None) -> int:
    """Count the open cases of an SOP that run on another version than this."""
    return connection.scalar(select(func.count()).select_from(instance).where(*_open(process, but))) or 0


def next_cases(
    connection: Connection,
    process: UUID,
    but: UUID | None,
    after: UUID | None,
    limit: int,
    only: Collection[UUID] | None = None,
) -> list[OpenCase]:
    """Read the next open cases of an SOP, in the order of their ids; or the next of those named."""
    where = [*_open(process, but), *([] if after is None else [instance.c.id > after])]
    if only is not None:
        where.append(instance.c.id.in_(only))
    found = connection.execute(
        select(
            instance.c.id,
            instance.c.number,
            instance.c.title,
            instance.c.version,
            instance.c.trial.label("on_trial"),
            instance.c.guard,
            instance.c.state,
        )
        .where(*where)
        .order_by(instance.c.id)
        .limit(limit)
    )
    rows = found.mappings().all()
    given_up = jobs.given_up(connection, [row["id"] for row in rows])
    return [
        OpenCase(**{**row, "state": row["state"] or ""}, given_up=given_up.get(row["id"], frozenset()))
        for row in rows
    ]


def guards(connection: Connection, process: UUID, but: UUID | None) -> dict[UUID, tuple[int, str]]:
    """Read how far the open cases of an SOP have come that run on another version than this; and numbers."""
    found = select(instance.c.id, instance.c.guard, instance.c.number).where(*_open(process, but))
    return {row.id: (row.guard, row.number) for row in connection.execute(found)}


def _open(process: UUID, but: UUID | None) -> list[Any]:
    running = [instance.c.process == process, instance.c.status == InstanceStatus.RUNNING.value]
    return running if but is None else [*running, instance.c.version != but]


def _read(row: RowMapping) -> Batch:
    return Batch(
        id=row["id"],
        office=row["office"],
        kind=BatchKind(row["kind"]),
        process=row["process"],
        draft=row["draft"],
        draft_revision=row["draft_revision"],
        version=row["version"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        parameters=json.loads(row["parameters"]),
        total=row["total"],
        done=row["done"],
        cursor=row["cursor"],
        state=BatchState(row["state"]),
        result=json.loads(row["result"] or "{}"),
        ended_at=row["ended_at"],
    )
