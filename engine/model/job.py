"""What a service task asks a connector to do, after the commit that brought the case there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

# The connector that is Alur itself: it carries out what a case has decided on a revision.
REVISION = "revision"
MOST_INPUT_TEXT = 64_000  # characters of all inputs of a job, as JSON


MOST_TRIES = 12  # about half a day
CALL_LIMIT = timedelta(seconds=60)  # of one call
LEASE = CALL_LIMIT + timedelta(seconds=30)  # after it a running job's worker is taken for dead
_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(hours=4)


class JobState(StrEnum):
    """Where a job stands; one that is done, or no longer waited for, has no row."""

    WAITING = "waiting"  # for its first or next try
    RUNNING = "running"  # a worker calls its connector
    DEAD = "dead"  # given up: an administrator can have it tried again


def delay_after(tries: int, chance: float) -> timedelta:
    """Give the time until the next try: twice as long each time, moved by chance (0 to 1) by a quarter.

    So that what failed together is not tried again all at once.
    """
    delay = min(_FIRST_DELAY * (1 << min(tries, MOST_TRIES) - 1), _LONGEST_DELAY)
    return delay * (0.75 + chance / 2)


@dataclass(frozen=True, kw_only=True)
class JobKey:
    """Identity of a job within its instance: the nth time its service task was entered."""

    element: str
    round: int
    iteration: int = 0


@dataclass(frozen=True, kw_only=True)
class Job:
    """One call of a connector; ``inputs`` are JSON-native, as the diagram's expressions gave them."""

    key: JobKey
    connector: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The names of what a connector takes."""

    needed: frozenset[str]
    optional: frozenset[str] = frozenset()
