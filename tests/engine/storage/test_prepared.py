"""Statements made ready once: they do what SQLAlchemy would, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, bindparam, func, insert, select, update

from engine.ids import new_id
from engine.storage import tasks
from engine.storage.prepared import Prepared
from engine.storage.tables import event, failed_login, office
from engine.storage.transaction import IntegrityError, Store

AT = datetime(2026, 11, 23, 2, 0, 0, 250, tzinfo=UTC)
ADD = Prepared(insert(office), "id", "key", "name")
READ = Prepared(select(office).where(office.c.key == bindparam("called")))
RENAME = Prepared(update(office).where(office.c.zone == "Asia/Jakarta").values(name=bindparam("now_is")))
FAIL = Prepared(insert(failed_login), "id", "account", "place", "at")
FAILED = Prepared(select(failed_login.c.id, failed_login.c.at.label("when")))


def test_columns_that_a_row_leaves_out_get_their_default(store: Store) -> None:
    one = new_id()
    with store.transaction() as connection:
        assert ADD.run(connection, {"id": one, "key": "dinas", "name": "Dinas"}) == 1
        row = READ.first(connection, {"called": "dinas"})
        [same] = connection.execute(select(office)).all()
    assert tuple(row) == tuple(same)
    assert (row.id, row.zone, row.stream_seq, row.stream_head) == (one, "Asia/Jakarta", 0, bytes(32))


def test_rows_are_counted_and_read_by_name(store: Store) -> None:
    with store.transaction() as connection:
        rows = [{"id": new_id(), "key": key, "name": key} for key in ("a", "b", "c")]
        ADD.run_all(connection, rows)
        ADD.run_all(connection, [])
        assert RENAME.run(connection, {"now_is": "Kantor"}) == 3
        assert READ.first(connection, {"called": "d"}) is None
        assert [row.name for row in READ.all(connection, {"called": "b"})] == ["Kantor"]


def test_instants_and_identities_are_converted_both_ways(store: Store) -> None:
    one = new_id()
    with store.transaction() as connection:
        FAIL.run(connection, {"id": one, "account": "x", "place": "y", "at": AT})
    with store.reading() as connection:
        row = FAILED.first(connection, {})
    assert (row.id, row.when) == (one, AT)


def test_a_fact_that_is_missing_is_an_error_and_not_null(store: Store) -> None:
    with store.transaction() as connection, pytest.raises(KeyError):
        RENAME.run(connection, {})


def test_errors_are_sqlalchemys_and_tell_no_values(store: Store) -> None:
    def twice() -> None:
        row = {"id": new_id(), "key": "dinas", "name": "Rahasia"}
        with store.transaction() as connection:
            ADD.run_all(connection, [row, row])

    with pytest.raises(IntegrityError) as found:
        twice()
    assert "Rahasia" not in str(found.value)
    with store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(office)) == 0


def test_what_every_act_on_a_task_begins_with_reads_no_table_from_end_to_end(store: Store) -> None:
    if store.dialect == "postgresql":
        return  # on empty tables it always scans
    with store.reading() as connection:
        ready = tasks._LOAD._for(connection)
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {ready.text}", (None,) * len(ready.names))
        plan = [row.detail for row in found]
    assert plan
    assert [step for step in plan if step.startswith("SCAN")] == []


def test_who_waits_for_a_row_lets_the_others_go_on(store: Store) -> None:
    with store.transaction() as connection:
        ADD.run(connection, {"id": new_id(), "key": "dinas", "name": "Dinas"})
    with ThreadPoolExecutor(1) as second:
        with store.transaction() as connection:
            RENAME.run(connection, {"now_is": "Pertama"})
            waiting = second.submit(_rename, store, "Kedua")
            assert wait([waiting], timeout=0.3).not_done  # while this thread still runs
        assert waiting.result(timeout=30) == 1
    with store.reading() as connection:
        assert READ.first(connection, {"called": "dinas"}).name == "Kedua"


def _rename(store: Store, name: str) -> int:
    with store.transaction() as connection:
        return RENAME.run(connection, {"now_is": name})


def test_statements_stay_ready_after_an_error_was_undone(store: Store) -> None:
    row = {"id": new_id(), "key": "dinas", "name": "Dinas"}
    with store.transaction() as connection:
        ADD.run(connection, row)
    for _ in range(3):
        with pytest.raises(IntegrityError), store.transaction() as connection:
            ADD.run(connection, row)
    with store.transaction() as connection:
        ADD.run_all(connection, [{"id": new_id(), "key": str(n), "name": "Unit"} for n in range(7)])
        assert RENAME.run(connection, {"now_is": "Kantor"}) == 8


@pytest.mark.parametrize("statement", [select(event), select(event.c.payload.label("said"))])
def test_no_statement_made_ready_reads_texts_that_an_archive_may_have(statement: Select[Any]) -> None:
    with pytest.raises(TypeError, match="payload"):
        Prepared(statement)
    assert Prepared(select(event.c.digest)).statement is not None
