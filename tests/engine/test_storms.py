"""While people storm one slow SOP, others complete the steps of another: through the actions, in threads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.errors import NotNow, ProcessFailed
from engine.opening import Places, open_engine
from tests.engine.actions.failing import slow
from tests.offices import Office, furnish

SECONDS = 3.0
STORMING = 4  # threads


@pytest.fixture
def busy(places: Places, clock: SetClock, tmp_path: Path) -> Iterator[Office]:
    """Open an office with the two sandbox workers of a real one, a slow SOP and a quick one."""
    engine = open_engine(replace(places, sandbox_workers=2), clock)
    office = furnish(engine, clock)
    slow(office, tmp_path, start=True, source="sum(range(4_000_000))")  # long, but within its time
    quick = tmp_path / "processes" / "cepat"
    (tmp_path / "mended" / "processes" / "taksiran").rename(quick)
    deploy(engine, operator(office.id), read_package(quick))
    yield office
    engine.close()


def honest(office: Office) -> int:
    """Start cases and complete the step whose condition is worked out; gives how many in some seconds."""
    begun, done = time.monotonic(), 0
    while time.monotonic() - begun < SECONDS:
        case = office.start(key="cepat", knowingly=True).instance
        office.complete(case, "mengisi", "joko", {"jumlah": "7", "hari": "2"})
        office.complete(case, "memeriksa", "rina", {"paling_sedikit": "5"})
        assert office.open_elements(case) == ["mengarsipkan"]
        done += 1
    return done


def storm(office: Office, over: Event) -> int:
    """Start cases of the slow SOP; whoever is refused is told why."""
    times = 0
    while not over.is_set():
        times += 1
        try:
            office.start(key="taksiran", by="wati", knowingly=True)
        except (ProcessFailed, NotNow):
            time.sleep(0.05)  # as long as a person needs to press again, at least
    return times


def test_honest_work_goes_on_during_a_storm(busy: Office) -> None:
    alone, over = honest(busy), Event()
    with ThreadPoolExecutor(STORMING) as threads:
        storms = [threads.submit(storm, busy, over) for _ in range(STORMING)]
        meanwhile = honest(busy)
        over.set()
        assert all(one.result() for one in storms)
    # The machine is shared with the storm's own work: what must not happen is standing still.
    assert meanwhile >= max(2, alone // 10), (alone, meanwhile)
