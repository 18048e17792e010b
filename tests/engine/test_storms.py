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
from tests.slowness import be_patient, hold, let_go

HONEST = 10  # cases
STORMING = 4  # threads
PATIENCE = 60  # seconds


@pytest.fixture
def busy(
    places: Places, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """Open an office with the two sandbox workers of a real one, a slow SOP and a quick one."""
    be_patient(monkeypatch)
    engine = open_engine(replace(places, sandbox_workers=2), clock)
    office = furnish(engine, clock)
    slow(office, tmp_path, start=True)
    quick = tmp_path / "processes" / "cepat"
    (tmp_path / "mended" / "processes" / "taksiran").rename(quick)
    deploy(engine, operator(office.id), read_package(quick))
    honest(office)
    yield office
    engine.close()


def honest(office: Office) -> None:
    """Start a case and complete the step whose condition is worked out."""
    case = office.start(key="cepat", knowingly=True).instance
    office.complete(case, "mengisi", "joko", {"jumlah": "7", "hari": "2"})
    office.complete(case, "memeriksa", "rina", {"paling_sedikit": "5"})
    assert office.open_elements(case) == ["mengarsipkan"]


class Storm:
    """People who start cases of the slow SOP again and again; whoever is refused is told why."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.rages, self.over = Event(), Event()
        self.ended = 0  # of the slow ones

    def rage(self) -> None:
        """Press until it is over."""
        while not self.over.is_set():
            try:
                self._office.start(key="taksiran", by="wati", knowingly=True)
            except NotNow:  # another one of them is at it
                self.rages.set()
                time.sleep(0.05)  # as long as a person needs to press again, at least
            except ProcessFailed:
                self.ended += 1


def test_honest_work_goes_on_during_a_storm(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch)
    storm = Storm(busy)
    with ThreadPoolExecutor(STORMING) as threads:
        raging = [threads.submit(storm.rage) for _ in range(STORMING)]
        try:
            assert storm.rages.wait(PATIENCE)
            for _ in range(HONEST):
                honest(busy)
            assert storm.ended == 0
        finally:
            storm.over.set()
            let_go(monkeypatch, raging)
        for one in raging:
            one.result()
    assert storm.ended >= 1
