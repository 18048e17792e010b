"""The arithmetic of figures: medians, ninetieth percentiles and shares of working minutes.

A percentile is by *nearest rank*: the smallest value that at least so many of all values do not exceed
(Hyndman and Fan's first definition). So it is always the time that some case really took, which an auditor
can look up; of an even number the median is the lower of the two in the middle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from engine.model.definition import StandardTime, TimeUnit

_HALF, _NINE_TENTHS, _ALL = 50, 90, 100


def percentile(lengths: Mapping[int, int], percent: int) -> int | None:
    """Give the percentile of values (value -> how often) by nearest rank; None where there are none."""
    rank = -(-percent * sum(lengths.values()) // 100)
    reached = 0
    for value in sorted(lengths):
        reached += lengths[value]
        if reached >= max(rank, 1):
            return value
    return None


def share(part: int, whole: int) -> int | None:
    """Give a share in percent, rounded; 100 only of all and 0 only of none. None of nothing."""
    if not whole:
        return None
    if part in (0, whole):
        return _ALL if part else 0
    return min(_ALL - 1, max(1, (2 * _ALL * part + whole) // (2 * whole)))


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How long something took, in working minutes: as a rule (median), and at most of nine in ten (p90)."""

    count: int
    median: int | None
    p90: int | None
    total: int


def spread(lengths: Mapping[int, int]) -> Spread:
    """Sum up values (value -> how often)."""
    return Spread(
        count=sum(lengths.values()),
        median=percentile(lengths, _HALF),
        p90=percentile(lengths, _NINE_TENTHS),
        total=sum(value * often for value, often in lengths.items()),
    )


@dataclass(kw_only=True)
class Tally:
    """Completed steps of one kind while they are counted; minutes are working minutes."""

    worked: Counter[int] = field(default_factory=Counter)
    waited: Counter[int] = field(default_factory=Counter)
    timed: int = 0  # had a due time when they were completed
    late: int = 0  # were completed after it

    def add(self, *, worked: int, waited: int, count: int, timed: bool, late: bool) -> None:
        """Count steps that took as long."""
        self.worked[worked] += count
        self.waited[waited] += count
        self.timed += count if timed else 0
        self.late += count if late else 0

    def sums(self) -> Sums:
        """Sum up what was counted."""
        return Sums(worked=spread(self.worked), waited=spread(self.waited), timed=self.timed, late=self.late)


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What completed steps of one kind took."""

    worked: Spread
    waited: Spread
    timed: int
    late: int

    @property
    def count(self) -> int:
        """Count the completed steps."""
        return self.worked.count

    @property
    def in_time(self) -> int | None:
        """Give the share completed in time in percent, of those that had a due time; None without any."""
        return share(self.timed - self.late, self.timed)


def tallied(tallies: Iterable[Tally]) -> Sums:
    """Sum up several tallies as one."""
    whole = Tally()
    for one in tallies:
        whole.worked.update(one.worked)
        whole.waited.update(one.waited)
        whole.timed += one.timed
        whole.late += one.late
    return whole.sums()


class Heat(IntEnum):
    """How much of its standard time a step takes as a rule, from cool to hot."""

    UNKNOWN = 0  # never done, or the SOP sets no time
    EASY = 1  # up to half of it
    WITHIN = 2  # up to all of it
    BEYOND = 3  # up to twice of it
    FAR_BEYOND = 4


def heat(median: int | None, standard: int | None) -> Heat:
    """Tell how hot a step is, from its median working time and its standard time in working minutes."""
    if median is None or not standard:
        return Heat.UNKNOWN
    if median > 2 * standard:
        return Heat.FAR_BEYOND
    if median > standard:
        return Heat.BEYOND
    return Heat.WITHIN if 2 * median > standard else Heat.EASY


def standard_minutes(time: StandardTime | None, day_length: int) -> int | None:
    """Give a standard time in working minutes; "4 hari" are four days of ordinary length.

    Whether a step was in time is never told by this, but by its own due time, which begins at its own hour.
    """
    if time is None:
        return None
    return time.value * (day_length if time.unit is TimeUnit.WORKING_DAY else 1)
