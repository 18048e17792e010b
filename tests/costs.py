"""What an act costs: for tests that say hostile or absurd input is dealt with at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_TRIES = 3


def cost(act: Callable[[], T], clock: Callable[[], float] = time.thread_time) -> tuple[float, T]:
    """Give the least seconds of a few tries, and what the last gave.

    What the machine does beside costs one try dearly, not each; what the act itself costs, each pays.
    The seconds are this thread's work; for an act that waits for another process give time.monotonic.
    """
    spent = []
    for _ in range(_TRIES):
        begun = clock()
        result = act()
        spent.append(clock() - begun)
    return min(spent), result
