"""A figure: what was measured, and what was to be reached."""

from __future__ import annotations

from dataclasses import dataclass
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
    """How much is measured. The figures of the quick one say nothing; it shows that they can be taken."""

    cases: int  # worked from the first step to the last, for each figure that works cases
    blocks: int  # a figure is the median of so many
    open_tasks: tuple[int, ...]
    requests: int  # per block and page
    rounds: int  # of the review loop
    window: int  # rounds whose median stands for one of them


FULL = Size(cases=40, blocks=5, open_tasks=(1_000, 10_000, 100_000), requests=20, rounds=1_000, window=20)
QUICK = Size(cases=1, blocks=1, open_tasks=(60, 120, 240), requests=2, rounds=12, window=4)
