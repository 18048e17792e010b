"""Rows that hold what no program of ours would write: each is a finding, and none ends the check."""

from __future__ import annotations

import pytest
from sqlalchemy import Text, text

from engine.core import Sealing
from engine.storage.tables import metadata
from tests.engine.record.scenes import Scene, set_up
from tests.offices import Office

READ = ("event", "tree", "checkpoint", "instance", "office", "process", "process_version", "document")


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with three sealed cases."""
    return set_up(sealed_office, sealing)


def put(scene: Scene, table: str, column: str, value: str) -> None:
    """Write a value of SQL into a column of one row, past everything that keeps people from it."""
    key = ", ".join(one.name for one in metadata.tables[table].primary_key)
    first = f"({key}) = (SELECT {key} FROM {table} LIMIT 1)"  # noqa: S608 - of this test
    with scene.unguarded() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = {value} WHERE {first}")  # noqa: S608


@pytest.mark.parametrize("column", ["payload", "kind", "element"])
def test_a_text_of_an_event_that_is_no_utf8(scene: Scene, column: str) -> None:
    if scene.office.engine.store.dialect == "postgresql":  # it lets none in: what comes nearest
        put(scene, "event", column, "U&'\\fffd'")
        assert scene.found()[0] & {"payload", "chain"}
        return
    put(scene, "event", column, "CAST(x'7b22ff227d' AS TEXT)")
    assert "unreadable" in scene.found()[0]


@pytest.mark.parametrize("value", ["infinity", "-infinity", "4713-01-01 BC", "10000-01-01"])
@pytest.mark.parametrize("sealed", [True, False])
def test_an_instant_that_no_calendar_has(scene: Scene, value: str, sealed: bool) -> None:
    if not sealed:
        scene.office.start(knowingly=True)
    is_postgres = scene.office.engine.store.dialect == "postgresql"
    with scene.unguarded() as connection:
        which = "sealed IS NOT NULL" if sealed else "sealed IS NULL"
        at = f"'{value}'" if is_postgres else str(1 << 62 if value[0] != "-" else -(1 << 62))
        connection.execute(text(f"UPDATE event SET at = {at} WHERE {which} AND seq = 1"))  # noqa: S608
    codes, said = scene.found()
    assert "unreadable" in codes
    assert "cannot be read: no event looks like that" in said


@pytest.mark.parametrize(
    ("table", "column"),
    [("tree", "at"), ("checkpoint", "at"), ("blob", "erased_at"), ("instance", "started_at")],
)
def test_an_instant_beside_the_events_ends_nothing(scene: Scene, table: str, column: str) -> None:
    is_postgres = scene.office.engine.store.dialect == "postgresql"
    put(scene, table, column, "'infinity'" if is_postgres else str(1 << 62))
    codes, _ = scene.found()
    expected = {"tree": "tree", "blob": "document"}
    assert table not in expected or expected[table] in codes


@pytest.mark.parametrize("table", READ)
def test_any_value_in_any_column_ends_nothing(scene: Scene, table: str) -> None:
    """SQLite keeps a value of any type in any column; the other one only texts in those of texts."""
    is_postgres = scene.office.engine.store.dialect == "postgresql"
    values = ["'abc'"] if is_postgres else ["CAST(x'ff' AS TEXT)", "x'00ff'", "70000", "'abc'"]
    events = scene.verified().events
    quote = "quote_nullable" if is_postgres else "quote"
    for column in metadata.tables[table].columns:
        if column.foreign_keys or column.primary_key or (is_postgres and not isinstance(column.type, Text)):
            continue
        for value in values:
            with scene.office.engine.store.reading() as connection:
                was = connection.scalar(text(f"SELECT {quote}({column.name}) FROM {table} LIMIT 1"))  # noqa: S608
            put(scene, table, column.name, value)
            assert scene.verified().events == events, (column, value)
            put(scene, table, column.name, was)
