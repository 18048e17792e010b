"""Which waiting case a message is meant for, and what becomes of one that nobody waits for yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

# What Alur itself says to a case: a revision that it returned, or one made from it, was submitted again.
SUBMITTED_AGAIN = "revision-submitted-again"
# A message may come before the case that waits for it is there; so long it is kept.
KEPT = timedelta(hours=24)
# So long where a case waits for it and cannot go on: its SOP is stopped, or a problem must be solved first.
HELD = timedelta(days=14)
_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 600))
_LATER = timedelta(hours=1)


class MessageState(StrEnum):
    """What has become of a message."""

    WAITING = "waiting"  # nobody waited for it yet; tried again until it is too old
    DELIVERED = "delivered"
    EXPIRED = "expired"


class Fit(StrEnum):
    """How a waiting case fits a message, the closest first."""

    CORRELATION = "correlation"  # what the diagram's correlation key asks for is what the message carries
    NUMBER = "number"  # the message names the case by its number
    NAME = "name"  # the case takes any message of the name


def fit(wanted: Mapping[str, Any], carried: Mapping[str, Any], key: str | None, number: str) -> Fit | None:
    """Tell how a wait fits a message; None where it is meant for another case.

    ``carried`` has the values of correlation properties by name; ``key`` is one value without a name,
    for the one property that is asked for, or the number of a case.
    """
    if wanted:
        if all(name in carried and carried[name] == value for name, value in wanted.items()):
            return Fit.CORRELATION
        if key is not None and len(wanted) == 1 and _text(next(iter(wanted.values()))) == key:
            return Fit.CORRELATION
    if key is not None and key == number:
        return Fit.NUMBER
    return None if wanted else Fit.NAME


def delay_after(tries: int) -> timedelta:
    """Give the time until a message is tried again; a case that begins to wait for it is not kept waiting."""
    return _DELAYS[tries] if tries < len(_DELAYS) else _LATER


def _text(value: Any) -> str:  # noqa: ANN401 - JSON value
    return value if isinstance(value, str) else json.dumps(value)
