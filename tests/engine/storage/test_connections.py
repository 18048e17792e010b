"""Connections: every thread that is at work gets one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from engine.storage.tables import office
from engine.storage.transaction import Store

THREADS = 40  # more than any pool keeps open


def test_as_many_threads_as_there_are_read_at_once(store: Store) -> None:
    all_inside = Barrier(THREADS, timeout=30)

    def read(_: int) -> int:
        with store.reading() as connection:
            rows = connection.execute(select(office.c.id)).all()
            all_inside.wait()
        return len(rows)

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(read, range(THREADS))) == [0] * THREADS
