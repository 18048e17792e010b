"""The list of cases: whatever somebody follows, what runs, what ended, what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.model.permission import Permission
from engine.queries.case_tasks import waits_to_start
from engine.queries.cases_asked import PAGE, CasesAsked, page_of_cases, wanted_cases
from engine.queries.library_versions import has_version
from engine.storage.tables import process


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    """Where a case stands: an open task and who has it (post, else name; empty in the role's pool)."""

    task: UUID
    name: str
    round: int
    role_label: str
    holder: str
    opened_at: datetime
    due_at: datetime | None
    clock_started_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    waits_to_start: bool  # its clock runs from the moment somebody takes it


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case in the list."""

    id: UUID
    number: str
    title: str
    trial: bool  # of a revision that is tried beside the one in force
    status: InstanceStatus
    started_at: datetime
    ended_at: datetime | None
    steps: tuple[OpenStep, ...]
    stopped: bool  # something of it stands still
    asks: str  # the connector whose answer it waits for; empty: none


@dataclass(frozen=True, kw_only=True)
class CasesPage:
    """One page; ``after`` leads to the next one, empty at the end. ``sops`` are (key, name)."""

    rows: tuple[CaseRow, ...]
    after: str
    sops: tuple[tuple[str, str], ...]


def cases_page(engine: Engine, actor: Actor, asked: CasesAsked) -> CasesPage:
    """List cases the actor may see, the newest first."""
    now = engine.clock.now()
    wanted = wanted_cases(engine.store.dialect, actor, asked, now)
    with engine.store.reading() as connection:
        found = [] if wanted is None else list(connection.execute(page_of_cases(wanted, asked)))
        sops = _sops(connection, actor)
    cases = [_case(engine, list(rows)) for _id, rows in groupby(found, key=lambda row: row.id)]
    shown = tuple(cases[:PAGE])
    more = len(cases) > PAGE
    return CasesPage(rows=shown, after=shown[-1].id.hex if more else "", sops=sops)


def _case(engine: Engine, rows: list[Row[Any]]) -> CaseRow:
    first = rows[0]
    return CaseRow(
        id=first.id,
        number=first.number,
        title=first.title,
        trial=first.trial,
        status=InstanceStatus(first.status),
        started_at=first.started_at,
        ended_at=first.ended_at,
        steps=tuple(_step(engine, row) for row in rows if row.task is not None),
        stopped=bool(first.stopped),
        asks=first.asks or "",
    )


def _step(engine: Engine, row: Row[Any]) -> OpenStep:
    steps = engine.versions.get(row.version).definition.steps
    step = next((one for one in steps if one.element == row.element), None)
    return OpenStep(
        task=row.task,
        name=row.name,
        round=row.round,
        role_label=row.role_label or "",
        holder=row.holder_post or row.holder_name or "",
        opened_at=row.opened_at,
        due_at=row.due_at,
        clock_started_at=row.clock_started_at,
        paused_at=row.paused_at,
        pause_reason=row.pause_reason or "",
        waits_to_start=waits_to_start(row.clock_started_at, step),
    )


def _sops(connection: Connection, actor: Actor) -> tuple[tuple[str, str], ...]:
    if not actor.may(Permission.READ_LIBRARY):
        return ()
    rows = connection.execute(
        select(process.c.key, process.c.name)
        .where(process.c.office == actor.office, has_version(process.c.id))
        .order_by(process.c.name)
    )
    return tuple((row.key, row.name) for row in rows)
