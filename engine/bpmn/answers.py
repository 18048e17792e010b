"""What people answer in a dry run, read from the data it was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from engine.bpmn.variables import deep_copy


class Answers:
    """The given data, parted into the answers of single tasks and the rest.

    An entry named like a task for people, or a service task, is that task's answer: one for every
    round, or a list with one per round (the last one stands for all that follow). ``None`` is no
    answer: the task waits. An entry named like an event or task that receives a message (or signal)
    is what comes from outside: once, or a list with one for each time; without one nothing comes.
    The rest are the variables the process starts with, and also what every task for people submits
    that has no entry of its own; a service task leaves nothing then.
    """

    def __init__(
        self,
        given: Mapping[str, Any],
        tasks: AbstractSet[str],
        services: AbstractSet[str],
        receivers: AbstractSet[str] = frozenset(),
    ) -> None:
        """Part the data by the ids of the tasks and of what receives from outside."""
        self._services = services
        named = tasks | services | receivers
        self._own = {name: value for name, value in given.items() if name in named}
        self._taken: Counter[str] = Counter()
        self.variables = {name: value for name, value in given.items() if name not in self._own}

    def to(self, element: str, turn: int) -> Any:  # noqa: ANN401 - whatever was given
        """Give a copy of what is submitted (or answered) in the turn (from 1); None where the task waits."""
        answer = self._own.get(element, {} if element in self._services else self.variables)
        if isinstance(answer, list):
            answer = answer[min(turn, len(answer)) - 1] if answer else {}
        return deep_copy(answer)

    def from_outside(self, element: str) -> dict[str, Any] | None:
        """Take what comes next from outside to an element that waits for it; None where nothing does."""
        if element not in self._own:
            return None
        given = self._own[element]
        coming = given if isinstance(given, list) else [given]
        if self._taken[element] >= len(coming) or coming[self._taken[element]] is None:
            return None
        self._taken[element] += 1
        payload = coming[self._taken[element] - 1]
        return deep_copy(payload) if isinstance(payload, dict) else {"value": deep_copy(payload)}
