"""Cases on record that a draft can be tried on, and those that were chosen to be tried each time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from engine.model.event import Event, EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import TaskState
from engine.storage.events import read_event
from engine.storage.tables import event, instance, kept_case, task

MOST_PLAYED = 1_000  # cases of one replay: the newest
MOST_KEPT = 100  # of an SOP
_PLAYED = (InstanceStatus.RUNNING.value, InstanceStatus.FINISHED.value)  # what was cancelled ends anywhere


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """A case as playing it needs it."""

    id: UUID
    number: str
    version: UUID
    status: InstanceStatus
    open: tuple[str, ...]  # elements of its open tasks


_CASE = select(instance.c.id, instance.c.number, instance.c.version, instance.c.status)


def count(connection: Connection, process: UUID) -> int:
    """Count the cases of an SOP that can be played, no further than are."""
    some = (
        select(instance.c.id)
        .where(instance.c.process == process, instance.c.status.in_(_PLAYED))
        .limit(MOST_PLAYED)
        .subquery()
    )
    return connection.scalar(select(func.count()).select_from(some)) or 0


def next_cases(connection: Connection, process: UUID, after: UUID | None, limit: int) -> list[PastCase]:
    """Read the next cases of an SOP, the newest first."""
    wanted = _CASE.where(instance.c.process == process, instance.c.status.in_(_PLAYED))
    if after is not None:
        wanted = wanted.where(instance.c.id < after)
    rows = connection.execute(wanted.order_by(instance.c.id.desc()).limit(limit)).all()
    return _cases(connection, rows)


def load(connection: Connection, ids: Collection[UUID]) -> list[PastCase]:
    """Read certain cases."""
    rows = connection.execute(_CASE.where(instance.c.id.in_(ids)).order_by(instance.c.number)).all()
    return _cases(connection, rows)


def events_of(connection: Connection, case: UUID, kinds: Collection[EventKind]) -> list[Event]:
    """Read the events of some kinds of a case."""
    rows = connection.execute(
        select(event)
        .where(event.c.stream == case, event.c.kind.in_([kind.value for kind in kinds]))
        .order_by(event.c.seq)
    )
    return [read_event(row) for row in rows.mappings()]


def kept(connection: Connection, process: UUID) -> list[PastCase]:
    """Read the cases on which every draft of an SOP is tried."""
    rows = connection.execute(
        _CASE.join(kept_case, kept_case.c.instance == instance.c.id)
        .where(kept_case.c.process == process)
        .order_by(instance.c.number)
        .limit(MOST_KEPT)
    ).all()
    return _cases(connection, rows)


def count_kept(connection: Connection, process: UUID) -> int:
    """Count the cases on which every draft of an SOP is tried."""
    mine = select(func.count()).select_from(kept_case).where(kept_case.c.process == process)
    return connection.scalar(mine) or 0


def keep(connection: Connection, process: UUID, case: UUID, person: UUID, at: datetime) -> bool:
    """Let drafts be tried on a case; False where they are already."""
    if is_kept(connection, process, case):
        return False
    connection.execute(insert(kept_case).values(process=process, instance=case, chosen_by=person, at=at))
    return True


def let_go(connection: Connection, process: UUID, case: UUID) -> bool:
    """Let drafts no longer be tried on a case; False where they are not."""
    mine = (kept_case.c.process == process, kept_case.c.instance == case)
    return connection.execute(delete(kept_case).where(*mine)).rowcount == 1


def is_kept(connection: Connection, process: UUID, case: UUID) -> bool:
    """Tell whether drafts are tried on a case."""
    mine = (kept_case.c.process == process, kept_case.c.instance == case)
    return connection.execute(select(kept_case.c.instance).where(*mine)).first() is not None


def process_of(connection: Connection, office: UUID, case: UUID) -> UUID | None:
    """Find the SOP of a case of an office."""
    return connection.scalar(
        select(instance.c.process).where(instance.c.id == case, instance.c.office == office)
    )


def _cases(connection: Connection, rows: Iterable[Any]) -> list[PastCase]:
    found = list(rows)
    open_at: dict[UUID, list[str]] = {}
    running = [row.id for row in found if row.status == InstanceStatus.RUNNING]
    for row in connection.execute(
        select(task.c.instance, task.c.element).where(
            task.c.instance.in_(running), task.c.state == TaskState.OPEN
        )
    ):
        open_at.setdefault(row.instance, []).append(row.element)
    return [
        PastCase(
            id=row.id,
            number=row.number,
            version=row.version,
            status=InstanceStatus(row.status),
            open=tuple(open_at.get(row.id, ())),
        )
        for row in found
    ]
