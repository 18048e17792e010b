"""Several workers on one database, some of them killed: every timer fires exactly once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Select, func, select

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.clock import Clock, SetClock
from engine.core import Engine
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage import timers
from engine.storage.tables import event, timer
from engine.worker import fire_due
from tests.chain import head_of
from tests.offices import SAMPLES, Office, furnish

pytestmark = pytest.mark.xdist_group("kills")
CASES = 240
PATIENCE = 60  # seconds
CLAIM = timedelta(seconds=31)
TAKEN = select(func.count()).select_from(timer).where(timer.c.next_try_at > timer.c.due_at)
FIRED = select(func.count()).select_from(event).where(event.c.kind == EventKind.TIMER_FIRED.value)
_WORKER = (sys.executable, "-c", "from webapp.cli import main; main()", "worker")


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office a day before the present, so that what is set then is due now."""
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    clock = SetClock(Clock().now() - timedelta(hours=25))
    engine = open_engine(places, clock)
    yield furnish(engine, clock)
    engine.close()


@pytest.fixture
def cases(office: Office) -> list[UUID]:
    """Start reports: the first reminder of each is due now, nothing else is."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    started = [office.start(key="laporan", knowingly=True).instance for _ in range(CASES)]
    for case in started:
        office.complete(case, "meminta", "joko", {})
    return started


@contextmanager
def worker(database: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start ``alur worker``; whatever becomes of it, it is gone afterwards."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALUR_")}
    places = {"ALUR_DATA_DIR": str(folder), "ALUR_DATABASE_URL": database}
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(_WORKER, env=mine | places, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def count(engine: Engine, what: Select[tuple[int]]) -> int:
    with engine.store.reading() as connection:
        return connection.scalar(what) or 0


def wait_for_another(engine: Engine, what: Select[tuple[int]]) -> None:
    before, deadline = count(engine, what), time.monotonic() + PATIENCE
    while count(engine, what) <= before:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def let_claims_run_out(engine: Engine) -> int:
    """Make what the killed had taken due again, as half a minute would; gives how many timers are due."""
    now = Clock().now()
    with engine.store.transaction() as connection:
        timers.claim(connection, now + CLAIM, now, CASES)
    return count(engine, select(func.count()).select_from(timer).where(timer.c.next_try_at <= now))


def test_each_timer_fires_once_whoever_is_killed(
    office: Office, cases: list[UUID], database: str, tmp_path: Path
) -> None:
    chance = random.Random(3)
    for moment in (TAKEN, FIRED, FIRED):
        with worker(database, tmp_path), worker(database, tmp_path):
            wait_for_another(office.engine, moment)
            time.sleep(chance.uniform(0, 0.1))
        if not let_claims_run_out(office.engine):
            break
    office.clock.set(Clock().now())
    while fire_due(office.engine):
        pass
    for case in cases:
        assert office.kinds(case).count(EventKind.TIMER_FIRED) == 1
        assert sorted(office.open_elements(case)) == ["menghitung", "mengingatkan", "menulis"]
        assert head_of(office.events(case))
