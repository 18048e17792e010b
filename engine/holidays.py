"""The nation's holidays and the month of Ramadan, from the package ``holidays``.

Importing that package takes most of a second, so it is imported when a calendar is first asked
for, and kept by year. Dates of years to come are estimates; the office corrects them with days of
its own (``calendar_day``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from engine.model.calendar import WorkCalendar
from engine.model.hours import DEFAULT_RAMADAN_WEEK, DEFAULT_WEEK, SpecialHours, Week


def national_days(years: Iterable[int]) -> Mapping[date, str]:
    """Give the public holidays and the cuti bersama of these years with their Indonesian names."""
    return MappingProxyType(
        {day: name for year in sorted(set(years)) for day, name in _days_of(year).items()}
    )


def fasting_months(years: Iterable[int]) -> tuple[tuple[date, date], ...]:
    """Give first and last day of each Ramadan whose feast (Idul Fitri) is in these years."""
    return tuple(month for year in sorted(set(years)) for month in _months_of(year))


def office_calendar(
    years: Iterable[int],
    *,
    zone: str = "Asia/Jakarta",
    week: Week = DEFAULT_WEEK,
    ramadan_week: Week | None = DEFAULT_RAMADAN_WEEK,
    holidays: Mapping[date, str] = MappingProxyType({}),
    workdays: Mapping[date, str] = MappingProxyType({}),
) -> WorkCalendar:
    """Make an office's calendar: the nation's days and its own, for the years it may be asked about.

    Take a span that does not move from day to day (ten years cost nothing), or the calendar's
    digest changes without a reason.
    """
    span = sorted(set(years))
    months = fasting_months([*span, span[-1] + 1]) if ramadan_week else ()
    return WorkCalendar(
        zone=zone,
        week=week,
        special=tuple(
            SpecialHours(name="Ramadan", first=first, last=last, week=ramadan_week or week)
            for first, last in months
        ),
        holidays={**national_days(span), **holidays},
        workdays=dict(workdays),
    )


@cache
def _days_of(year: int) -> Mapping[date, str]:
    from holidays.countries.indonesia import Indonesia  # noqa: PLC0415 - slow, see above

    days = Indonesia(categories=("public", "government"), years=year, language="id")
    return {day: name for day, name in sorted(days.items()) if day.year == year}


@cache
def _months_of(year: int) -> tuple[tuple[date, date], ...]:
    feasts = [day for day, name in _days_of(year).items() if _is_eid(name)]
    # 29 or 30 days, told by the moon: 30 are taken, so that nobody is late for a day too long.
    return tuple((feast - timedelta(days=30), feast - timedelta(days=1)) for feast in feasts)


def _is_eid(names: str) -> bool:
    """Tell the feast itself from its second day and its cuti bersama; a day may have several names."""
    return any(name.startswith("Hari Raya Idul Fitri") for name in names.split("; "))
