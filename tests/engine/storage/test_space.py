"""The log of writes is emptied, and whoever writes afterwards waits for others as long as before."""

from __future__ import annotations

from engine.storage.ready import driver_of
from engine.storage.space import empty_log
from engine.storage.transaction import BUSY_TIMEOUT
from tests.offices import Office


def test_whoever_writes_after_the_log_was_emptied_waits_as_long_as_before(office: Office) -> None:
    assert empty_log(office.engine.store)
    if office.engine.store.dialect == "sqlite":
        with office.engine.store.engine.connect() as connection:
            assert driver_of(connection).execute("PRAGMA busy_timeout").fetchone() == (1000 * BUSY_TIMEOUT,)
    assert office.start().instance
