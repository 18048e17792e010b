"""The rule that proposes how a step runs, at its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.assessment import Ground, Proposal, StepCounts, grounds, proposed

GOOD = StepCounts(completed=15, due=15, late=3, sent_back=3, deviated=3, without_role=0)


def test_a_step_at_every_limit_runs_well() -> None:
    assert GOOD.in_time == 12  # 80 %
    assert grounds(GOOD) == ()
    assert proposed(GOOD) is Proposal.WELL


@pytest.mark.parametrize(
    ("counts", "ground"),
    [
        (replace(GOOD, late=4), Ground.LATE),
        (replace(GOOD, sent_back=4), Ground.SENT_BACK),
        (replace(GOOD, deviated=4), Ground.DEVIATED),
        (replace(GOOD, without_role=1), Ground.WITHOUT_ROLE),
    ],
)
def test_one_more_is_a_ground_against_it(counts: StepCounts, ground: Ground) -> None:
    assert grounds(counts) == (ground,)
    assert proposed(counts) is Proposal.NOT_WELL


def test_a_step_that_was_not_done_is_not_judged() -> None:
    nothing = StepCounts(completed=0, due=0, late=0, sent_back=0, deviated=0, without_role=0)
    assert proposed(nothing) is Proposal.UNKNOWN
    # Open beyond its due time speaks for itself, though nobody completed it.
    assert proposed(replace(nothing, due=1, late=1)) is Proposal.NOT_WELL


def test_a_step_that_was_hardly_measured_is_left_open() -> None:
    hardly = replace(GOOD, due=7, late=0, unmeasured=8)
    assert proposed(hardly) is Proposal.UNKNOWN
    assert proposed(replace(hardly, due=8, unmeasured=7)) is Proposal.WELL
    assert proposed(replace(hardly, sent_back=4)) is Proposal.NOT_WELL


def test_a_step_without_standard_time_is_judged_by_the_rest() -> None:
    assert proposed(replace(GOOD, due=0, late=0)) is Proposal.WELL
    assert grounds(replace(GOOD, due=0, late=0, sent_back=4)) == (Ground.SENT_BACK,)
