"""Connections: every thread that is at work gets one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.pool import NullPool

from engine.ids import new_id
from engine.storage.tables import office
from engine.storage.transaction import Store

THREADS = 40  # more than any pool keeps open


def test_as_many_threads_as_there_are_read_at_once(store: Store) -> None:
    all_inside = Barrier(THREADS, timeout=120)

    def read(_: int) -> int:
        with store.reading() as connection:
            rows = connection.execute(select(office.c.id)).all()
            all_inside.wait()
        return len(rows)

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(read, range(THREADS))) == [0] * THREADS


def test_connections_that_the_server_ended_are_replaced_unseen(store: Store) -> None:
    with store.reading() as first, store.reading() as second:  # two that are kept
        _read_nothing(first)
        _read_nothing(second)
    if store.dialect == "postgresql":
        with _alone(store).connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    with store.reading() as connection:
        _read_nothing(connection)
    with store.transaction() as connection:
        _read_nothing(connection)


def test_what_fails_in_a_transaction_is_undone_and_the_connection_goes_on(store: Store) -> None:
    one = {"key": "kantor", "name": "Kantor"}

    def write_and_fail() -> None:
        with store.transaction() as connection:
            connection.execute(office.insert().values(id=new_id(), **one))
            raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            write_and_fail()
    with store.reading() as connection:
        _read_nothing(connection)


def _read_nothing(connection: Connection) -> None:
    assert connection.execute(select(office.c.id)).all() == []


def _alone(store: Store) -> Engine:
    return create_engine(store.engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def test_no_statement_is_compiled_before_it_runs(store: Store) -> None:
    asked = text("SHOW jit" if store.dialect == "postgresql" else "SELECT 'off'")  # SQLite compiles none
    for begin in (store.reading, store.transaction):
        with begin() as connection:
            assert connection.execute(asked).scalar() == "off"
