"""Medians, ninetieth percentiles and shares, by the definitions that the figures name."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.definition import StandardTime, TimeUnit
from engine.model.figures import Heat, Tally, heat, percentile, share, spread, standard_minutes, tallied

values = st.lists(st.integers(min_value=0, max_value=5000), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("lengths", "median", "p90"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([60, 30], 30, 60),
        ([60, 150, 40], 60, 150),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 9),
        ([0, 0, 0, 100], 0, 100),
    ],
)
def test_percentiles_are_by_nearest_rank(lengths: list[int], median: int | None, p90: int | None) -> None:
    found = spread(Counter(lengths))
    assert (found.median, found.p90) == (median, p90)
    assert (found.count, found.total) == (len(lengths), sum(lengths))


@given(values, st.integers(min_value=1, max_value=100))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(taken: list[int], share: int) -> None:
    found = percentile(Counter(taken), share)
    assert found in taken
    assert 100 * sum(one <= found for one in taken) >= share * len(taken)
    smaller = [one for one in taken if one < found]
    assert 100 * len(smaller) < share * len(taken)


@given(values, values)
def test_parts_that_are_put_together_are_the_whole(first: list[int], second: list[int]) -> None:
    tallies = [Tally(), Tally(), Tally()]
    for tally, taken in zip(tallies, (first, second, first + second), strict=True):
        for one in taken:
            tally.add(worked=one, waited=one // 2, count=1, timed=one > 100, late=one > 1000)
    assert tallied(tallies[:2]) == tallies[2].sums()


def test_a_share_is_of_those_that_had_a_due_time() -> None:
    tally = Tally()
    assert tally.sums().in_time is None
    tally.add(worked=5, waited=0, count=7, timed=False, late=False)
    assert tally.sums().in_time is None
    tally.add(worked=5, waited=0, count=299, timed=True, late=False)
    tally.add(worked=5, waited=0, count=1, timed=True, late=True)
    assert tally.sums().in_time == 99


@pytest.mark.parametrize(
    ("median", "standard", "found"),
    [
        (None, 120, Heat.UNKNOWN),
        (60, None, Heat.UNKNOWN),
        (60, 120, Heat.EASY),
        (61, 120, Heat.WITHIN),
        (120, 120, Heat.WITHIN),
        (121, 120, Heat.BEYOND),
        (240, 120, Heat.BEYOND),
        (241, 120, Heat.FAR_BEYOND),
    ],
)
def test_a_step_is_as_hot_as_its_median_is_of_its_standard(
    median: int | None, standard: int | None, found: Heat
) -> None:
    assert heat(median, standard) is found


def test_standard_times_in_working_minutes() -> None:
    assert standard_minutes(None, 450) is None
    assert standard_minutes(StandardTime(value=120, unit=TimeUnit.MINUTE), 450) == 120
    assert standard_minutes(StandardTime(value=4, unit=TimeUnit.WORKING_DAY), 450) == 1800


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 0, None),
        (0, 9, 0),
        (9, 9, 100),
        (2, 3, 67),
        (1, 3, 33),
        (1, 200, 1),
        (1, 1000, 1),
        (999, 1000, 99),
    ],
)
def test_shares_are_rounded_and_only_all_is_a_hundred(part: int, whole: int, percent: int | None) -> None:
    assert share(part, whole) == percent
