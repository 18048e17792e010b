"""kill -9 in the middle of work: whatever was acknowledged is there, exactly once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.clock import Clock, SetClock
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.opening import Places, open_engine
from engine.storage.events import stream_events
from engine.storage.tables import instance
from tests.chain import head_of
from tests.journeys.clerk import Clerk
from tests.live import Server
from tests.offices import Office, furnish

pytestmark = pytest.mark.xdist_group("kills")
KILLS = 20
CASES = 500  # for each clerk: more than can be completed between the kills
PATIENCE = 60  # seconds
ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office at the present time, on the disk that the server reads."""
    places = Places(database=database, blobs=str(tmp_path / "var" / "blobs"), sandbox_workers=1)
    clock = SetClock(Clock().now())
    engine = open_engine(places, clock)
    yield furnish(engine, clock)
    engine.close()


@pytest.fixture
def server(office: Office, database: str, tmp_path: Path) -> Iterator[Server]:
    """Give the web process of that office."""
    assert office.people
    server = Server(tmp_path / "var", database=database, command=("web",))
    server.start()
    yield server
    server.kill()


def begun(office: Office, element: str) -> Iterator[UUID]:
    """Start cases as they are asked for, and bring them to an element; gives its tasks."""
    while True:
        case = office.start(knowingly=True).instance
        if element == "memeriksa":
            office.complete(case, "mengajukan", "joko", ASKED)
        yield office.open_task(case, element).id


def test_what_was_acknowledged_is_there_exactly_once(office: Office, server: Server) -> None:
    chance = random.Random(20)
    clerks = [
        Clerk(server.address, office, "joko", list(islice(begun(office, "mengajukan"), CASES)), ASKED),
        Clerk(
            server.address,
            office,
            "rina",
            list(islice(begun(office, "memeriksa"), CASES)),
            {"keputusan": "Ya"},
        ),
    ]
    for clerk in clerks:
        clerk.start()
    for _ in range(KILLS):
        wait_for(clerks, chance.randint(1, 8))
        time.sleep(chance.uniform(0, 0.02))
        server.kill()
        server.start()
    wait_for(clerks, 2)
    for clerk in clerks:
        clerk.end()
    assert [clerk.refused for clerk in clerks] == [[], []]
    assert min(len(clerk.acknowledged) for clerk in clerks) >= KILLS
    assert sum(clerk.sent_again for clerk in clerks) >= KILLS
    check(office, {task: attempt for clerk in clerks for task, attempt in clerk.acknowledged.items()})


def wait_for(clerks: list[Clerk], more: int) -> None:
    """Let so many completions be acknowledged to each clerk: the stream flows."""
    wanted = [len(clerk.acknowledged) + more for clerk in clerks]
    deadline = time.monotonic() + PATIENCE
    while any(len(clerk.acknowledged) < many for clerk, many in zip(clerks, wanted, strict=True)):
        assert time.monotonic() < deadline, [clerk.refused[:1] for clerk in clerks]
        time.sleep(0.005)


def check(office: Office, acknowledged: dict[UUID, UUID]) -> None:
    """Read every case: whole, in one place, with each acknowledged completion once."""
    following = {"mengajukan": ["memeriksa"], "memeriksa": ["mengarsipkan"]}
    with office.engine.store.reading() as connection:
        cases = connection.execute(select(instance)).all()
    attempts = Counter[UUID | None]()
    for case in cases:
        with office.engine.store.reading() as connection:
            events = stream_events(connection, case.id)
        assert [event.seq for event in events] == list(range(1, case.last_seq + 1))
        assert head_of(events) == case.chain_head
        attempts.update(event.attempt for event in events if event.kind is EventKind.TASK_COMPLETED)
        ever = office.tasks(case.id)
        done = [one for one in ever if one.state is TaskState.COMPLETED]
        last = following[done[-1].element] if done else ["mengajukan"]
        assert [one.element for one in ever if one.state is TaskState.OPEN] == last
        for one in done:
            assert one.id not in acknowledged or one.attempt == acknowledged[one.id]
    assert {attempts[attempt] for attempt in acknowledged.values()} == {1}
    assert max(attempts.values()) == 1
