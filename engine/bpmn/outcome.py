"""What one step of an instance proposes; nothing is written by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from engine.bpmn.state import variables_of
from engine.bpmn.trail import TrailItem
from engine.bpmn.variables import deep_copy
from engine.model.data_store import Stored
from engine.model.job import Job, JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import Thrown, Wait, WaitKey

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of a start, completion or timer, for the action to save.

    ``state`` is the compacted text for the instance row, empty when the instance is finished.
    ``closed`` are tasks the process cancelled, besides the one that was completed; ``jobs_cleared``
    are no longer waited for, the one that was done among them. Give the outcome to ``Runner.keep``
    after the commit.
    """

    state: str
    finished: bool
    opened: tuple[TaskKey, ...]
    closed: tuple[TaskKey, ...]
    timers_set: tuple[tuple[TimerKey, datetime], ...]
    timers_cleared: tuple[TimerKey, ...]
    trail: tuple[TrailItem, ...]
    at: datetime = _NEVER  # when the step was taken
    jobs_set: tuple[Job, ...] = ()
    jobs_cleared: tuple[JobKey, ...] = ()
    waits_set: tuple[Wait, ...] = ()
    waits_cleared: tuple[WaitKey, ...] = ()
    stored: tuple[
        Stored, ...
    ] = ()  # what was left in data stores; written only while they are as they were read
    thrown: tuple[Thrown, ...] = ()  # messages and signals that others than this case may wait for
    variables_text: str = field(repr=False, default="{}")
    live: Any = field(repr=False, compare=False, default=None)

    def variable(self, name: str) -> Any:  # noqa: ANN401 - JSON value
        """Give a copy of one variable after the step; None where there is none."""
        if self.live is None:
            return self.variables.get(name)
        return deep_copy(self.live.variables.get(name))

    @cached_property
    def variables(self) -> dict[str, Any]:
        """Give the variables after the step: a copy that the running instance does not share."""
        return variables_of(f'{{"variables":{self.variables_text}}}')
