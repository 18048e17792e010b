"""What may come out of the sandbox: JSON-native values of bounded size."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any

from engine.errors import AlurError, say

MAX_DEPTH = 40
MAX_NODES = 100_000
MAX_TEXT = 1_000_000  # characters, all texts of one result together
MAX_INT = 2**63


class ValueRefused(AlurError):
    """A result that cannot be kept as JSON, or that is too large."""


class _Budget:
    __slots__ = ("nodes", "text")

    def __init__(self) -> None:
        self.nodes = MAX_NODES
        self.text = MAX_TEXT

    def spend(self, text: int) -> None:
        self.nodes -= 1
        self.text -= text
        if self.nodes < 0 or self.text < 0:
            raise ValueRefused(say("the result is too large"))


def json_native(value: Any) -> Any:  # noqa: ANN401 - whatever the sandbox gave
    """Give the value with dates as ISO text and tuples as lists.

    Raises ValueRefused for NaN, infinities, integers beyond 64 bits, other types, and anything
    deeper or larger than the limits.
    """
    if value is None or value is True or value is False:
        return value
    return _native(value, 0, _Budget())


def _native(value: Any, depth: int, budget: _Budget) -> Any:  # noqa: ANN401 - as above
    if depth > MAX_DEPTH:
        raise ValueRefused(say("the result is nested too deeply"))
    if value is None or isinstance(value, bool):
        budget.spend(0)
        return value
    if isinstance(value, str):
        budget.spend(len(value))
        return str(value)
    if isinstance(value, int | float):
        budget.spend(0)
        return _number(value)
    if isinstance(value, list | tuple):
        budget.spend(0)
        return [_native(item, depth + 1, budget) for item in value]
    if isinstance(value, dict):
        budget.spend(0)
        return {_key(key, budget): _native(item, depth + 1, budget) for key, item in value.items()}
    if isinstance(value, date | datetime | time):
        budget.spend(0)
        return value.isoformat()
    raise ValueRefused(say("a value of the type %(type)s cannot be kept", type=type(value).__name__))


def _number(value: float) -> float:
    if isinstance(value, int):
        if not -MAX_INT <= value < MAX_INT:
            raise ValueRefused(say("a number is too large to be kept"))
    elif not math.isfinite(value):
        raise ValueRefused(say("a number is infinite or not a number"))
    return value


def _key(key: Any, budget: _Budget) -> str:  # noqa: ANN401 - a key from the sandbox
    if not isinstance(key, str):
        raise ValueRefused(say("only texts can be keys of a dictionary"))
    budget.spend(len(key))
    return key
