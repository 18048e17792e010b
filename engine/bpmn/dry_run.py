"""Runs an instance in memory without anybody: answers instead of people, a clock that is moved."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.answers import Answers
from engine.bpmn.catching import happen, waits_for
from engine.bpmn.flow import Flow
from engine.bpmn.live import MAX_OPENED, LiveInstance
from engine.bpmn.live_task import LiveTask
from engine.bpmn.repetition import Repeated
from engine.bpmn.scope import scope_of
from engine.bpmn.scripting import SandboxEnvironment
from engine.bpmn.timers import Timer
from engine.bpmn.trail import Happening, TrailItem
from engine.expressions.sandbox import Sandbox

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_SHOWN = {Happening.ENTERED, Happening.COMPLETED, Happening.CANCELLED}


class Stopped(Exception):
    """A bound was reached."""


class _Timed(SandboxEnvironment):
    """The sandbox, for a bounded time: work here counts as much as waiting for it, other programs do not."""

    def __init__(self, sandbox: Sandbox, seconds: float) -> None:
        """Begin to count."""
        super().__init__(sandbox)
        self._waited = 0.0
        self._until = time.thread_time() + seconds

    def check_time(self) -> None:
        """Raise Stopped where the time is up."""
        if time.thread_time() + self._waited > self._until:
            raise Stopped

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:  # noqa: ANN401
        """Give the value of an expression."""
        with self._counted():
            return super().evaluate(expression, context, external_context)

    def execute(self, script: str, context: Any, external_context: Any = None) -> dict[str, Any]:  # noqa: ANN401
        """Run a script."""
        with self._counted():
            return super().execute(script, context, external_context)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.check_time()
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._waited += time.perf_counter() - begun


class DryRun:
    """One run from its start to where nothing moves any more, or to a bound."""

    def __init__(
        self,
        live: LiveInstance,
        given: dict[str, Any],
        sandbox: Sandbox,
        *,
        most_steps: int,
        seconds: float,
        start: str = "",
    ) -> None:
        """Take the empty instance, the data (see ``Answers``), and where it begins."""
        self.live = live
        self._start = start
        self._sandbox = live.script_engine.environment = _Timed(sandbox, seconds)
        specs = [
            spec
            for process in (live.spec, *live.subprocess_specs.values())
            for spec in process.task_specs.values()
            if isinstance(spec, Flow)
        ]
        self._answers = Answers(
            given,
            {spec.element for spec in specs if spec.for_people},
            {spec.element for spec in specs if spec.service},
            {spec.element for spec in specs if spec.hears_outside},
        )
        self._repeated = {spec.element for spec in specs if isinstance(spec, Repeated)}
        self._most_steps = most_steps
        self._turns: dict[tuple[str, int, int], int] = {}
        self._entries: Counter[str] = Counter()
        self._read = 0  # items of the trail whose entries are counted
        for name, value in self._answers.variables.items():
            live.variables[live.spec.names.get(name, name)] = value

    def run(self) -> None:
        """Go as far as it goes. Stopped at a bound; ProcessFailed where an expression fails."""
        self.live.begin_step(_BEGINNING)
        self.live.open_case(self._start)
        self._advance()
        while not self.live.finished and self._next():
            self._advance()

    def _advance(self) -> None:
        most = self.live.serial + MAX_OPENED
        for _ in self.live.steps():
            self._check_bounds(most)
        self._check_bounds(most)

    def _check_bounds(self, most_opened: int) -> None:
        if self.live.completed_count >= self._most_steps and not self.live.finished:
            raise Stopped
        if self.live.serial > most_opened:
            raise Stopped
        self._sandbox.check_time()

    def _next(self) -> bool:
        """Complete what has an answer, else let the earliest timer happen; False when neither is there."""
        for task in self._open():
            answer = self._answers.to(task.task_spec.element, self._turn(task))
            if answer is not None:
                self._submit(task, answer)
                return True
        if self._from_outside():
            return True
        timers = [waiting for waiting in self.live.waiting() if "due" in waiting.internal_data]
        if not timers:
            return False
        first = min(timers, key=_due)
        self.live.now = max(self.live.now, _due(first))
        happen(first, next((place for place, _ in waits_for(first, Timer)), 0))
        return True

    def _from_outside(self) -> bool:
        """Let one message or signal come that the data has for an element that waits for it."""
        waiting = [task for task in self.live.waiting() if "waits" in task.internal_data]
        for task in sorted(waiting, key=lambda task: getattr(task.task_spec, "opens", None) is not None):
            payload = self._answers.from_outside(task.task_spec.element)
            if payload is not None:
                happen(task, int(next(iter(task.internal_data["waits"]))), payload)
                return True
        return False

    def _open(self) -> list[LiveTask]:
        return [
            task
            for workflow in self.live.workflows()
            for task in workflow.tasks.values()
            if (task.state == TaskState.READY and task.task_spec.for_people) or "job" in task.internal_data
        ]

    def _submit(self, task: LiveTask, answer: Any) -> None:  # noqa: ANN401 - whatever was given
        if answer != {}:
            scope_of(task)[task.task_spec.element] = answer
        if "job" in task.internal_data:  # no connector is called: the answer was given
            self.live.clear_job(task)
            task._ready()
        else:
            task.run()

    def _turn(self, task: LiveTask) -> int:
        self._count_entries()
        return self._turn_of(task.task_spec.element, task.round, task.iteration)

    def _turn_of(self, element: str, round_: int, iteration: int) -> int:
        return self._turns[element, round_, iteration] if iteration else round_

    def _count_entries(self) -> None:
        """Give the instances of a repeated activity numbers that go on through all its rounds."""
        for item in self.live.trail[self._read :]:
            if item.what is Happening.ENTERED and item.iteration:
                self._entries[item.element] += 1
                self._turns[item.element, item.round, item.iteration] = self._entries[item.element]
        self._read = len(self.live.trail)

    @property
    def steps(self) -> Iterator[TrailItem]:
        """Give what people can see of the run. Of a repeated activity only its instances are told."""
        self._count_entries()
        for item in self.live.trail:
            if item.what in _SHOWN and (item.iteration or item.element not in self._repeated):
                yield item._replace(round=self._turn_of(item.element, item.round, item.iteration))

    @property
    def waiting_at(self) -> tuple[str, ...]:
        """Give the elements it stands at."""
        waiting = [*self._open(), *self.live.waiting()]
        return tuple(dict.fromkeys(task.task_spec.element for task in waiting if not task.task_spec.hidden))


def _due(task: LiveTask) -> datetime:
    return datetime.fromisoformat(task.internal_data["due"])
