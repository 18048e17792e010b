"""kill -9 of web and worker in the middle of work: whatever was acknowledged is there, exactly once."""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.load import Load, how_many
from tests.faults.report import Report
from tests.faults.truths import check_ends, check_record, check_timers, settle

pytestmark = pytest.mark.xdist_group("kills")
KILLS = how_many("KILLS", 4)


def test_what_was_acknowledged_is_there_exactly_once(load: Load, report: Report) -> None:
    chance = random.Random(KILLS)
    load.begin()
    longest, unnoticed = 0.0, 0
    for kill in range(KILLS):
        load.wait_for(chance.randint(1, 6))
        load.top_up()
        time.sleep(chance.uniform(0, 0.03))
        victim, sent_again = load.workers[kill // 2 % 2] if kill % 2 else load.web, load.sent_again
        victim.kill()
        victim.start()
        longest = max(longest, load.wait_for(1))
        # Desks were full a moment ago, more than can be done in it: somebody met a web that was gone. Of
        # a worker nobody waits.
        unnoticed += victim is load.web and load.sent_again == sent_again
        if kill % 50 == 49:
            check_record(load)
    load.come_to_end()
    assert load.refused == []
    assert unnoticed == 0
    # Two clerks who send one request after the other have one on its way at nearly every instant; of
    # two kills none need have met it.
    assert load.cut >= KILLS // 4 - 1
    settle(load)
    ends = check_ends(load)
    fired = check_timers(load)
    check_record(load)
    report.tell(
        kills=KILLS,
        **load.figures(),
        **ends,
        timers_fired_once=fired,
        seconds_at_most_until_the_load_went_on=round(longest, 1),
    )
