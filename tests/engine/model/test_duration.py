"""Working minutes in words."""

from __future__ import annotations

import pytest

from engine.model.duration import Duration, split


@pytest.mark.parametrize(
    ("minutes", "duration"),
    [
        (0, Duration(0, 0, 0)),
        (45, Duration(0, 0, 45)),
        (125, Duration(0, 2, 5)),
        (450, Duration(1, 0, 0)),
        (750, Duration(1, 5, 0)),
        (479, Duration(1, 0, 0)),
        (480, Duration(1, 1, 0)),
        (899, Duration(1, 7, 0)),
        (-120, Duration(0, 2, 0)),
    ],
)
def test_days_are_of_the_calendars_length(minutes: int, duration: Duration) -> None:
    assert split(minutes, 450) == duration


def test_hours_that_fill_the_day_are_a_day() -> None:
    assert split(420 + 419, 420) == Duration(2, 0, 0)
