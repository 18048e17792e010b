"""The office's own days as rows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from engine.storage.tables import calendar_day


def put(connection: Connection, office: UUID, day: date, kind: str, name: str) -> dict[str, str] | None:
    """Set a day; gives what it was before."""
    old = drop(connection, office, day)
    connection.execute(insert(calendar_day).values(office=office, day=day, kind=kind, name=name))
    return old


def drop(connection: Connection, office: UUID, day: date) -> dict[str, str] | None:
    """Delete a day; gives what it was."""
    mine = (calendar_day.c.office == office) & (calendar_day.c.day == day)
    row = connection.execute(select(calendar_day.c.kind, calendar_day.c.name).where(mine)).one_or_none()
    connection.execute(delete(calendar_day).where(mine))
    return {"kind": row.kind, "name": row.name} if row else None
