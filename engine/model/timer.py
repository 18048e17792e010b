"""What wakes an instance at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TimerKey:
    """Identity of a waiting timer within its instance: the nth time the event of this element was armed."""

    element: str
    round: int
    iteration: int = 0
