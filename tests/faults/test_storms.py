"""A storm of slow expressions in one process of the program keeps nobody waiting in the other.

The real web and the real worker, each with the sandbox it has. Nothing is timed: the slow expressions of
the one that is stormed do not end before the test does, and whoever shared its sandbox would be told so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from engine.actions.deployment import deploy
from engine.actions.offices import operator
from engine.clock import Clock, SetClock
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage import tables
from engine.storage.tables import event
from tests.engine.bpmn.drawn import element, script, timer
from tests.faults.clerk import Clerk
from tests.faults.errands import Act, Errand, Step
from tests.letters import draw
from tests.live import Server
from tests.offices import Office, furnish
from tests.slowness import ENDLESS, HELD

pytestmark = pytest.mark.xdist_group("kills")
SOPS, EACH = 8, 4  # more than there are workers in the sandbox
STORM = SOPS * EACH  # slow expressions, and honest ones meanwhile
AT_ONCE = 8  # who press
PATIENCE = 120.0  # seconds
SLOW = script("hitung", f"x = {ENDLESS}")
HONEST = script("hitung", 'x = sum(range(10)) + case["year"]')
HOUR = element("intermediateCatchEvent", "tunggu", timer("timeDuration", "PT1H"))


@pytest.fixture
def office(sqlite_database: str, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office a day before the present, so that the timers of its cases are due."""
    clock = SetClock(Clock().now() - timedelta(days=1))
    engine = open_engine(Places(database=sqlite_database, blobs=str(tmp_path / "var" / "blobs")), clock)
    yield furnish(engine, clock)
    engine.close()


@pytest.fixture
def serve(office: Office, sqlite_database: str, tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """Give its web, or its worker: which of the two is stormed has an endless patience."""
    del office  # it is there before they are
    var, servers = tmp_path / "var", []

    def served(name: str, before: str = "pass") -> Server:
        servers.append(Server(var, database=sqlite_database, command=(name,), before=before))
        return servers[-1]

    yield served
    for server in servers:
        server.kill()


def begun(office: Office, key: str, *middle: str, steps: tuple[str, ...], first: bool = False) -> list[UUID]:
    """Deploy a process and start cases of it; with their ``first`` step done they wait for what is behind."""
    package = draw(key, *middle, steps=("meminta", *steps, "membaca"))
    deploy(office.engine, operator(office.id), package)
    cases = [office.start(key=key, knowingly=True).instance for _ in range(EACH)]
    for case in cases if first else ():
        office.complete(case, "meminta", "joko", {})
    return cases


def press(office: Office, clerk: Clerk, case: UUID) -> None:
    """Have a clerk complete the first step of a case."""
    step = Step(by="joko", act=Act.COMPLETE, element="meminta")
    address = f"/tasks/{office.open_task(case, 'meminta').id.hex}/completion"
    clerk.lay_down(Errand(case=case, step=step, address=address, content={}))


def count(office: Office, kind: EventKind) -> int:
    with office.engine.store.reading() as connection:
        return connection.scalar(select(func.count()).where(event.c.kind == kind.value)) or 0


def claimed(office: Office) -> int:
    """Count the timers that a worker has taken."""
    timer_ = tables.timer
    with office.engine.store.reading() as connection:
        taken = select(func.count()).select_from(timer_).where(timer_.c.next_try_at > timer_.c.due_at)
        return connection.scalar(taken) or 0


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_timers_that_hang_keep_nobody_waiting_at_the_web(
    office: Office, serve: Callable[..., Server]
) -> None:
    web, worker = serve("web"), serve("worker", HELD)
    for sop in range(SOPS):
        begun(office, f"badai-{sop}", HOUR, SLOW, steps=("tunggu", "hitung"), first=True)
    honest = [begun(office, f"tenang-{sop}", HONEST, steps=("hitung",)) for sop in range(SOPS)]
    office.clock.set(Clock().now())
    web.start()
    clerk = Clerk(web.address, office, "joko")
    for case in (case for cases in honest for case in cases):
        press(office, clerk, case)
    worker.start()
    wait_until(lambda: claimed(office) > 0)
    clerk.start()
    wait_until(lambda: len(clerk.acknowledged) == STORM)
    assert (count(office, EventKind.TIMER_FIRED), count(office, EventKind.INCIDENT_OPENED)) == (0, 0)
    clerk.end()
    assert (clerk.refused, clerk.sent_again) == ([], 0)


def test_people_whose_steps_hang_hold_up_no_timer(office: Office, serve: Callable[..., Server]) -> None:
    web, worker = serve("web", HELD), serve("worker")
    for sop in range(SOPS):
        begun(office, f"tenang-{sop}", HOUR, HONEST, steps=("tunggu", "hitung"), first=True)
    slow = [begun(office, f"badai-{sop}", SLOW, steps=("hitung",)) for sop in range(SOPS)]
    office.clock.set(Clock().now())
    web.start()
    clerks = [Clerk(web.address, office, "joko") for _ in range(AT_ONCE)]
    for place, cases in enumerate(slow):
        for case in cases:
            press(office, clerks[place % AT_ONCE], case)
    for clerk in clerks:
        clerk.start()
    wait_until(lambda: any(clerk.refused for clerk in clerks))  # others are at it
    worker.start()
    wait_until(lambda: count(office, EventKind.TIMER_FIRED) == STORM)
    assert count(office, EventKind.INCIDENT_OPENED) == 0, "those that hang still do"
    web.kill()
    for clerk in clerks:
        clerk.end()
    assert all(": 409: " in said for clerk in clerks for said in clerk.refused)
    assert [clerk.acknowledged for clerk in clerks] == [{}] * AT_ONCE
