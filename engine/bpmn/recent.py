"""A small cache: the most recently used values, for several threads."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps at most so many values; the one unused for longest goes first."""

    def __init__(self, limit: int) -> None:
        """Take the number of values to keep."""
        self._limit = limit
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Give a value, and count it as used."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def take(self, key: K) -> V | None:
        """Give a value and let go of it: nobody else gets the same."""
        with self._lock:
            return self._values.pop(key, None)

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        with self._lock:
            self._values[key] = value
            self._keep_to_the_limit(key)

    def put_first(self, key: K, value: V) -> V:
        """Keep a value where there is none yet; gives the one that is kept."""
        with self._lock:
            first = self._values.setdefault(key, value)
            self._keep_to_the_limit(key)
            return first

    def _keep_to_the_limit(self, key: K) -> None:
        self._values.move_to_end(key)
        while len(self._values) > self._limit:
            self._values.popitem(last=False)
