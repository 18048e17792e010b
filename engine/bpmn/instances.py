"""What a multi-instance activity knows of its instances, and how it is kept in the state.

A thousand instances are completed one by one, and the state is written each time: what each left is
therefore made JSON once, and instances that nobody has touched are kept as runs of numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.live_task import LiveTask

_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_NOTHING = "null"


class Instances:
    """The items of a multi-instance activity, and what its instances left so far."""

    def __init__(self, items: list[Any] | int, results: list[Any] | None = None, item_name: str = "") -> None:
        """Take the items, or only how many there are; each instance knows its own by ``item_name``."""
        self.items = items
        self.item_name = item_name
        self.total = items if isinstance(items, int) else len(items)
        self.results: list[Any] = results if results is not None else [None] * self.total
        self.terminated = 0
        self._items_text = ""
        self._texts = [_NOTHING if result is None else _dumps(result) for result in self.results]

    def item(self, number: int) -> Any:  # noqa: ANN401 - JSON value
        """Give the item of an instance, counted from 1."""
        return number - 1 if isinstance(self.items, int) else self.items[number - 1]

    def keep(self, number: int, result: Any) -> None:  # noqa: ANN401 - JSON value
        """Keep what an instance left, counted from 1."""
        self.results[number - 1] = result
        self._texts[number - 1] = _dumps(result)

    def json_text(self) -> str:
        """Write items and results; only what changed is written anew."""
        self._items_text = self._items_text or _dumps(self.items)
        named = f'"item":{_dumps(self.item_name)},' if self.item_name else ""
        return f'{{{named}"items":{self._items_text},"results":[{",".join(self._texts)}]}}'


def untouched_of(tasks: Iterable[LiveTask]) -> list[LiveTask]:
    """Give the instances that are as they were opened for people, so that their numbers say all of them.

    This is asked of a thousand each time the state is written. A task that undoes something has an
    owner too, and no iteration.
    """
    ready = TaskState.READY
    return [
        task
        for task in tasks
        if task._state == ready
        and task.owner
        and task.iteration
        and not task.data
        and not task.internal_data
        and not task.group
        and task.task_spec.for_people
    ]


def runs_of(tasks: Iterable[LiveTask]) -> list[list[int]]:
    """Write untouched instances as runs: owner, round, first id, first iteration, how many."""
    runs: list[list[int]] = []
    owner = next_id = next_iteration = 0
    for task in tasks:
        if task.owner == owner and task.id == next_id and task.iteration == next_iteration:
            runs[-1][4] += 1
        else:
            owner = task.owner
            runs.append([owner, task.round, task.id, task.iteration, 1])
        next_id, next_iteration = task.id + 1, task.iteration + 1
    return runs
