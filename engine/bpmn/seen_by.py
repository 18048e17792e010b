"""What one open task sees of the variables, read from a state alone: what its form begins with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.bpmn.flow import CHILD
from engine.model.task import TaskKey

# Places in the row of a token: see ``state``.
_ID, _NAME, _ROUND, _ITERATION, _OWNER, _DATA = 0, 1, 4, 5, 7, 9


def variables_at(state: str, key: TaskKey) -> dict[str, Any]:
    """Give the variables of the case as an open task sees them: those of its instance and subprocess too.

    Of a task that is not open in it, those of the case.
    """
    if not state:
        return {}
    kept = json.loads(state)
    variables: dict[str, Any] = kept["variables"]
    if not kept.get("subprocesses") and not kept.get("instances"):
        return variables
    return _Reading(kept).at(key)


class _Reading:
    """Finds the way from a task out to the case."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.kept = kept
        self.inner = {one["parent"]: one for one in kept.get("subprocesses", ())}
        self.scopes = [kept, *self.inner.values()]
        self.rows: dict[int, tuple[list[Any], dict[str, Any]]] = {}
        for scope in self.scopes:
            for row in (*scope["tasks"], *_untouched(scope)):
                full = [*row, *[None] * (_DATA + 1 - len(row))]
                self.rows[full[_ID]] = (full, scope)

    def at(self, key: TaskKey) -> dict[str, Any]:
        found = next((row for row, _ in self.rows.values() if _is(row, key)), None)
        layers: list[dict[str, Any]] = []
        while found is not None:
            row, scope = self.rows[found[_ID]]
            layers.append({**self._item(row), **(row[_DATA] or {})})
            if row[_OWNER] in self.rows and row[_ITERATION]:
                found = self.rows[row[_OWNER]][0]
                continue
            if scope is self.kept:
                break
            if scope["variables"] is not None:
                return _merged([*layers, scope["variables"]])
            layers.append(scope.get("own", {}))
            found = self.rows[scope["parent"]][0] if scope["parent"] in self.rows else None
        return _merged([*layers, self.kept["variables"]])

    def _item(self, row: list[Any]) -> dict[str, Any]:
        """Give the item an instance of a list is for."""
        held = self.kept.get("instances", {}).get(str(row[_OWNER]))
        if not held or not held.get("item") or not isinstance(held["items"], list):
            return {}
        return {held["item"]: held["items"][row[_ITERATION] - 1]}


def _untouched(scope: dict[str, Any]) -> Iterator[list[Any]]:
    names = {row[_ID]: row[_NAME] for row in scope["tasks"]}
    for owner, round_, id_, iteration, count in scope.get("untouched", ()):
        for number in range(count):
            yield [id_ + number, names[owner], 0, "", round_, iteration + number, 0, owner]


def _is(row: list[Any], key: TaskKey) -> bool:
    return (row[_NAME].removesuffix(CHILD), row[_ROUND] or 0, row[_ITERATION] or 0) == (
        key.element,
        key.round,
        key.iteration,
    )


def _merged(layers: list[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged |= layer
    return merged
