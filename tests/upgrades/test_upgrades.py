"""What every released version left is migrated, loaded, run on and finished by the program of today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import SetClock
from engine.model.instance import InstanceStatus
from engine.opening import Places, open_engine
from engine.storage.events import stream_events
from engine.storage.migrating import is_current, migrate
from engine.storage.tables import instance, metadata, process
from engine.storage.transaction import open_store
from tests.chain import head_of
from tests.postgres import Cluster
from tests.upgrades.kept import NOW, VERSIONS, Finisher, Kept


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """Unpack what a version left."""
    return Kept.unpack(request.param, tmp_path / "kept")


@pytest.fixture(params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest, kept: Kept) -> Iterator[Places]:
    """Give a database of each kind with what the version left, migrated."""
    if request.param == "sqlite":
        address = f"sqlite:///{kept.database}"
        migrated(address)
        yield Places(database=address, blobs=kept.blobs, sandbox_workers=1)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.database(migrated=False) as address:
        store = open_store(address)
        kept.copy_to(store)
        store.close()
        migrated(address)
        yield Places(database=address, blobs=kept.blobs, sandbox_workers=1)


def migrated(address: str) -> None:
    store = open_store(address)
    migrate(store)
    assert is_current(store)
    store.close()


def test_every_case_of_a_released_version_runs_on_and_finishes(places: Places, kept: Kept) -> None:
    clock = SetClock(NOW)
    engine = open_engine(places, clock)
    try:
        rows = select(instance.c.id, instance.c.status, process.c.key).join(process)
        with engine.store.reading() as connection:
            cases = connection.execute(rows).all()
        running = [case for case in cases if case.status == InstanceStatus.RUNNING]
        assert len(running) >= 12
        finisher = Finisher(engine, clock, kept)
        for case in running:
            finisher.finish(case.id, case.key)
        with engine.store.reading() as connection:
            for case in connection.execute(select(instance)):
                events = stream_events(connection, case.id)
                assert (case.status, head_of(events)) == (InstanceStatus.FINISHED, case.chain_head)
    finally:
        engine.close()


def test_the_newest_has_something_of_all_that_a_case_can_wait_for(tmp_path: Path) -> None:
    newest = Kept.unpack(VERSIONS[-1], tmp_path)
    with closing(sqlite3.connect(newest.database)) as raw:
        there = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        known = there & set(metadata.tables)  # what came after that release is not in it
        kept = {name for name in known if raw.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}  # noqa: S608 - ours
    assert {"timer", "job", "message_wait", "incident", "data_store", "draft", "comment"} <= kept
