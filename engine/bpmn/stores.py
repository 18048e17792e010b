"""The data stores as one step sees them: read when first asked for, written by who saves the step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.bpmn.variables import deep_copy
from engine.model.data_store import Stored

MISSING: Any = object()


class Stores:
    """Data stores by name. Without a reader they live and end with it, as in a trace."""

    def __init__(self, read: Callable[[str], tuple[int, Any] | None] | None = None) -> None:
        """Take the way to revision and value of a store."""
        self._read = read
        self._seen: dict[str, tuple[int, Any]] = {}
        self._written: set[str] = set()

    def looked(self, name: str) -> tuple[int, Any] | None:
        """Give revision and value (None: nobody wrote it) at the first look at a store; None at others."""
        if name in self._seen:
            return None
        revision, value = self._look(name)
        return revision, None if value is MISSING else deep_copy(value)

    def read(self, name: str) -> Any:  # noqa: ANN401 - JSON value
        """Give a copy of the value; MISSING where there is none yet."""
        return deep_copy(self._look(name)[1])

    def write(self, name: str, value: Any) -> None:  # noqa: ANN401 - JSON value
        """Set the value."""
        self._seen[name] = (self._look(name)[0], value)
        self._written.add(name)

    @property
    def stored(self) -> tuple[Stored, ...]:
        """Give what was written, in an order that all writers keep."""
        return tuple(
            Stored(name=name, value=self._seen[name][1], seen=self._seen[name][0])
            for name in sorted(self._written)
        )

    def _look(self, name: str) -> tuple[int, Any]:
        if name not in self._seen:
            found = self._read(name) if self._read is not None else None
            self._seen[name] = found or (0, MISSING)
        return self._seen[name]
