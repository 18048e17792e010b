"""Rows that one worker has at a time: until ``run_at``, when one that was killed loses its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, select, update


def next_run(connection: Connection, table: Table) -> datetime | None:
    """Tell when the next row may be taken; None where none is to be."""
    first: datetime | None = connection.scalar(select(func.min(table.c.run_at)))
    return first


def claim(
    connection: Connection, table: Table, now: datetime, until: datetime, **values: Any
) -> RowMapping | None:
    """Take the row that has waited longest: until then nobody else does. None where none is due."""
    due = (
        select(table.c.id)
        .where(table.c.run_at <= now)
        .order_by(table.c.run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = update(table).where(table.c.id.in_(select(due.c.id))).values(run_at=until, **values)
    return connection.execute(taken.returning(table)).mappings().one_or_none()
