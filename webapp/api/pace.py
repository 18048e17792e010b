"""How often somebody may ask: counted in this process of the program, for as long as a window."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock

from engine.actions.throttle import TooManyAttempts
from engine.errors import say

_MOST_KNOWN = 10_000  # of those who asked lately; whoever asked first is forgotten first


class Pace:
    """At most so many times in so many seconds, for each who asks."""

    def __init__(self, most: int, seconds: float) -> None:
        """Begin with nobody."""
        self._most = most
        self._seconds = seconds
        self._asked: dict[str, deque[float]] = {}
        self._lock = Lock()

    def check(self, who: str) -> None:
        """Refuse whoever has asked too often."""
        with self._lock:
            over = len(self._recent(who)) >= self._most
        if over:
            raise TooManyAttempts(
                say("Too many requests. Try again in %(seconds)s seconds.", seconds=int(self._seconds))
            )

    def count(self, who: str) -> None:
        """Note that somebody asked."""
        with self._lock:
            self._recent(who).append(time.monotonic())

    def _recent(self, who: str) -> deque[float]:
        asked = self._asked.setdefault(who, deque())
        while len(self._asked) > _MOST_KNOWN:
            self._asked.pop(next(iter(self._asked)))
        while asked and time.monotonic() - asked[0] > self._seconds:
            asked.popleft()
        return asked
