"""Working time of an office: when a step is due, and how many working minutes lie between.

Instants go in and come out in UTC; hours are those of the office's zone. Everything counts in
whole minutes: a minute that has begun is given to whoever works, so that a due time is never
earlier than the standard allows.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from zoneinfo import ZoneInfo

from engine.model.definition import StandardTime, TimeUnit
from engine.model.hours import DEFAULT_WEEK, NO_HOURS, Hours, SpecialHours, Week, write_week

_HORIZON = 4000  # days looked ahead for working time, before the calendar is taken to have none
_LAST_DAY = date.max.toordinal()
_MIDNIGHT = time()
_BLOCK = 512  # days whose working minutes are added up once


class NoWorkingTime(ValueError):
    """The calendar has no working time within ten years after the day asked for."""

    def __init__(self, ordinal: int) -> None:
        """Name the day, given as date.toordinal()."""
        super().__init__(f"no working time after {date.fromordinal(min(ordinal, _LAST_DAY)):%d-%m-%Y}")


@dataclass(frozen=True, kw_only=True, eq=False)
class WorkCalendar:
    """One office's calendar. Days without hours in its week, and holidays, have no working time.

    ``holidays`` are the nation's and the office's own, by their names; ``workdays`` are days the
    office works although they are a holiday or not in its week (with the weekday's hours, else
    those of the week's first day). Holidays must cover the years that are asked for: a year
    without any has only its weekends.
    """

    zone: str = "Asia/Jakarta"
    week: Week = field(default_factory=lambda: DEFAULT_WEEK)
    special: tuple[SpecialHours, ...] = ()
    holidays: Mapping[date, str] = field(default_factory=dict)
    workdays: Mapping[date, str] = field(default_factory=dict)
    _days: dict[int, Hours] = field(default_factory=dict, init=False, repr=False)
    _sums: dict[int, list[int]] = field(default_factory=dict, init=False, repr=False)  # by block

    def __post_init__(self) -> None:
        """Refuse a week without working time, which would never end a search."""
        if not self.week:
            message = "a work calendar needs at least one working day in its week"
            raise ValueError(message)

    # -- days -------------------------------------------------------------------------------

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on this day."""
        return bool(self._day(day.toordinal()).spans)

    def working_days_after(self, day: date) -> Iterator[date]:
        """Give the working days after this day, without end; NoWorkingTime where there are none."""
        ordinal = day.toordinal()
        while True:
            ordinal = self._next_working(ordinal + 1)
            yield date.fromordinal(ordinal)

    def start_of_day(self, day: date) -> datetime:
        """Give the first working minute of the day, or of the next working day."""
        ordinal = self._next_working(day.toordinal())
        return self._instant(ordinal, self._day(ordinal).spans[0][0])

    def end_of_day(self, day: date) -> datetime:
        """Give the end of work of the day, or of the next working day."""
        ordinal = self._next_working(day.toordinal())
        return self._instant(ordinal, self._day(ordinal).spans[-1][1])

    def local(self, instant: datetime) -> datetime:
        """Give the instant as the office's clocks show it."""
        return instant.astimezone(self._zone)

    @cached_property
    def day_length(self) -> int:
        """Working minutes of an ordinary day: what "1 hari" stands for when minutes are put in words."""
        lengths = Counter(hours.length for hours in self.week.values())
        return max(lengths, key=lambda length: (lengths[length], length))

    # -- working time -----------------------------------------------------------------------

    def due(self, start: datetime, standard: StandardTime, paused_minutes: int = 0) -> datetime:
        """Say when a step is due whose clock started then and stood still for so many working minutes.

        "4 hari" is the end of work on the 4th working day after the day of arrival.
        """
        if standard.unit is TimeUnit.MINUTE:
            return self.add_minutes(start, standard.value + paused_minutes)
        days = self.working_days_after(self.local(start).date())
        last = next(day for number, day in enumerate(days, 1) if number >= standard.value)
        return self.add_minutes(self.end_of_day(last), paused_minutes)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """Give the earliest working instant with so many working minutes since the start."""
        if minutes < 0:
            message = f"working minutes to add must not be negative, but were {minutes}"
            raise ValueError(message)
        first, reached = self._position(start)
        left = minutes
        for ordinal in range(first, min(first + _HORIZON + minutes, _LAST_DAY)):
            for opens, closes in self._day(ordinal).spans:
                begins = max(opens, reached)
                if left <= closes - begins:
                    return self._instant(ordinal, begins + left)
                left -= max(0, closes - begins)
            reached = 0
        raise NoWorkingTime(first)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Count the working minutes from one instant to another; negative where the end comes first."""
        if end < start:
            return -self.minutes_between(end, start)
        first, since = self._position(start)
        last, until = self._position(end)
        return self._length(first, last) + self._worked(last, until) - self._worked(first, since)

    # -- identity ---------------------------------------------------------------------------

    @cached_property
    def digest(self) -> bytes:
        """The sha256 of everything that decides a due time; names of days do not, and are left out."""
        content = {
            "zone": self.zone,
            "week": write_week(self.week),
            "special": [
                [special.first.isoformat(), special.last.isoformat(), write_week(special.week)]
                for special in self.special
            ],
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "workdays": sorted(day.isoformat() for day in self.workdays),
        }
        return sha256(json.dumps(content, separators=(",", ":"), sort_keys=True).encode()).digest()

    # -- days as numbers: date.toordinal() and minutes after midnight -------------------------

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _position(self, instant: datetime) -> tuple[int, int]:
        local = instant.astimezone(self._zone)
        begun = local.second > 0 or local.microsecond > 0
        return local.toordinal(), local.hour * 60 + local.minute + begun

    def _instant(self, ordinal: int, minute: int) -> datetime:
        midnight = datetime.combine(date.fromordinal(ordinal), _MIDNIGHT, self._zone)
        return (midnight + timedelta(minutes=minute)).astimezone(UTC)

    def _next_working(self, ordinal: int) -> int:
        for candidate in range(ordinal, min(ordinal + _HORIZON, _LAST_DAY)):
            if self._day(candidate).spans:
                return candidate
        raise NoWorkingTime(ordinal)

    def _length(self, first: int, last: int) -> int:
        """Count the working minutes of whole days, the last one not among them."""
        begins, since = divmod(first, _BLOCK)
        ends, until = divmod(last, _BLOCK)
        whole = sum(self._block(number)[-1] for number in range(begins, ends))
        return whole + self._block(ends)[until] - self._block(begins)[since]

    def _block(self, number: int) -> list[int]:
        """Give for each day of a block the working minutes of those before it, and of all at the end."""
        try:
            return self._sums[number]
        except KeyError:
            days = range(number * _BLOCK, (number + 1) * _BLOCK)
            lengths = (self._day(one).length if 1 <= one <= _LAST_DAY else 0 for one in days)
            sums = self._sums[number] = list(accumulate(lengths, initial=0))
            return sums

    def _worked(self, ordinal: int, minute: int) -> int:
        spans = self._day(ordinal).spans
        return sum(min(minute, closes) - opens for opens, closes in spans if minute > opens)

    def _day(self, ordinal: int) -> Hours:
        try:
            return self._days[ordinal]
        except KeyError:
            hours = self._days[ordinal] = self._hours(date.fromordinal(ordinal))
            return hours

    def _hours(self, day: date) -> Hours:
        week = self._week_of(day)
        if day in self.workdays:
            return week.get(day.weekday()) or week[min(week)]
        return NO_HOURS if day in self.holidays else week.get(day.weekday(), NO_HOURS)

    def _week_of(self, day: date) -> Week:
        weeks = (special.week for special in self.special if special.first <= day <= special.last)
        return next(weeks, self.week)
