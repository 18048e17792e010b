"""PostgreSQL goes down and comes back under load: people read why they must wait, then it goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.load import Load, how_many
from tests.faults.opening import load_of
from tests.faults.report import Report
from tests.faults.truths import check_ends, check_record, check_timers, settle
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("kills")
RESTARTS = how_many("RESTARTS", 2)
WAIT = {(503, "Alur sedang tidak dapat menyimpan"), (503, "Alur cannot save just now")}


@pytest.fixture
def load(durable: Cluster, tmp_path: Path) -> Iterator[Load]:
    with durable.database() as address, load_of(address, tmp_path) as made:
        yield made


def test_after_a_restart_of_the_database_it_goes_on_by_itself(
    load: Load, durable: Cluster, report: Report
) -> None:
    chance = random.Random(RESTARTS)
    load.begin()
    longest = 0.0
    for number in range(RESTARTS):
        load.top_up()
        load.wait_for(chance.randint(1, 6))
        durable.stop(crash=number % 2 == 1)
        assert load.clerks[0].look("/tasks") in WAIT
        time.sleep(chance.uniform(0, 0.5))
        durable.start()
        longest = max(longest, load.wait_for(2))
    load.come_to_end()
    assert all(server.is_running for server in (load.web, *load.workers))
    assert load.refused == []
    assert {(503, heading) for clerk in load.clerks for heading in clerk.told} <= WAIT
    settle(load)
    ends = check_ends(load)
    fired = check_timers(load)
    check_record(load)
    report.tell(
        restarts=RESTARTS,
        **load.figures(),
        **ends,
        timers_fired_once=fired,
        seconds_at_most_until_the_load_went_on=round(longest, 1),
    )
