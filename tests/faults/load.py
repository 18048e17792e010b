"""An office under load: clerks at the web, timers that come due, and what must be true afterwards."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from engine import worker
from engine.clock import Clock, SetClock
from engine.model.event import EventKind
from engine.model.task import Task, TaskState
from engine.opening import Places, open_engine
from engine.storage import tasks as task_rows
from engine.storage import timers
from engine.storage.events import stream_events
from engine.storage.tables import instance
from tests.chain import head_of
from tests.faults.clerk import Clerk
from tests.live import Server
from tests.offices import SAMPLES, Office, furnish

PATIENCE = 90.0  # seconds for the load to go on
BEFORE = timedelta(days=4)  # cases with timers are so old: all of those are due
ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
ON_DESK = 25  # cases of a clerk
TIMED = 4  # cases whose timers are due, each time
MOST_TIMED = 200
MOST_FIRED = {"sehari": 2, "terlambat": 1}  # of a case of *laporan*


def how_many(name: str, usually: int) -> int:
    """Read how many faults a run is to have; ``make faults`` asks for many."""
    return int(os.environ.get(f"ALUR_TEST_{name}", usually))


@dataclass
class Load:
    """An office, the processes that serve it, and the people who work in it."""

    office: Office
    web: Server
    worker: Server
    clerks: list[Clerk] = field(default_factory=list)
    timed: list[UUID] = field(default_factory=list)  # cases with timers

    def begin(self) -> None:
        """Start the processes, and two clerks who do what is laid on their desks."""
        self.web.start()
        self.worker.start()
        self.clerks = [
            Clerk(self.web.address, self.office, "joko", ASKED),
            Clerk(self.web.address, self.office, "rina", {"keputusan": "Ya"}),
        ]
        self.top_up()
        for clerk in self.clerks:
            clerk.start()

    def top_up(self) -> None:
        """Lay more cases on the clerks' desks, and start some whose timers are due.

        All at once: the clerks work faster than cases are begun here, and would wait for each.
        """
        if len(self.timed) < MOST_TIMED:
            self.timed += islice(begun(self.office, "menulis", key="laporan", before=BEFORE), TIMED)
        laid = [
            list(islice(begun(self.office, element), max(0, ON_DESK - clerk.on_desk)))
            for clerk, element in zip(self.clerks, ("mengajukan", "memeriksa"), strict=True)
        ]
        for clerk, tasks in zip(self.clerks, laid, strict=True):
            for task in tasks:
                clerk.lay_down(task)

    def wait_for(self, more: int) -> float:
        """Let so many completions be acknowledged to each clerk; gives the seconds it took."""
        began = time.monotonic()
        wanted = [len(clerk.acknowledged) + more for clerk in self.clerks]
        while any(len(clerk.acknowledged) < many for clerk, many in zip(self.clerks, wanted, strict=True)):
            if any(clerk.on_desk < more for clerk in self.clerks):
                self.top_up()
            assert time.monotonic() < began + PATIENCE, [clerk.refused[:1] for clerk in self.clerks]
            time.sleep(0.005)
        return time.monotonic() - began

    @property
    def sent_again(self) -> int:
        """Count how often a clerk got no answer."""
        return sum(clerk.sent_again for clerk in self.clerks)

    def end(self) -> None:
        """Let the clerks come to their end."""
        for clerk in self.clerks:
            clerk.end()

    def close(self) -> None:
        """End all processes, and let go of the database."""
        self.end()
        self.web.kill()
        self.worker.kill()
        self.office.engine.close()

    @property
    def acknowledged(self) -> dict[UUID, UUID]:
        """Give the attempt of every task whose completion was acknowledged."""
        return {task: attempt for clerk in self.clerks for task, attempt in dict(clerk.acknowledged).items()}

    def check(self) -> None:
        """Read every case: whole, in one place, with each acknowledged completion once."""
        acknowledged = self.acknowledged
        with self.office.engine.store.reading() as connection:
            cases = connection.scalars(select(instance.c.id)).all()
        attempts = Counter[UUID | None]()
        for case in cases:
            with self.office.engine.store.reading() as connection:  # the load may still go on
                row = connection.execute(select(instance).where(instance.c.id == case)).one()
                events = stream_events(connection, case)
                ever = task_rows.of_instance(connection, case)
            assert [event.seq for event in events] == list(range(1, row.last_seq + 1))
            assert head_of(events) == row.chain_head
            attempts.update(event.attempt for event in events if event.kind is EventKind.TASK_COMPLETED)
            if case not in self.timed:
                _stands_where_it_must(ever, acknowledged)
        assert {attempts[attempt] for attempt in acknowledged.values()} <= {1}, "acknowledged, and not there"
        assert max(attempts.values(), default=1) == 1

    def check_timers(self) -> int:
        """Let every timer fire that is left, claimed by a killed worker or not; gives how often they did.

        Each must have fired as often as the diagram says, and left one task for each time.
        """
        for later in (2 * worker._CLAIM, timedelta(hours=25)):  # the second of two reminders
            self.office.clock.set(Clock().now() + later)
            deadline = time.monotonic() + PATIENCE
            while self._is_due():
                worker.fire_due(self.office.engine)
                assert time.monotonic() < deadline, "a timer is not to be fired"
        return sum(self._timers_of(case) for case in self.timed)

    def _timers_of(self, case: UUID) -> int:
        events = self.office.events(case)
        fired = Counter(event.element for event in events if event.kind is EventKind.TIMER_FIRED)
        ever = Counter(one.element for one in self.office.tasks(case))
        assert fired == MOST_FIRED
        assert ever["mengingatkan"] == MOST_FIRED["sehari"]
        assert ever["menagih"] == 1
        return sum(fired.values())

    def _is_due(self) -> bool:
        with self.office.engine.store.reading() as connection:
            first = timers.next_try(connection)
        return first is not None and first <= self.office.clock.now()


def _stands_where_it_must(ever: list[Task], acknowledged: dict[UUID, UUID]) -> None:
    following = {"mengajukan": ["memeriksa"], "memeriksa": ["mengarsipkan"]}
    done = [one for one in ever if one.state is TaskState.COMPLETED]
    last = following[done[-1].element] if done else ["mengajukan"]
    assert [one.element for one in ever if one.state is TaskState.OPEN] == last
    for one in done:
        assert one.id not in acknowledged or one.attempt == acknowledged[one.id]


def begun(office: Office, element: str, key: str = "izin", before: timedelta = timedelta()) -> Iterator[UUID]:
    """Start cases as they are asked for, and bring them to an element; gives its tasks (or the cases)."""
    for year in cycle(range(2001, 2100)):  # whoever starts a case is asked about those of its year
        office.clock.set(Clock().now() - before)
        case = office.start(key=key, year=year, knowingly=True).instance
        if element == "memeriksa":
            office.complete(case, "mengajukan", "joko", ASKED)
        elif element == "menulis":
            office.complete(case, "meminta", "joko", {})
        office.clock.set(Clock().now())
        yield case if key == "laporan" else office.open_task(case, element).id


def load_of(database: str, folder: Path) -> Load:
    """Furnish an office at the present time, on the disk that its processes will read."""
    var = folder / "var"
    places = Places(database=database, blobs=str(var / "blobs"), sandbox_workers=1)
    clock = SetClock(Clock().now() - BEFORE)
    engine = open_engine(places, clock)
    office = furnish(engine, clock, "kantor", SAMPLES / "izin", SAMPLES / "laporan")
    clock.set(Clock().now())
    return Load(
        office=office,
        web=Server(var, database=database, command=("web",)),
        worker=Server(var, database=database, command=("worker",)),
    )
