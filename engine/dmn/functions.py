"""The functions of FEEL that cells may call (DMN 1.5, 10.3.4): of those that give the same whenever they run.

``now``, ``today`` and regular expressions are none of them. A value of the wrong kind gives null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

from engine.dmn.steps import Steps
from engine.dmn.tokens import NotFeel
from engine.dmn.values import CONTEXT, as_time, feel, finite, number_in, ordered, plain, same
from engine.errors import say

_KINDS: Mapping[str, type[date]] = {"date": date, "date and time": datetime}
_MOST_PLACES = 30


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes (from ``least`` to ``most`` values) and does."""

    run: Callable[..., Any]
    least: int
    most: int
    tells: bool = False  # its answer is true or false
    reads: str | None = None  # it reads a date: a literal is read with the cell


def read_literal(kind: str, value: Any) -> date:  # noqa: ANN401 - a literal
    """Read the date in ``date("…")``; NotFeel where it is none."""
    read = as_time(value, _KINDS[kind])
    if read is None:
        raise NotFeel(say("%(found)s is no %(kind)s", found=str(value)[:40], kind=kind))
    return read


def _texts(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


def _searched(find: Callable[[str, str], bool]) -> Callable[[Steps, Any, Any], bool | None]:
    def run(steps: Steps, text: Any, part: Any) -> bool | None:  # noqa: ANN401 - FEEL values
        return find(steps.text(text), part) if _texts(text, part) else None

    return run


def _length(steps: Steps, text: Any) -> Decimal | None:  # noqa: ANN401 - a FEEL value
    return Decimal(len(steps.text(text))) if _texts(text) else None


def _cased(change: Callable[[str], str]) -> Callable[[Steps, Any], str | None]:
    def run(steps: Steps, text: Any) -> str | None:  # noqa: ANN401 - a FEEL value
        return steps.text(change(steps.text(text))) if _texts(text) else None

    return run


def _substring(steps: Steps, text: Any, start: Any, length: Any = None) -> str | None:  # noqa: ANN401 - FEEL values
    begin = _whole(start)
    if not _texts(text) or not begin or (length is not None and _whole(length) is None):
        return None
    first = begin - 1 if begin > 0 else max(0, len(text) + begin)
    last = len(text) if length is None else first + max(0, _whole(length) or 0)
    return steps.text(text[first:last])


def _whole(value: Any) -> int | None:  # noqa: ANN401 - a FEEL value
    is_whole = isinstance(value, Decimal) and value == value.to_integral_value() and value.copy_abs() < 10**9
    return int(value) if is_whole else None


def _string(steps: Steps, value: Any) -> str | None:  # noqa: ANN401 - a FEEL value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Decimal | date):
        return steps.text(str(plain(value, steps)))
    return None


def _number(_steps: Steps, value: Any) -> Decimal | None:  # noqa: ANN401 - a FEEL value
    if isinstance(value, Decimal):
        return value
    return number_in(value) if isinstance(value, str) else None


def _rounded(how: str) -> Callable[..., Decimal | None]:
    def run(_steps: Steps, number: Any, places: Any = Decimal(0)) -> Decimal | None:  # noqa: ANN401 - FEEL values
        scale = _whole(places)
        if not isinstance(number, Decimal) or scale is None or abs(scale) > _MOST_PLACES:
            return None
        context = CONTEXT.copy()
        context.rounding = how
        return finite(number.quantize(Decimal(1).scaleb(-scale), context=context))

    return run


def _absolute(_steps: Steps, number: Any) -> Decimal | None:  # noqa: ANN401 - a FEEL value
    return number.copy_abs() if isinstance(number, Decimal) else None


def _modulo(_steps: Steps, number: Any, by: Any) -> Decimal | None:  # noqa: ANN401 - FEEL values
    if not (isinstance(number, Decimal) and isinstance(by, Decimal)) or not by:
        return None
    # The sign of the divisor, as the standard has it.
    left = finite(CONTEXT.remainder(number, by))
    return left if left is None or not left or (left < 0) == (by < 0) else CONTEXT.add(left, by)


def _items(values: tuple[Any, ...], steps: Steps) -> list[Any]:
    """Take several values, or one list of them."""
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)
    steps.spend(len(items))
    return [feel(item) for item in items]


def _numbers(values: tuple[Any, ...], steps: Steps) -> list[Decimal] | None:
    items = _items(values, steps)
    return items if items and all(isinstance(item, Decimal) for item in items) else None


def _sum(steps: Steps, *values: Any) -> Decimal | None:
    numbers = _numbers(values, steps)
    if numbers is None:
        return None
    total = Decimal(0)
    for number in numbers:
        total = CONTEXT.add(total, number)
    return finite(total)


def _mean(steps: Steps, *values: Any) -> Decimal | None:
    total = _sum(steps, *values)
    return None if total is None else finite(CONTEXT.divide(total, Decimal(len(_items(values, steps)))))


def _count(steps: Steps, items: Any) -> Decimal | None:  # noqa: ANN401 - a FEEL value
    return Decimal(len(_items((items,), steps))) if isinstance(items, list) else None


def _extreme(wanted: int) -> Callable[..., Any]:
    def run(steps: Steps, *values: Any) -> Any:  # noqa: ANN401 - FEEL values
        items = _items(values, steps)
        best = items[0] if items else None
        for item in items[1:]:
            order = ordered(item, best, steps)
            if order is None:
                return None
            best = item if order == wanted else best
        return best

    return run


def _list_contains(steps: Steps, items: Any, value: Any) -> bool | None:  # noqa: ANN401 - FEEL values
    if not isinstance(items, list):
        return None
    return any(same(item, value, steps) is True for item in items)


def _dated(kind: str) -> Callable[[Steps, Any], date | None]:
    return lambda _steps, value: as_time(value, _KINDS[kind])


MANY = 60  # values of min, max, sum, mean
FUNCTIONS: Mapping[str, Function] = {
    "contains": Function(_searched(lambda text, part: part in text), 2, 2, tells=True),
    "starts with": Function(_searched(str.startswith), 2, 2, tells=True),
    "ends with": Function(_searched(str.endswith), 2, 2, tells=True),
    "list contains": Function(_list_contains, 2, 2, tells=True),
    "string length": Function(_length, 1, 1),
    "upper case": Function(_cased(str.upper), 1, 1),
    "lower case": Function(_cased(str.lower), 1, 1),
    "substring": Function(_substring, 2, 3),
    "string": Function(_string, 1, 1),
    "number": Function(_number, 1, 1),
    "decimal": Function(_rounded(ROUND_HALF_EVEN), 2, 2),
    "floor": Function(_rounded(ROUND_FLOOR), 1, 2),
    "ceiling": Function(_rounded(ROUND_CEILING), 1, 2),
    "abs": Function(_absolute, 1, 1),
    "modulo": Function(_modulo, 2, 2),
    "min": Function(_extreme(-1), 1, MANY),
    "max": Function(_extreme(1), 1, MANY),
    "sum": Function(_sum, 1, MANY),
    "mean": Function(_mean, 1, MANY),
    "count": Function(_count, 1, 1),
    "date": Function(_dated("date"), 1, 1, reads="date"),
    "date and time": Function(_dated("date and time"), 1, 1, reads="date and time"),
}
