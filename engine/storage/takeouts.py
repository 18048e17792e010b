"""Files that the worker makes, as rows: taken by one worker for a while, which says how far it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from engine.model.incident import sentence_from
from engine.model.takeout import Takeout, TakeoutKind, TakeoutState
from engine.storage import leases
from engine.storage.events import to_json
from engine.storage.tables import person, takeout

_OURS = takeout.c.state == TakeoutState.MAKING.value


def add(connection: Connection, *, asked: Mapping[str, Any], **columns: Any) -> None:
    """Write a file that is to be made."""
    connection.execute(
        insert(takeout).values(
            **columns,
            asked=to_json(asked),
            letters="null",
            state=TakeoutState.MAKING.value,
            done=0,
            total=0,
            tries=0,
            filename="",
            size=0,
            facts="{}",
            run_at=columns["asked_at"],
        )
    )


def being_made(connection: Connection, person_id: UUID) -> list[Takeout]:
    """Read what is being made for somebody; of two who ask in their name at once one waits."""
    connection.execute(select(person.c.id).where(person.c.id == person_id).with_for_update(key_share=True))
    rows = connection.execute(select(takeout).where(takeout.c.asked_by == person_id, _OURS))
    return [_read(row) for row in rows.mappings()]


def load(connection: Connection, person_id: UUID, takeout_id: UUID) -> Takeout | None:
    """Read one that somebody asked for."""
    row = connection.execute(
        select(takeout).where(takeout.c.id == takeout_id, takeout.c.asked_by == person_id)
    ).mappings()
    found = row.one_or_none()
    return None if found is None else _read(found)


def asked_for(connection: Connection, person_id: UUID) -> list[Takeout]:
    """Read all that somebody asked for and that is still there, the newest first."""
    rows = connection.execute(
        select(takeout).where(takeout.c.asked_by == person_id).order_by(takeout.c.id.desc())
    )
    return [_read(row) for row in rows.mappings()]


def next_run(connection: Connection) -> datetime | None:
    """Tell when the next one may be taken; None where nothing is to be made."""
    return leases.next_run(connection, takeout)


def claim(connection: Connection, now: datetime, until: datetime) -> Takeout | None:
    """Take the one that has waited longest: until then nobody else does. None where none waits."""
    found = leases.claim(connection, takeout, now, until, tries=takeout.c.tries + 1)
    return None if found is None else _read(found)


def hold(
    connection: Connection, takeout_id: UUID, lease: datetime, until: datetime, *, done: int, total: int
) -> bool:
    """Say how far it is, and keep it until then; False where it was dropped, or another worker has it."""
    changed = connection.execute(
        update(takeout)
        .where(takeout.c.id == takeout_id, takeout.c.run_at == lease)
        .values(done=done, total=total, run_at=until)
    )
    return changed.rowcount == 1


def let_go(connection: Connection, takeout_id: UUID, lease: datetime, now: datetime) -> None:
    """Leave it to another worker, as if it had not been begun."""
    connection.execute(
        update(takeout)
        .where(takeout.c.id == takeout_id, takeout.c.run_at == lease)
        .values(run_at=now, tries=takeout.c.tries - 1)
    )


def finish(
    connection: Connection,
    takeout_id: UUID,
    lease: datetime,
    now: datetime,
    *,
    facts: Mapping[str, Any],
    letters: list[str] | None,
    **columns: Any,
) -> bool:
    """Write what was made, and by which letters; False where it was dropped, or another worker has it."""
    values = {
        **columns,
        "facts": to_json(facts),
        "letters": to_json(letters),
        "state": TakeoutState.READY.value,
    }
    return _end(connection, takeout_id, lease, now, values)


def fail(
    connection: Connection, takeout_id: UUID, lease: datetime, now: datetime, problem: Mapping[str, Any]
) -> bool:
    """Write why nothing came of it; False where it was dropped, or another worker has it."""
    values = {"state": TakeoutState.FAILED.value, "problem": to_json(problem)}
    return _end(connection, takeout_id, lease, now, values)


def _end(
    connection: Connection, takeout_id: UUID, lease: datetime, now: datetime, values: Mapping[str, Any]
) -> bool:
    changed = connection.execute(
        update(takeout)
        .where(takeout.c.id == takeout_id, takeout.c.run_at == lease)
        .values(**values, run_at=None, ended_at=now)
    )
    return changed.rowcount == 1


def drop(connection: Connection, person_id: UUID, takeout_id: UUID) -> str | None:
    """Forget one that somebody asked for; gives the object whose bytes are to be destroyed, if it has any."""
    return connection.scalar(
        delete(takeout)
        .where(takeout.c.id == takeout_id, takeout.c.asked_by == person_id)
        .returning(takeout.c.object)
    )


def drop_all(connection: Connection, office_id: UUID) -> list[str]:
    """Forget all of an office, also those being made; gives the objects whose bytes are to be destroyed."""
    gone = connection.scalars(
        delete(takeout).where(takeout.c.office == office_id).returning(takeout.c.object)
    )
    return [name for name in gone if name is not None]


def forget(connection: Connection, before: datetime) -> None:
    """Forget those that ended before an instant."""
    connection.execute(delete(takeout).where(takeout.c.ended_at < before))


def objects_in_use(connection: Connection, names: list[str]) -> set[str]:
    """Tell which objects of the store are such files."""
    found = connection.scalars(select(takeout.c.object).where(takeout.c.object.in_(names)))
    return {name for name in found if name is not None}


def _read(row: RowMapping) -> Takeout:
    letters = json.loads(row["letters"])
    problem = json.loads(row["problem"]) if row["problem"] else None
    return Takeout(
        id=row["id"],
        office=row["office"],
        kind=TakeoutKind(row["kind"]),
        asked=json.loads(row["asked"]),
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        letters=None if letters is None else tuple(UUID(hex=one) for one in letters),
        state=TakeoutState(row["state"]),
        done=row["done"],
        total=row["total"],
        tries=row["tries"],
        object=row["object"],
        filename=row["filename"],
        size=row["size"],
        facts=json.loads(row["facts"]),
        problem=None if problem is None else sentence_from(problem),
        ended_at=row["ended_at"],
    )
