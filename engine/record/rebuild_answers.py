"""What rebuilding a case comes to: the same, the first difference, or that it cannot be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import AlurError, Sentence, say
from engine.model.event import Event, EventKind
from engine.storage.events import Line

NOTHING = say("nothing")
_LONGEST = 200  # characters of a value that is shown


@dataclass(frozen=True, kw_only=True)
class Same:
    """The stored case is what its events lead to."""

    events: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first thing that is not as its events say, at the event that tells how it should be."""

    seq: int
    at: datetime | None  # None: the case has no events
    what: Sentence
    expected: Sentence
    found: Sentence


@dataclass(frozen=True, kw_only=True)
class Untold:
    """From this event on it cannot be told: something is missing that the case went on by."""

    seq: int
    why: Sentence


Answer = Same | Difference | Untold


class CannotTell(AlurError):
    """Something is missing that a step was taken by; raised within the step."""


class Stopped(Exception):
    """The rebuilding has its answer."""

    def __init__(self, answer: Difference | Untold) -> None:
        """Keep it."""
        self.answer = answer
        super().__init__(str(answer))


def differs(event: Event, what: Sentence, expected: Sentence, found: Sentence) -> Stopped:
    """Make the answer that something differs at an event."""
    return Stopped(Difference(seq=event.seq, at=event.at, what=what, expected=expected, found=found))


def taken_otherwise(release: str, what: Sentence, expected: Sentence, found: Sentence) -> Sentence:
    """Say that a step another release took comes out otherwise with this one."""
    return say(
        "Release %(release)s took steps that this release takes otherwise. %(what)s: expected %(expected)s, "
        "found %(found)s.",
        release=release,
        what=what,
        expected=expected,
        found=found,
    )


def shown(value: Any) -> Sentence:  # noqa: ANN401 - of any column or variable
    """Say a value: a time as one, everything else as it is written."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return say("%(detail)s", detail=value)
    text = value.hex if isinstance(value, UUID) else value
    if not isinstance(text, str):
        text = json.dumps(text, ensure_ascii=False, default=str)
    return say("%(detail)s", detail=text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …")


def say_kind(event: Event) -> Sentence:
    """Name an event."""
    return say("Event %(seq)s, %(kind)s", seq=event.seq, kind=event.kind.value)


def say_line(one: Event | Line, name_of: Callable[[str | None], str]) -> Sentence:
    """Say something that followed from an act."""
    words = _FOLLOWED.get(one.kind)
    if words is None:
        return say("%(kind)s at “%(step)s”", kind=one.kind.value, step=name_of(one.element))
    values = {"step": name_of(one.element), "round": one.round} if one.element else {}
    return Sentence(words.template, values)


_FOLLOWED = {
    EventKind.TASK_OPENED: say("“%(step)s” opens, round %(round)s"),
    EventKind.TASK_CANCELLED: say("“%(step)s” is cancelled, round %(round)s"),
    EventKind.JOB_QUEUED: say("“%(step)s” asks another system, round %(round)s"),
    EventKind.CASE_ADVANCED: say("the case goes on by itself"),
    EventKind.CASE_FINISHED: say("the case ends"),
}


def say_way(told: Sequence[Any], found: Sequence[Any]) -> tuple[Sentence, Sentence]:
    """Say where two ways part: what the record says there, and what came."""
    place = next((n for n, pair in enumerate(zip(told, found, strict=False)) if pair[0] != pair[1]), None)
    if place is None:
        place = min(len(told), len(found))
    return _item(told, place), _item(found, place)


def _item(way: Sequence[Any], place: int) -> Sentence:
    return shown(way[place]) if place < len(way) else NOTHING
