"""A figure: what was measured, and what was to be reached."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. The target is a bound from above, unless ``at_least``."""

    name: str
    value: float
    unit: str
    target: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Tell whether the target was reached."""
        return self.value >= self.target if self.at_least else self.value <= self.target

    def to_json(self) -> dict[str, Any]:
        """Give it as ``var/bench.json`` holds it."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
        }


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured. The figures of the quick one say nothing; it shows that they can be taken.

    Each cost is measured in several blocks: of a cost the quietest block counts, of a ratio of two
    the median of the blocks.
    """

    blocks: int
    cases: int  # worked in a block from the first step to the last
    requests: int  # of a kind in a block
    open_tasks: tuple[int, ...]
    rounds: int  # of the review loop
    window: int  # rounds whose median stands for one of them
    at_once: tuple[int, int]  # parallel instances of one step
    tasks_drawn: int
    timers: int  # due at once
    open_cases: int  # when a revision comes
    past_cases: int  # played through a draft
    record_cases: int  # in a record that is sealed and verified
    busy_seconds: float  # of completions that are sealed meanwhile
    exported_cases: int  # written as event logs; some 28 events each
    history_events: int  # of years


FULL = Size(
    blocks=6,
    cases=20,
    requests=10,
    open_tasks=(1_000, 10_000, 100_000),
    rounds=2_000,
    window=20,
    at_once=(100, 1_000),
    tasks_drawn=500,
    timers=10_000,
    open_cases=10_000,
    past_cases=1_000,
    record_cases=4_200,
    busy_seconds=12.0,
    exported_cases=4_000,
    history_events=1_000_000,
)
QUICK = Size(
    blocks=1,
    cases=1,
    requests=2,
    open_tasks=(120, 240, 480),
    rounds=12,
    window=4,
    at_once=(3, 6),
    tasks_drawn=40,
    timers=40,
    open_cases=40,
    past_cases=10,
    record_cases=10,
    busy_seconds=1.0,
    exported_cases=40,
    history_events=1_500,
)


def take(name: str, size: Size) -> list[Figure]:
    """Take the figures of a module."""
    figures: list[Figure] = import_module(f"benchmarks.{name}").measure(size)
    return figures
