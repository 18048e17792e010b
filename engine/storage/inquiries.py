"""Inquiries of auditors as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from engine.storage.tables import inquiry


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question as the actions need it; ``seq`` 0 is the case as a whole."""

    id: UUID
    office: UUID
    assignment: UUID
    number: int
    instance: UUID
    seq: int
    asked_by: UUID
    asked_of: UUID
    question: str
    answer: str | None


_COLUMNS = tuple(inquiry.c[name] for name in Inquiry.__dataclass_fields__)


def load(connection: Connection, office_id: UUID, inquiry_id: UUID) -> Inquiry | None:
    """Read a question of an office."""
    row = connection.execute(
        select(*_COLUMNS).where(inquiry.c.id == inquiry_id, inquiry.c.office == office_id)
    ).one_or_none()
    return Inquiry(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a question with the office's next number, which it gives; the caller holds the office."""
    last = connection.scalar(select(func.max(inquiry.c.number)).where(inquiry.c.office == values["office"]))
    number = (last or 0) + 1
    connection.execute(insert(inquiry).values(number=number, **values))
    return number


def put_answer(connection: Connection, inquiry_id: UUID, answer: str, at: datetime) -> bool:
    """Write the answer of a question that has none; tells whether it had none."""
    done = connection.execute(
        update(inquiry)
        .where(inquiry.c.id == inquiry_id, inquiry.c.answered_at.is_(None))
        .values(answer=answer, answered_at=at)
    )
    return done.rowcount == 1
