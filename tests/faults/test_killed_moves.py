"""kill -9 of workers that move cases and take them back: no case is in both versions or in neither."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from engine.actions import batch_slices, batches
from engine.actions.batches import Chosen
from engine.clock import Clock, SetClock
from engine.model.batch import BatchState
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage.tables import batch, instance, moved, task
from tests.chain import head_of
from tests.engine.actions.test_batches import ASKED, read, revised, surveyed
from tests.faults.load import how_many
from tests.faults.report import Report
from tests.live import Server
from tests.offices import Office, furnish
from tests.revisions import with_a_check_before_archiving

pytestmark = pytest.mark.xdist_group("kills")
KILLS = how_many("KILLS", 4)
CASES = 150 + 40 * KILLS
PATIENCE = 240  # seconds


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office shortly before the present."""
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    engine = open_engine(places, SetClock(Clock().now() - timedelta(minutes=1)))
    yield furnish(engine, engine.clock)
    engine.close()


def how_many_done(office: Office) -> int:
    """Count what was moved, and once more what was taken back."""
    with office.engine.store.reading() as connection:
        was_moved = connection.scalar(select(func.count()).where(moved.c.seq.is_not(None))) or 0
        was_undone = connection.scalar(select(func.count()).where(moved.c.undone_at.is_not(None))) or 0
    return was_moved + was_undone


def let_another_begin(office: Office) -> None:
    """Let the lease of the worker that was killed be over, as it is a minute later."""
    with office.engine.store.transaction() as connection:
        connection.execute(
            update(batch)
            .where(batch.c.run_at.is_not(None))
            .values(run_at=Clock().now() - timedelta(seconds=1))
        )


def check(office: Office, case: UUID, old: UUID, new: UUID) -> bool:
    """See that a case is wholly in one version, as its record tells; True where that is the new one."""
    with office.engine.store.reading() as connection:
        row = connection.execute(select(instance).where(instance.c.id == case)).one()
        versions = set(connection.scalars(select(task.c.version).where(task.c.instance == case)))
        rows = connection.execute(select(moved).where(moved.c.instance == case)).all()
    events = office.events(case)
    told = [one.seq for one in events if one.kind is EventKind.CASE_MOVED]
    undone = [one.seq for one in events if one.kind is EventKind.MOVE_UNDONE]
    assert row.version in (old, new)
    assert versions == {row.version}
    assert told == [one.seq for one in rows]
    assert len(undone) == sum(one.undone_at is not None for one in rows)
    assert len(told) - len(undone) == (row.version == new)
    assert head_of(events) == row.chain_head
    return bool(row.version == new)


class Killed:
    """An office whose cases a batch works on, and a worker that is killed in the middle of it."""

    def __init__(self, office: Office, worker: Server) -> None:
        self.office, self.worker, self.chance = office, worker, random.Random(KILLS)
        self.cases = [
            office.start(year=2001 + number % 90, knowingly=True).instance for number in range(CASES)
        ]
        for case in self.cases[::2]:
            office.complete(case, "mengajukan", "joko", ASKED)
        self.old = office.tasks(self.cases[0])[0].version
        self.new = self.old

    def in_the_new(self) -> int:
        """Check every case; gives how many are in the new version."""
        return sum(check(self.office, case, self.old, self.new) for case in self.cases)

    def batch(self, wanted: UUID) -> int:
        """Let workers do a batch, each killed after some cases; gives how many kills met it."""
        in_the_middle = 0
        for _ in range(KILLS):
            self.worker.start()
            self._wait_for(wanted, how_many_done(self.office) + self.chance.randint(1, 30))
            self.worker.kill()
            in_the_middle += read(self.office, wanted).state is BatchState.RUNNING
            self.in_the_new()
            let_another_begin(self.office)
        assert in_the_middle, "no kill met the batch"
        self.office.clock.set(Clock().now())
        while batch_slices.work(self.office.engine):
            pass
        assert read(self.office, wanted).state is BatchState.DONE
        return in_the_middle

    def _wait_for(self, wanted: UUID, enough: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while how_many_done(self.office) < enough and read(self.office, wanted).state is BatchState.RUNNING:
            assert time.monotonic() < deadline, "the worker does nothing"
            time.sleep(0.002)


def test_no_case_is_in_both_versions_or_in_neither(
    office: Office, database: str, tmp_path: Path, report: Report
) -> None:
    worker = Server(tmp_path / "var", database=database, command=("worker",))
    try:
        killed = Killed(office, worker)
        number = revised(office, with_a_check_before_archiving())
        survey = surveyed(office, number)
        putu, groups = office.people["putu"], frozenset(survey.result["groups"])
        chosen = Chosen(survey=survey.id, groups=groups, reason="Revisi baru berlaku")
        done = batches.move_cases(office.engine, putu, "izin", number, chosen)
        killed.new = read(office, done).version or killed.old
        kills = killed.batch(done)
        assert killed.in_the_new() == CASES
        for case in killed.cases[:20]:  # and each goes on
            if "mengajukan" in office.open_elements(case):
                office.complete(case, "mengajukan", "joko", ASKED)
            office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
            assert office.open_elements(case) == ["memastikan"]
        kills += killed.batch(batches.undo_cases(office.engine, putu, done))
        assert killed.in_the_new() == 20  # somebody has worked on these
        for case in killed.cases[20:40]:
            if "mengajukan" in office.open_elements(case):
                office.complete(case, "mengajukan", "joko", ASKED)
            office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
            assert office.open_elements(case) == ["mengarsipkan"]
    finally:
        worker.kill()
    report.tell(kills=kills, cases_moved_and_taken_back_once=CASES - 20)
