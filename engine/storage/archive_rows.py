"""Which archives there are, and what they have of which cases, as the database knows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, or_, select, update

from engine.model.archive import Archive
from engine.storage.tables import archive, instance


def of_number(connection: Connection, number: int) -> Archive | None:
    """Read an archive by its number."""
    row = connection.execute(select(archive).where(archive.c.number == number)).one_or_none()
    return None if row is None else _archive(row)


def listed(connection: Connection) -> list[Archive]:
    """Read all archives, by number."""
    return [_archive(row) for row in connection.execute(select(archive).order_by(archive.c.number))]


def having(connection: Connection, case: UUID) -> list[Archive]:
    """Read the archives whose file may hold texts of a case: its own, and those that are being made."""
    own = select(instance.c.archive).where(instance.c.id == case).scalar_subquery()
    rows = connection.execute(
        select(archive).where(or_(archive.c.number == own, archive.c.settled_at.is_(None)))
    )
    return [_archive(row) for row in rows]


def next_number(connection: Connection) -> int:
    """Give the number of the next archive."""
    return (connection.scalar(select(func.max(archive.c.number))) or 0) + 1


def add(connection: Connection, made: Archive, by: UUID | None) -> None:
    """Keep an archive; IntegrityError where its number is taken."""
    facts = {**vars(made), "until": made.until.isoformat(), "made_by": by}
    connection.execute(archive.insert().values(facts))


def settled(connection: Connection, number: int, at: datetime) -> None:
    """Note that all texts of an archive are read from its file."""
    connection.execute(update(archive).where(archive.c.number == number).values(settled_at=at))


def _archive(row: Row[Any]) -> Archive:
    return Archive(
        number=row.number,
        id=row.id,
        name=row.name,
        until=date.fromisoformat(row.until),
        cases=row.cases,
        events=row.events,
        size=row.size,
        made_at=row.made_at,
        settled_at=row.settled_at,
    )
