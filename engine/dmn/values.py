"""FEEL's values, and how two of them compare (DMN 1.5, 10.3.2).

Numbers are decimals, so that 0.1 + 0.2 is 0.3. A variable keeps dates as ISO text: beside a date such a
text is read as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any

from engine.dmn.steps import DecisionFailed, Steps
from engine.errors import say

CONTEXT = Context(prec=34, Emax=6144, Emin=-6143, traps=[])
_MAX_INT = 2**63
_NUMBER = re.compile(r"-?\d{1,34}(\.\d{1,34})?", re.ASCII)
_NUMBERS = frozenset({"number", "integer", "long", "double", "decimal"})
_TIMES: Mapping[str, type[date]] = {
    "date": date,
    "dateTime": datetime,
    "date and time": datetime,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends as values."""

    low: Any
    high: Any
    with_low: bool
    with_high: bool


def feel(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Give a variable's value as FEEL sees it; what is inside a list or context is read when asked for."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return finite(CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value))


def finite(number: Decimal) -> Decimal | None:
    """Give null where arithmetic has no answer."""
    return number if number.is_finite() else None


def plain(value: Any, steps: Steps) -> Any:  # noqa: ANN401 - a FEEL value becomes a JSON value
    """Give a result as JSON keeps it: dates as ISO text, numbers without a fraction as integers."""
    steps.spend()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item, steps) for item in value]
    if isinstance(value, Mapping):
        return {name: plain(item, steps) for name, item in value.items()}
    if isinstance(value, Interval):
        raise DecisionFailed(say("an interval cannot be a result"))
    return value


def _number(value: Decimal) -> int | float:
    if not value.copy_abs() < _MAX_INT:
        raise DecisionFailed(say("a number is too large to be kept"))
    return int(value) if value == value.to_integral_value() else float(value)


def same(left: Any, right: Any, steps: Steps) -> bool | None:  # noqa: ANN401 - FEEL values
    """Tell whether two values are equal; None where they cannot be compared."""
    steps.spend()
    left, right = feel(left), feel(right)
    if left is None or right is None:
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return _all_same(left, right, steps)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if left.keys() != right.keys():
            return False
        return _all_same(list(left.values()), [right[name] for name in left], steps)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right if isinstance(left, bool) and isinstance(right, bool) else None
    order = ordered(left, right, steps)
    return None if order is None else order == 0


def _all_same(left: list[Any], right: list[Any], steps: Steps) -> bool:
    return len(left) == len(right) and all(
        same(one, other, steps) is True for one, other in zip(left, right, strict=True)
    )


def ordered(left: Any, right: Any, steps: Steps) -> int | None:  # noqa: ANN401 - FEEL values
    """Give -1, 0 or 1 as the left value comes before the right one; None where neither does."""
    left, right = feel(left), feel(right)
    if isinstance(left, str) and isinstance(right, str):
        steps.spend(1 + min(len(left), len(right)) // 64)
    elif isinstance(left, date) or isinstance(right, date):
        kind = type(left) if isinstance(left, date) else type(right)
        left, right = as_time(left, kind), as_time(right, kind)
        if left is None or right is None:
            return None
    elif not (isinstance(left, Decimal) and isinstance(right, Decimal)):
        return None
    try:
        return 1 if left > right else -1 if left < right else 0
    except TypeError:  # one time has a zone, the other has none
        return None


def as_time(value: Any, kind: type[date]) -> date | None:  # noqa: ANN401 - a FEEL value
    """Read a date, or a date and time, out of a value."""
    if type(value) is kind:
        return value
    if kind is date and isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str) or len(value) > len("2026-11-23T09:00:00.000000+07:00"):
        return None
    try:
        if kind is date:
            return date.fromisoformat(value)
        return datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        return None


def within(value: Any, interval: Interval, steps: Steps) -> bool | None:  # noqa: ANN401 - a FEEL value
    """Tell whether a value lies in an interval."""
    below, above = ordered(interval.low, value, steps), ordered(value, interval.high, steps)
    if below is None or above is None:
        return None
    return (below < 0 or (interval.with_low and below == 0)) and (
        above < 0 or (interval.with_high and above == 0)
    )


def fits(given: Any, value: Any, steps: Steps) -> bool | None:  # noqa: ANN401 - FEEL values
    """Tell whether an input is what a cell says: in its interval, in its list, or equal to it."""
    if isinstance(value, Interval):
        return within(given, value, steps)
    if isinstance(value, list):
        if any(fits(given, item, steps) is True for item in value):
            return True
        return isinstance(given, list) and same(given, value, steps) is True
    return same(given, value, steps)


def number_in(text: str) -> Decimal | None:
    """Read a number that is written in digits."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def typed(value: Any, kind: str) -> Any:  # noqa: ANN401 - FEEL values
    """Read a text as the number or date that its column holds; anything else stays as it is."""
    if not isinstance(value, str):
        return value
    read: Any = None
    if kind in _NUMBERS:
        read = number_in(value)
    elif kind in _TIMES:
        read = as_time(value, _TIMES[kind])
    return value if read is None else read
