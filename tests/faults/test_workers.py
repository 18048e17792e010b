"""Several workers on one database, some of them killed: every timer fires exactly once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Select, func, select, update

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.clock import Clock, SetClock
from engine.core import Engine
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage.tables import event, timer
from engine.worker import fire_due
from tests.chain import head_of
from tests.faults.load import how_many
from tests.faults.report import Report
from tests.live import Server
from tests.offices import SAMPLES, Office, furnish

pytestmark = pytest.mark.xdist_group("kills")
SEEDS = max(1, how_many("KILLS", 4) // 20)
CASES = 140  # with two timers each: more than one worker takes at once, so that both are at the same cases
PATIENCE = 180  # seconds
CLAIM = timedelta(seconds=31)
TAKEN = select(func.count()).select_from(timer).where(timer.c.next_try_at > timer.c.due_at)
FIRED = select(func.count()).select_from(event).where(event.c.kind == EventKind.TIMER_FIRED.value)


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office two days before the present, so that what is set then is due now."""
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    clock = SetClock(Clock().now() - timedelta(hours=49))
    engine = open_engine(places, clock)
    yield furnish(engine, clock)
    engine.close()


@pytest.fixture
def cases(office: Office) -> list[UUID]:
    """Start reports: the first reminder of each is due now, and its calculation is late."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    started = [office.start(key="laporan", knowingly=True).instance for _ in range(CASES)]
    for case in started:
        office.complete(case, "meminta", "joko", {})
    return started


@contextmanager
def two_workers(database: str, folder: Path) -> Iterator[None]:
    """Run two of them; both are killed afterwards."""
    both = [Server(folder / "var", database=database, command=("worker",)) for _ in range(2)]
    try:
        for server in both:
            server.start()
        yield
    finally:
        for server in both:
            server.kill()


def count(engine: Engine, what: Select[tuple[int]]) -> int:
    with engine.store.reading() as connection:
        return connection.scalar(what) or 0


def wait_for_more(engine: Engine, what: Select[tuple[int]], before: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while count(engine, what) <= before:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def let_claims_run_out(engine: Engine) -> int:
    """Make what the killed had taken due again, as half a minute would; gives how many timers are due.

    It waits for rows that a killed worker's connection still holds, where taking timers steps over them:
    PostgreSQL ends what was begun a moment after the kill, and a reminder left out here is a day late.
    """
    now = Clock().now()
    with engine.store.transaction() as connection:
        connection.execute(update(timer).where(timer.c.next_try_at <= now + CLAIM).values(next_try_at=now))
    return count(engine, select(func.count()).select_from(timer).where(timer.c.next_try_at <= now))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_timer_fires_once_whoever_is_killed(
    office: Office, cases: list[UUID], database: str, tmp_path: Path, seed: int, report: Report
) -> None:
    chance, left = random.Random(3 + seed), []
    for moment in (TAKEN, FIRED, FIRED):
        before = count(office.engine, moment)  # a worker may be quicker than we are
        with two_workers(database, tmp_path):
            wait_for_more(office.engine, moment, before)
            time.sleep(chance.uniform(0, 0.1))
        left.append(let_claims_run_out(office.engine))
        if not left[-1]:
            break
    for later in (timedelta(), timedelta(hours=25)):  # the second reminder
        office.clock.set(Clock().now() + later)
        while fire_due(office.engine):
            pass
    for case in cases:
        events = office.events(case)
        fired = Counter(event.element for event in events if event.kind is EventKind.TIMER_FIRED)
        assert fired == {"sehari": 2, "terlambat": 1}
        assert sorted(office.open_elements(case)) == ["menagih", "mengingatkan", "mengingatkan", "menulis"]
        assert head_of(events)
    report.tell(kills=2 * len(left), timers_fired_once=3 * CASES, timers_left_at_each=left)
