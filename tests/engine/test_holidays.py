"""The nation's calendar, with its cuti bersama and its fasting month."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.holidays import fasting_months, national_days, office_calendar
from engine.model.definition import StandardTime, TimeUnit


def test_public_holidays_and_cuti_bersama_have_their_indonesian_names() -> None:
    days = national_days([2026])
    assert days[date(2026, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"
    assert days[date(2026, 12, 24)].startswith("Cuti Bersama")
    assert {day.year for day in days} == {2026}


def test_ramadan_ends_before_the_feast() -> None:
    assert fasting_months([2026]) == ((date(2026, 2, 19), date(2026, 3, 20)),)


def test_a_year_may_have_two_feasts() -> None:
    assert len(fasting_months([2033])) == 2


def test_an_office_works_ramadan_hours_and_rests_on_its_own_days() -> None:
    calendar = office_calendar(
        range(2025, 2028),
        holidays={date(2026, 3, 2): "Hari jadi kabupaten"},
        workdays={date(2026, 12, 24): "Tetap masuk"},
    )
    start = datetime(2026, 2, 26, 7, 30, tzinfo=UTC)  # 14.30 WIB in Ramadan, a Thursday
    due = calendar.due(start, StandardTime(value=60, unit=TimeUnit.MINUTE))
    assert calendar.local(due).strftime("%d %H.%M") == "27 08.30"
    assert not calendar.is_working_day(date(2026, 3, 2))
    assert calendar.is_working_day(date(2026, 12, 24))
    assert calendar.local(calendar.start_of_day(date(2026, 4, 1))).hour == 7
