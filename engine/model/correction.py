"""A value of a case that somebody corrects: where it stands in a variable, and what was typed for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from engine.model.incident import Cause, IncidentKind, Tried

_MOST_ROWS = 200  # of one variable; what lies deeper or further is one value
_DEEPEST = 4


class ValueKind(StrEnum):
    """How a value is typed."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes-no"
    JSON = "json"  # lists, and whatever else


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What somebody wants a value to be, and why."""

    path: tuple[str, ...]  # the variable, then keys and places (0, 1, 2 …) within it
    kind: ValueKind
    text: str
    reason: str
    seen: str  # ``digest_of`` the value on the page it was corrected from


class Place(NamedTuple):
    """One value within a variable."""

    path: tuple[str, ...]
    value: Any


def is_sent(kind: IncidentKind, tried: Tried, sent: Mapping[str, Any] | None, name: str) -> bool:
    """Tell whether a value came with what failed, so that what it is in the case does not matter.

    That is what a completion submits, what a message brings, and what a job was given when it was queued.
    """
    if tried.cause not in (Cause.COMPLETION, Cause.MESSAGE):
        return kind is IncidentKind.JOB
    return name == tried.element or name in (sent or {}).get("shared", {})


def kind_of(value: Any) -> ValueKind:  # noqa: ANN401 - JSON value
    """Say how a value is typed; nothing at all is typed as a text."""
    if isinstance(value, bool):
        return ValueKind.YES_NO
    if isinstance(value, int | float):
        return ValueKind.NUMBER
    return ValueKind.TEXT if value is None or isinstance(value, str) else ValueKind.JSON


def places_of(name: str, value: Any) -> list[Place]:  # noqa: ANN401 - JSON value
    """Give the single values of a variable; a long or deep one is left as it is."""
    found: list[Place] = []
    for place in _places((name,), value):
        found.append(place)
        if len(found) > _MOST_ROWS:
            return [Place((name,), value)]
    return found


def _places(path: tuple[str, ...], value: Any) -> Iterator[Place]:  # noqa: ANN401 - JSON value
    rows = value if isinstance(value, dict) else dict(enumerate(value)) if _is_table(value) else {}
    if not rows or len(path) > _DEEPEST:
        yield Place(path, value)
        return
    for key, item in rows.items():
        yield from _places((*path, str(key)), item)


def _is_table(value: Any) -> bool:  # noqa: ANN401 - JSON value
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def value_at(variables: Mapping[str, Any], path: Sequence[str]) -> Any:  # noqa: ANN401 - JSON value
    """Give the value at a place; KeyError where there is none."""
    found: Any = variables
    for key in path:
        if isinstance(found, Mapping):
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            raise KeyError(key)
    return found


def with_value(variable: Any, path: Sequence[str], value: Any) -> Any:  # noqa: ANN401 - JSON values
    """Give a variable with another value at a place within it."""
    if not path:
        return value
    key, *rest = path
    if isinstance(variable, list):
        return [
            with_value(item, rest, value) if place == int(key) else item
            for place, item in enumerate(variable)
        ]
    return variable | {key: with_value(variable[key], rest, value)}


def digest_of(value: Any) -> str:  # noqa: ANN401 - JSON value
    """Tell one value from another, short enough for a form."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
