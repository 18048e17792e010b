"""Checkpoints that are kept, and how far each copy got on its way out of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from engine.model.checkpoint import Sink
from engine.storage.tables import checkpoint, checkpoint_copy


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A checkpoint as it was signed at a size."""

    size: int
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy that is to be brought somewhere; ``problem`` is JSON of a sentence."""

    size: int
    sink: Sink
    asked_at: datetime
    done_at: datetime | None
    tries: int
    next_try_at: datetime | None
    problem: str | None


def keep(connection: Connection, kept: Kept, sinks: Iterable[Sink]) -> None:
    """Keep a checkpoint, to be brought to these places."""
    connection.execute(insert(checkpoint).values(size=kept.size, text=kept.text, at=kept.at))
    for sink in sinks:
        if sink is Sink.EMAIL:  # the newest says all that those before it said
            _let_go(connection, sink)
        connection.execute(
            insert(checkpoint_copy).values(size=kept.size, sink=sink, asked_at=kept.at, next_try_at=kept.at)
        )


def _let_go(connection: Connection, sink: Sink) -> None:
    connection.execute(
        update(checkpoint_copy)
        .where(checkpoint_copy.c.sink == sink, checkpoint_copy.c.next_try_at.is_not(None))
        .values(next_try_at=None)
    )


def newest(connection: Connection) -> Kept | None:
    """Read the one of the largest size."""
    row = connection.execute(select(checkpoint).order_by(checkpoint.c.size.desc()).limit(1)).first()
    return _kept(row) if row else None


def of_size(connection: Connection, size: int) -> Kept | None:
    """Read the one of a size."""
    row = connection.execute(select(checkpoint).where(checkpoint.c.size == size)).first()
    return _kept(row) if row else None


def listed(connection: Connection) -> Iterator[Kept]:
    """Read all of them, the smallest first."""
    for row in connection.execute(select(checkpoint).order_by(checkpoint.c.size)):
        yield _kept(row)


def texts(connection: Connection) -> Iterator[tuple[int, str]]:
    """Read size and text of all of them, whatever else their rows have."""
    for row in connection.execute(select(checkpoint.c.size, checkpoint.c.text).order_by(checkpoint.c.size)):
        yield row.size, row.text


def brought(connection: Connection, sink: Sink) -> list[int]:
    """Give the sizes of those that were brought to a place."""
    done = (checkpoint_copy.c.sink == sink, checkpoint_copy.c.done_at.is_not(None))
    return list(connection.scalars(select(checkpoint_copy.c.size).where(*done)))


def last_asked(connection: Connection, sink: Sink) -> datetime | None:
    """Tell when a copy for a place was last asked for."""
    found: datetime | None = connection.scalar(
        select(func.max(checkpoint_copy.c.asked_at)).where(checkpoint_copy.c.sink == sink)
    )
    return found


def claim(connection: Connection, now: datetime, lease: timedelta) -> Copy | None:
    """Take a copy that is due, the newest first, so that nobody else brings it meanwhile."""
    copy = checkpoint_copy
    row = connection.execute(
        select(copy).where(copy.c.next_try_at <= now).order_by(copy.c.size.desc()).limit(1)
    ).first()
    if row is None:
        return None
    here = (copy.c.size == row.size, copy.c.sink == row.sink, copy.c.next_try_at == row.next_try_at)
    taken = connection.execute(update(copy).where(*here).values(next_try_at=now + lease)).rowcount
    return Copy(**(dict(row._mapping) | {"sink": Sink(row.sink)})) if taken else None  # noqa: SLF001 - SQLAlchemy's


def note(connection: Connection, copy: Copy, **facts: Any) -> None:
    """Note how far a copy got."""
    here = (checkpoint_copy.c.size == copy.size, checkpoint_copy.c.sink == copy.sink)
    connection.execute(update(checkpoint_copy).where(*here).values(facts))


def due(connection: Connection, now: datetime) -> bool:
    """Tell whether a copy is to be brought now."""
    first = connection.scalar(select(func.min(checkpoint_copy.c.next_try_at)))
    return first is not None and first <= now


def _kept(row: Row[Any]) -> Kept:
    return Kept(size=row.size, text=row.text, at=row.at)
