from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.timers import TimerRefused, read_cycle, read_duration, read_instant

START = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT90M", datetime(2026, 1, 31, 11, 30, tzinfo=UTC)),
        ("P1DT1S", datetime(2026, 2, 1, 10, 0, 1, tzinfo=UTC)),
        ("P2W", datetime(2026, 2, 14, 10, 0, tzinfo=UTC)),
        ("P1M", datetime(2026, 2, 28, 10, 0, tzinfo=UTC)),
        ("P13M", datetime(2027, 2, 28, 10, 0, tzinfo=UTC)),
        ("P2Y1M1D", datetime(2028, 3, 1, 10, 0, tzinfo=UTC)),
        ("PT0S", START),
    ],
)
def test_a_duration_counts_months_by_the_calendar(text: str, due: datetime) -> None:
    assert read_duration(text).after(START) == due


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1H",
        "PT1D",
        "1H",
        "P-1D",
        "P1.5Y",
        "P101Y",
        "P99999999999Y",
        "PT99999999999S",
        "p1d",
        "P1D ",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    if text == "P1D ":
        assert read_duration(text).rest == timedelta(days=1)
    else:
        with pytest.raises(TimerRefused):
            read_duration(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01T09:00:00+07:00", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("2026-12-01T09:00", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_without_an_offset_is_utc(text: str, instant: datetime) -> None:
    assert read_instant(text) == instant


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "0001-01-01T00:00+14:00"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(TimerRefused):
        read_instant(text)


def test_a_cycle_tells_how_often_from_when_and_how_far_apart() -> None:
    cycle = read_cycle("R3/2026-01-01T08:00+07:00/P1D")
    assert (cycle.times, cycle.start, cycle.every.rest) == (
        3,
        datetime(2026, 1, 1, 1, 0, tzinfo=UTC),
        timedelta(days=1),
    )
    assert read_cycle("R/PT1H").times is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R",
        "R3",
        "R0/PT1H",
        "R3/PT0.5S",
        "R99999/PT1H",
        "PT1H",
        "R3/2026-01-01/PT1H/2026-01-02",
        "R3/x/PT1H",
    ],
)
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(TimerRefused):
        read_cycle(text)


@given(st.text(alphabet="PTRYMWDHS0123456789/.-:+", max_size=30))
@pytest.mark.proves("expressions", "ISO 8601 times, in calendar or working time")
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_duration, read_instant, read_cycle):
        try:
            found = read(text)
        except TimerRefused:
            continue
        assert found is not None
