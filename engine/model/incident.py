"""An incident: something of a case (or of an SOP) that could not go on, until it is put right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engine.errors import Sentence

# What is kept of the data an expression saw, in characters of JSON: of one variable, and of all.
_MOST_OF_ONE = 8_000
_MOST_OF_ALL = 40_000


class IncidentKind(StrEnum):
    """What failed."""

    CONDITION = "condition"  # an expression, or what it gave
    SCRIPT = "script"
    FLOW = "flow"  # the case would stand still, run in circles, or an error is caught nowhere
    TIMER = "timer"  # the time of a timer, or its firing
    JOB = "job"  # what a service task asks another system for
    MESSAGE = "message"
    SUSPENDED = "suspended"  # a version of an SOP that is stopped as a whole


class IncidentState(StrEnum):
    """Where an incident is in its life."""

    OPEN = "open"
    SOLVED = "solved"


class Cause(StrEnum):
    """What was tried, and can be tried again."""

    COMPLETION = "completion"  # of a task
    TIMER = "timer"
    JOB = "job"
    MESSAGE = "message"
    START = "start"  # of a case: there is none yet
    VERSION = "version"  # nothing in particular: see IncidentKind.SUSPENDED


class Solution(StrEnum):
    """How an incident came to its end."""

    PASSED = "passed"  # what failed was done again and went through
    LEFT = "left"  # the case went another way, or ended
    CLOSED = "closed"  # by hand, with a reason


@dataclass(frozen=True, kw_only=True)
class Tried:
    """The task, timer or job that failed: its key within the case; of a start, the event that was chosen."""

    cause: Cause
    element: str = ""
    round: int = 0
    iteration: int = 0


def sentence_json(sentence: Sentence) -> dict[str, Any]:
    """Write a sentence with its values apart, so that it can be said in any language later."""
    values = {name: _value_json(value) for name, value in sentence.values.items()}
    return {"why": sentence.template} | ({"values": values} if values else {})


def sentence_from(said: Mapping[str, Any]) -> Sentence:
    """Read what ``sentence_json`` wrote."""
    values = {name: _value_from(value) for name, value in said.get("values", {}).items()}
    return Sentence(str(said.get("why", "")), values)


def _value_json(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a sentence
    if isinstance(value, Sentence):
        return sentence_json(value)
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, list | tuple):
        return [_value_json(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _value_from(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, list):
        return [_value_from(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    return date.fromisoformat(value["day"]) if "day" in value else sentence_from(value)


@dataclass(frozen=True, kw_only=True)
class SeenValue:
    """One variable as the expression saw it; of a long one the beginning of its JSON."""

    name: str
    value: Any = None
    cut: str | None = None


def seen_json(seen: Mapping[str, Any]) -> str:
    """Write the variables an expression saw, bounded: ``[name, value]`` or ``[name, null, beginning]``."""
    rows: list[list[Any]] = []
    left = _MOST_OF_ALL
    for name, value in seen.items():
        text = json.dumps(value, ensure_ascii=False)
        whole = len(text) <= min(_MOST_OF_ONE, left)
        rows.append([name, value] if whole else [name, None, text[: min(_MOST_OF_ONE, left)]])
        left = max(0, left - len(text))
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def seen_from(text: str) -> tuple[SeenValue, ...]:
    """Read what ``seen_json`` wrote."""
    return tuple(
        SeenValue(name=row[0], value=row[1], cut=row[2] if len(row) > 2 else None)  # noqa: PLR2004 - see there
        for row in json.loads(text or "[]")
    )
