"""The log of writes is emptied, and the database made smaller; whoever writes afterwards works as before."""

from __future__ import annotations

import resource
import signal

import pytest
from sqlalchemy import insert, text

from engine.errors import StorageFailed
from engine.ids import new_id
from engine.storage.ready import driver_of
from engine.storage.space import compact, empty_log, space
from engine.storage.tables import office as offices
from engine.storage.transaction import BUSY_TIMEOUT, Store
from tests.offices import Office


def test_whoever_writes_after_the_log_was_emptied_waits_as_long_as_before(office: Office) -> None:
    assert empty_log(office.engine.store)
    if office.engine.store.dialect == "sqlite":
        with office.engine.store.engine.connect() as connection:
            assert driver_of(connection).execute("PRAGMA busy_timeout").fetchone() == (1000 * BUSY_TIMEOUT,)
    assert office.start().instance


def filled(store: Store) -> None:
    """Write two megabytes, and delete them."""
    with store.transaction() as connection:
        rows = [{"id": new_id(), "key": str(number), "name": "x" * 4000} for number in range(500)]
        connection.execute(insert(offices), rows)
    with store.transaction() as connection:
        connection.execute(text("DELETE FROM office"))


def test_what_is_free_goes_back_to_the_disk_and_other_work_is_as_before(store: Store) -> None:
    filled(store)
    before = space(store)
    compact(store)
    after = space(store)
    assert after.free == 0
    if store.dialect == "sqlite":
        assert before.free > 1_000_000
        assert after.whole < before.whole - 1_000_000
        with store.reading() as connection:
            assert connection.scalar(text("PRAGMA temp_store")) == 2  # in memory


def test_a_disk_without_room_is_said(store: Store) -> None:
    if store.dialect != "sqlite":  # the server's disk is no matter of this process
        assert space(store).free == 0
        return
    filled(store)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StorageFailed, match=r"no room for a second copy|did not let itself"):
            compact(store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert space(store).free > 1_000_000
