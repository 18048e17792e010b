"""Working hours of a day, written as an office writes them: "07:30-12:00 13:00-16:00"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from engine.errors import Invalid, Problem, say

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)  # as date.weekday() counts


@dataclass(frozen=True)
class Hours:
    """The working spans of a day in minutes after midnight; the gaps between them are the breaks."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, text: str) -> Hours:
        """Read "07:30-12:00 13:00-16:00"; Invalid where spans are not in order, or are no spans."""
        spans = tuple(_span(part) for part in text.split())
        times = [minute for span in spans for minute in span]
        if not spans or times != sorted(set(times)) or times[-1] > 24 * 60:
            sentence = say('"%(text)s" is not working hours such as "07:30-12:00 13:00-16:00"', text=text)
            raise Invalid((Problem(field="hours", label="", sentence=sentence),), sentence)
        return cls(spans)

    def __str__(self) -> str:
        """Write it as ``read`` reads it."""
        return " ".join(f"{_time(opens)}-{_time(closes)}" for opens, closes in self.spans)

    @cached_property
    def length(self) -> int:
        """Working minutes of the day, breaks left out."""
        return sum(closes - opens for opens, closes in self.spans)


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        return (0, 0)  # never in order: told with the whole text
    hour, minute, until_hour, until_minute = map(int, found.groups())
    return (hour * 60 + minute, until_hour * 60 + until_minute)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


NO_HOURS = Hours(())

# date.weekday() -> hours; a day that is missing is no working day.
Week = Mapping[int, Hours]


def five_days(ordinary: str, friday: str) -> Week:
    """Make the week of an office that works from Monday to Friday, with Friday's own break."""
    hours = Hours.read(ordinary)
    days = dict.fromkeys((MONDAY, TUESDAY, WEDNESDAY, THURSDAY), hours)
    return MappingProxyType({**days, FRIDAY: Hours.read(friday)})


# Perpres 21/2023 art. 4: 37.5 hours a week without breaks, 32.5 in Ramadan, from 08:00 then.
DEFAULT_WEEK = five_days("07:30-12:00 13:00-16:00", "07:30-11:30 13:00-16:30")
DEFAULT_RAMADAN_WEEK = five_days("08:00-12:00 12:30-15:00", "08:00-11:30 12:30-15:30")


def read_week(texts: Mapping[str, str]) -> Week:
    """Read ``{"0": "07:30-12:00 13:00-16:00", …}``, Monday is 0; Invalid where something else stands."""
    return MappingProxyType({int(day): Hours.read(text) for day, text in texts.items()})


def write_week(week: Week) -> dict[str, str]:
    """Write a week as ``read_week`` reads it."""
    return {str(day): str(week[day]) for day in sorted(week)}


@dataclass(frozen=True, kw_only=True)
class SpecialHours:
    """Hours that take the place of the week's from ``first`` to ``last``, both included: Ramadan."""

    name: str
    first: date
    last: date
    week: Week
