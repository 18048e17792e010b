"""Two workers at the same timers, killed while they fire them: each timer fires exactly once."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, func, select

from engine.clock import Clock
from engine.storage.tables import timer
from tests.faults.load import Load, how_many
from tests.faults.report import Report
from tests.faults.truths import check_record, check_timers, settle

pytestmark = pytest.mark.xdist_group("kills")
TIMES = max(2, how_many("KILLS", 4) // 10)
MANY = 40  # timers that are due at the same instant
AHEAD = timedelta(seconds=4)  # of now: until then the cases are begun, and the workers are up
PATIENCE = 60.0
SOON = 1.0  # seconds: a worker that lives has fired what it took


def test_timers_fire_once_though_their_workers_are_killed_in_the_middle(load: Load, report: Report) -> None:
    chance, halfway, tries, left_over = random.Random(TIMES), 0, 0, 0
    while halfway < TIMES:
        tries += 1
        assert tries <= 5 * TIMES, "no worker was killed while it had timers in hand"
        for server in load.workers:
            if not server.is_running:
                server.start()
        due = begin_cases(load)
        wait_until_taken(load, due)
        time.sleep(chance.uniform(0, 0.1))
        # Both, or one of two: the other may be at these timers as well, and must not fire them again.
        for server in load.workers if tries % 2 else load.workers[:1]:
            server.kill()
        time.sleep(SOON)
        left = count(load, due, timer.c.next_try_at > timer.c.due_at)
        halfway += left > 0
        left_over += left
    settle(load)
    fired = check_timers(load)
    check_record(load)
    report.tell(kills=tries, halfway=halfway, timers_left_by_them=left_over, timers_fired_once=fired)


def begin_cases(load: Load) -> datetime:
    """Begin cases whose first timers are due at the same instant, and give it."""
    due = Clock().now() + AHEAD
    for _ in range(MANY):
        before = Clock().now() - (due - timedelta(hours=24))
        load.timed.append(next(load.with_timers(before)))
    return due


def wait_until_taken(load: Load, due: datetime) -> None:
    deadline = time.monotonic() + PATIENCE
    while count(load, due, timer.c.next_try_at == timer.c.due_at) == MANY:
        assert time.monotonic() < deadline, "no worker takes the timers"
        time.sleep(0.002)


def count(load: Load, due: datetime, which: ColumnElement[bool]) -> int:
    """Count timers of that instant that have not fired."""
    at_once = timer.c.due_at.between(due, due + timedelta(seconds=2))
    with load.office.engine.store.reading() as connection:
        return connection.scalar(select(func.count()).where(at_once, which)) or 0
