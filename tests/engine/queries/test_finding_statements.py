"""What the office said to findings is looked up, however much else its stream holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text

from engine.ids import new_id
from engine.queries.finding_statements import statements
from tests.offices import Office


def test_statements_are_found_by_their_index(office: Office) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(*happened: Any) -> None:
        asked.append(happened[2:4])

    with office.engine.store.reading() as connection:
        event.listen(connection, "before_cursor_execute", listen)
        assert statements(connection, office.id, [new_id()]) == []
        event.remove(connection, "before_cursor_execute", listen)
        how = "EXPLAIN QUERY PLAN "
        if connection.dialect.name == "postgresql":
            how = "EXPLAIN "
            connection.execute(text("SET enable_seqscan = off"))  # a few rows are always read through
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(how + asked[0][0], asked[0][1]))
    assert "ix_event_said" in plan
