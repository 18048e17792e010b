"""What an instance waits for from outside, and what it says to the outside: messages and signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """How something thrown finds who waits for it (BPMN 2.0, 10.5.6)."""

    MESSAGE = "message"  # one receiver, found by name and correlation
    SIGNAL = "signal"  # everybody who waits for it


@dataclass(frozen=True, kw_only=True)
class WaitKey:
    """Identity of a waiting event within its instance: the nth time the event of this element was armed.

    ``place`` tells the several events of one element apart, in the order of the file.
    """

    element: str
    round: int
    iteration: int = 0
    place: int = 0


@dataclass(frozen=True, kw_only=True)
class Wait:
    """An event that a message or signal from outside lets happen.

    ``correlation`` is what a message must carry to be meant for this instance, by the names of
    BPMN's correlation properties; empty where any message of the name is. One that ``begins`` another
    process of the case is for messages that nobody else in it waits for.
    """

    key: WaitKey
    channel: Channel
    name: str
    correlation: Mapping[str, Any] = field(default_factory=dict)
    begins: bool = False


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """A message or signal that an element threw (in its round), for others than its own case too."""

    channel: Channel
    name: str
    element: str
    round: int
    payload: Mapping[str, Any]
    correlation: Mapping[str, Any] = field(default_factory=dict)
