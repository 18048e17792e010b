"""What one open task sees of the variables, in memory or in a state alone: what its form begins with."""

from __future__ import annotations

import json
from typing import Any

from engine.bpmn.flow import CHILD
from engine.bpmn.live import LiveInstance
from engine.bpmn.scope import COUNTERS, frames_of
from engine.model.task import TaskKey

_Found = tuple[list[Any], dict[str, Any]]  # the row of a token, and what it stands in
# Places in the row: see ``state``.
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


def variables_in(live: LiveInstance, key: TaskKey) -> dict[str, Any]:
    """Give the same of a running instance. It is a copy; values are replaced, never changed."""
    task = live.find(key.element, key.round, key.iteration)
    if task is None:
        return dict(live.variables)
    return _merged(
        [
            {name: value for name, value in frame.counted.items() if name not in COUNTERS} | {**frame.values}
            for frame in frames_of(task)
        ]
    )


class _Reading:
    """Finds the way from a task out to the case, without making a row of each of a thousand instances."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.kept = kept
        self.scopes = [kept, *kept.get("subprocesses", ())]

    def at(self, key: TaskKey) -> dict[str, Any]:
        found = self._find(key)
        layers: list[dict[str, Any]] = []
        while found is not None:
            row, scope = found
            layers.append({**self._item(row), **(row[_DATA] or {})})
            owner = self._row(row[_OWNER]) if row[_ITERATION] and row[_OWNER] else None
            if owner is not None:
                found = owner
                continue
            if scope is self.kept:
                break
            if scope.get("variables") is not None:
                return _merged([*layers, scope["variables"]])
            layers.append(scope.get("own", {}))
            found = self._row(scope["parent"])
        return _merged([*layers, self.kept["variables"]])

    def _find(self, key: TaskKey) -> _Found | None:
        for scope in self.scopes:
            for row in scope["tasks"]:
                if row[_NAME].removesuffix(CHILD) == key.element and _numbers(row) == (
                    key.round,
                    key.iteration,
                ):
                    return _full(row), scope
            for owner, round_, _id, first, count in scope.get("untouched", ()):
                if round_ == key.round and first <= key.iteration < first + count:
                    about = self._row(owner)
                    if about is not None and about[0][_NAME] == key.element:
                        return [0, key.element, 0, "", round_, key.iteration, 0, owner, None, None], scope
        return None

    def _row(self, id_: int) -> _Found | None:
        rows = ((row, scope) for scope in self.scopes for row in scope["tasks"] if row[_ID] == id_)
        return next(((_full(row), scope) for row, scope in rows), None)

    def _item(self, row: list[Any]) -> dict[str, Any]:
        """Give the item an instance of a list is for."""
        held = self.kept.get("instances", {}).get(str(row[_OWNER]))
        if not held or not held.get("item") or not isinstance(held["items"], list):
            return {}
        return {held["item"]: held["items"][row[_ITERATION] - 1]}


def _full(row: list[Any]) -> list[Any]:
    return [*row, *[None] * (_DATA + 1 - len(row))]


def _numbers(row: list[Any]) -> tuple[int, int]:
    return (
        (row[_ROUND] if len(row) > _ROUND else 0),
        (row[_ITERATION] if len(row) > _ITERATION else 0),
    )


def _merged(layers: list[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged |= layer
    return merged
