"""kill -9 of web and worker in the middle of work: whatever was acknowledged is there, exactly once."""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.load import Load, how_many
from tests.faults.report import Report

pytestmark = pytest.mark.xdist_group("kills")
KILLS = how_many("KILLS", 4)


def test_what_was_acknowledged_is_there_exactly_once(load: Load, report: Report) -> None:
    chance = random.Random(KILLS)
    load.begin()
    longest, unnoticed = 0.0, 0
    for kill in range(KILLS):
        load.top_up()
        load.wait_for(chance.randint(1, 6))
        time.sleep(chance.uniform(0, 0.03))
        victim, sent_again = load.worker if kill % 3 == 2 else load.web, load.sent_again
        victim.kill()
        victim.start()
        longest = max(longest, load.wait_for(1))
        # A clerk has cases on the desk, so one at least met a web that was gone; of the worker nobody waits.
        unnoticed += victim is load.web and load.sent_again == sent_again
        if kill % 50 == 49:
            load.check()
    load.end()
    assert [clerk.refused for clerk in load.clerks] == [[], []]
    assert unnoticed == 0
    load.check()
    fired = load.check_timers()
    load.check()
    report.tell(
        kills=KILLS,
        completions_acknowledged=len(load.acknowledged),
        sent_again=load.sent_again,
        timers_fired_once=fired,
        seconds_at_most_until_the_load_went_on=round(longest, 1),
    )
