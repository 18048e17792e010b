"""When a step's clock starts, when the step is due, and how its time is split."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.holidays import office_calendar
from engine.model.calendar import WorkCalendar
from engine.model.definition import ClockStart, StandardTime, Step, TimeUnit
from engine.model.schedule import clock_start, due, times_spent

ARRIVED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09.00 WIB


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return office_calendar(range(2026, 2028))


def step(clock: ClockStart = ClockStart.ARRIVAL, field: str | None = None, minutes: int = 120) -> Step:
    return Step(
        element="rapat",
        number=1,
        name="Rapat",
        activity="Rapat",
        role="kasub",
        form_key=None,
        standard_time=StandardTime(value=minutes, unit=TimeUnit.MINUTE),
        clock=clock,
        clock_field=field,
    )


def started(of: Step, calendar: WorkCalendar, **facts: object) -> datetime | None:
    variables = facts.get("variables", {})
    assert isinstance(variables, dict)
    return clock_start(of, opened_at=ARRIVED, claimed_at=None, variables=variables, calendar=calendar)


def test_a_clock_that_starts_on_arrival(calendar: WorkCalendar) -> None:
    assert started(step(), calendar) == ARRIVED


def test_a_clock_that_starts_when_work_is_begun_stands_until_then(calendar: WorkCalendar) -> None:
    waiting = step(ClockStart.STARTED)
    assert started(waiting, calendar) is None
    assert due(waiting, started_at=None, paused_minutes=0, calendar=calendar) is None


def test_a_clock_that_starts_on_a_date_starts_with_that_days_work(calendar: WorkCalendar) -> None:
    meeting = step(ClockStart.DATE, "undangan.tanggal")
    begun = started(meeting, calendar, variables={"undangan": {"tanggal": "2026-11-30"}})
    assert begun == datetime(2026, 11, 30, 0, 30, tzinfo=UTC)  # 07.30 WIB


@pytest.mark.parametrize("given", ["2026-11-20", "", None, "besok", 7])
def test_a_date_that_is_missing_or_past_counts_as_the_arrival(calendar: WorkCalendar, given: object) -> None:
    meeting = step(ClockStart.DATE, "undangan.tanggal")
    assert started(meeting, calendar, variables={"undangan": {"tanggal": given}}) == ARRIVED


def test_a_pause_moves_the_due_time_by_its_working_minutes(calendar: WorkCalendar) -> None:
    first = due(step(), started_at=ARRIVED, paused_minutes=0, calendar=calendar)
    later = due(step(), started_at=ARRIVED, paused_minutes=30, calendar=calendar)
    assert first == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert later == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def test_working_and_waiting_time_are_kept_apart(calendar: WorkCalendar) -> None:
    worked, waited = times_spent(
        opened_at=ARRIVED,
        started_at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
        paused_minutes=15,
        paused_at=None,
        ended_at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
        calendar=calendar,
    )
    assert (worked, waited) == (45, 75)


def test_a_task_that_ends_before_its_clock_started_only_waited(calendar: WorkCalendar) -> None:
    worked, waited = times_spent(
        opened_at=ARRIVED,
        started_at=datetime(2026, 11, 30, 0, 30, tzinfo=UTC),
        paused_minutes=0,
        paused_at=None,
        ended_at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
        calendar=calendar,
    )
    assert (worked, waited) == (0, 60)


def test_pauses_before_a_clock_that_starts_later_are_not_waited_twice(calendar: WorkCalendar) -> None:
    worked, waited = times_spent(
        opened_at=ARRIVED,
        started_at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
        paused_minutes=90,
        paused_at=None,
        ended_at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
        calendar=calendar,
    )
    assert (worked, waited) == (0, 60 + 60)
