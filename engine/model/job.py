"""What a service task asks a connector to do, after the commit that brought the case there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_INPUT_TEXT = 64_000  # characters of all inputs of a job, as JSON


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
