"""How versions began: the first that an SOP had for its office, and with which one some notes came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from engine.storage.tables import process_version


@dataclass(frozen=True, kw_only=True)
class FirstMade:
    """The version that an SOP began with for its office."""

    id: UUID
    deployed_at: datetime
    by_operator: bool


def first_made(connection: Connection, process_id: UUID) -> FirstMade | None:
    """Find the first version that was approved, or that an operator put in force as approved before.

    The day on which a program took in what was to be tried is no date of an SOP.
    """
    version = process_version.c
    row = connection.execute(
        select(version.id, version.deployed_at, version.author)
        .where(
            version.process == process_id,
            or_(
                version.approved_at.is_not(None),
                and_(version.author.is_(None), version.effective_from.is_not(None)),
            ),
        )
        .order_by(func.coalesce(version.approved_at, version.deployed_at), version.number)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return FirstMade(id=row.id, deployed_at=row.deployed_at, by_operator=row.author is None)


@dataclass(frozen=True, kw_only=True)
class NotesFrom:
    """The version that some notes came with."""

    number: int
    deployed_at: datetime


def notes_from(connection: Connection, process_id: UUID, number: int, notes: str) -> NotesFrom:
    """Read with which revision the notes of one came: the first, up to it, with the same words."""
    columns = process_version.c
    row = connection.execute(
        select(columns.number, columns.deployed_at)
        .where(columns.process == process_id, columns.number <= number, columns.notes == notes)
        .order_by(columns.number)
        .limit(1)
    ).one()
    return NotesFrom(number=row.number, deployed_at=row.deployed_at)
