"""kill -9 of workers that move cases: no case is in both versions or in neither, and each is moved once."""

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
PATIENCE = 120


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office shortly before the present."""
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    engine = open_engine(places, SetClock(Clock().now() - timedelta(minutes=1)))
    yield furnish(engine, engine.clock)
    engine.close()


def how_many_moved(office: Office) -> int:
    with office.engine.store.reading() as connection:
        return connection.scalar(select(func.count()).where(moved.c.seq.is_not(None))) or 0


def let_another_begin(office: Office) -> None:
    """Let the lease of the worker that was killed be over, as it is a minute later."""
    with office.engine.store.transaction() as connection:
        connection.execute(
            update(batch)
            .where(batch.c.run_at.is_not(None))
            .values(run_at=Clock().now() - timedelta(seconds=1))
        )


def check(office: Office, case: UUID, old: UUID, new: UUID) -> bool:
    """See that a case is wholly in one version; tells whether it is in the new one."""
    with office.engine.store.reading() as connection:
        row = connection.execute(select(instance).where(instance.c.id == case)).one()
        versions = set(connection.scalars(select(task.c.version).where(task.c.instance == case)))
        noted = connection.execute(select(moved.c.seq).where(moved.c.instance == case)).scalars().all()
    events = office.events(case)
    told = [one.seq for one in events if one.kind is EventKind.CASE_MOVED]
    assert row.version in (old, new)
    assert versions == {row.version}
    assert told == noted
    assert len(told) == (row.version == new)
    assert head_of(events) == row.chain_head
    return bool(row.version == new)


def test_no_case_is_in_both_versions_or_in_neither(
    office: Office, database: str, tmp_path: Path, report: Report
) -> None:
    chance = random.Random(KILLS)
    cases = [office.start(year=2001 + number % 90, knowingly=True).instance for number in range(CASES)]
    for case in cases[::2]:
        office.complete(case, "mengajukan", "joko", ASKED)
    old = office.tasks(cases[0])[0].version
    number = revised(office, with_a_check_before_archiving())
    survey = surveyed(office, number)
    putu, groups = office.people["putu"], frozenset(survey.result["groups"])
    chosen = Chosen(survey=survey.id, groups=groups, reason="Revisi baru berlaku")
    wanted = batches.move_cases(office.engine, putu, "izin", number, chosen)
    new = read(office, wanted).version
    assert new is not None
    worker = Server(tmp_path / "var", database=database, command=("worker",))
    in_the_middle = 0
    try:
        for kill in range(KILLS):
            worker.start()
            enough, deadline = how_many_moved(office) + chance.randint(1, 30), time.monotonic() + PATIENCE
            while how_many_moved(office) < enough and read(office, wanted).state is BatchState.RUNNING:
                assert time.monotonic() < deadline, "the worker moves nothing"
                time.sleep(0.002)
            worker.kill()
            in_the_middle += read(office, wanted).state is BatchState.RUNNING
            done = [check(office, case, old, new) for case in cases]
            assert sum(done) == how_many_moved(office), kill
            let_another_begin(office)
    finally:
        worker.kill()
    assert in_the_middle, "no kill met the batch"
    office.clock.set(Clock().now())
    while batch_slices.work(office.engine):
        pass
    assert read(office, wanted).state is BatchState.DONE
    assert all(check(office, case, old, new) for case in cases)
    for case in cases[:20]:  # and each goes on
        if "mengajukan" in office.open_elements(case):
            office.complete(case, "mengajukan", "joko", ASKED)
        office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
        assert office.open_elements(case) == ["memastikan"]
    report.tell(kills=in_the_middle, cases_moved_once=len(cases))
