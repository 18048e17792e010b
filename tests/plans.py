"""How a database goes about what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event, text


def plan_of(connection: Connection, ask: Callable[[], object]) -> str:
    """Give the plan of the first statement that is asked; on PostgreSQL as for a table of many rows."""
    asked: list[tuple[str, Any]] = []

    def listen(*happened: Any) -> None:
        asked.append(happened[2:4])

    event.listen(connection, "before_cursor_execute", listen)
    ask()
    event.remove(connection, "before_cursor_execute", listen)
    how = "EXPLAIN QUERY PLAN "
    if connection.dialect.name == "postgresql":
        how = "EXPLAIN "
        connection.execute(text("SET enable_seqscan = off"))  # a few rows are always read through
    return "\n".join(str(row) for row in connection.exec_driver_sql(how + asked[0][0], asked[0][1]))
