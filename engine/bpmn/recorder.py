"""What one step of an instance leaves behind: the trail, opened and closed tasks, timers, jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.bpmn.done import UNDOING
from engine.bpmn.live_task import LiveTask
from engine.bpmn.trail import Happening, TrailItem
from engine.errors import Sentence
from engine.model.job import JobKey
from engine.model.timer import TimerKey
from engine.model.wait import Channel, Thrown, Wait, WaitKey

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Recorder:
    """Collects what happens between two saves."""

    def __init__(self) -> None:
        """Start with no rounds."""
        self.rounds: dict[str, int] = {}  # by element: how often it was entered (events: armed)
        self.begin_step(_NEVER)

    def begin_step(self, now: datetime) -> None:
        """Forget what the step before recorded; timers count from ``now``."""
        self.now = now
        self.trail: list[TrailItem] = []
        self.opened: dict[int, LiveTask] = {}
        self.closed: list[LiveTask] = []
        self.timers_set: dict[int, LiveTask] = {}
        self.timers_cleared: list[TimerKey] = []
        self.jobs_set: dict[int, LiveTask] = {}
        self.jobs_cleared: list[JobKey] = []
        self.waits_set: dict[tuple[int, int], Wait] = {}  # by token and place
        self.waits_cleared: list[WaitKey] = []
        self.thrown: list[Thrown] = []
        self.failures: list[tuple[str, Sentence]] = []  # errors that ended a process: where, and what to say

    def record(self, what: Happening, task: LiveTask, value: Any = None) -> None:  # noqa: ANN401 - JSON value
        """Add an item to the trail, unless the element is one that normalising added."""
        if not task.task_spec.hidden and UNDOING not in task.internal_data:
            self._add(what, task, value)

    def let_go(self, task: LiveTask, message: str) -> None:
        """Record that a message is lost, whatever the task that sent one more than are kept."""
        self._add(Happening.LET_GO, task, {"name": message})

    def looked(self, task: LiveTask, store: str, revision: int, value: Any) -> None:  # noqa: ANN401 - JSON value
        """Record what a data store held, whatever the task that came to it."""
        self._add(Happening.READ, task, {"store": store, "revision": revision, "value": value})

    def _add(self, what: Happening, task: LiveTask, value: Any) -> None:  # noqa: ANN401 - JSON value
        spec = task.task_spec
        self.trail.append(
            TrailItem(
                what, spec.element, spec.title, spec.kind, spec.process, task.round, task.iteration, value
            )
        )

    def record_flow(self, flow: str, process: str) -> None:
        """Add a taken sequence flow to the trail."""
        self.trail.append(TrailItem(Happening.FLOW, flow, "", "sequenceFlow", process))

    def count(self, task: LiveTask) -> None:
        """Give the task the next round of its element."""
        element = task.task_spec.element
        task.round = self.rounds[element] = self.rounds.get(element, 0) + 1

    def enter(self, task: LiveTask) -> None:
        """Record that an element was entered, once more."""
        if not task.task_spec.hidden:
            self.count(task)
            self.record(Happening.ENTERED, task)

    def cancelled(self, task: LiveTask) -> None:
        """Record a cancelled task; what was only waiting beside it was never entered."""
        if task.task_spec.is_entered(task):
            self.record(Happening.CANCELLED, task)
        if "due" in task.internal_data:
            self.clear_timer(task)
        if "job" in task.internal_data:
            self.clear_job(task)
        self.clear_waits(task)
        if task.id in self.opened:
            del self.opened[task.id]
        elif task.task_spec.manual and task.task_spec.for_people:
            self.closed.append(task)
            self.record(Happening.CLOSED, task)

    def open(self, task: LiveTask) -> None:
        """Record a task that waits for a person."""
        self.opened[task.id] = task
        self.record(Happening.OPENED, task)

    def set_timer(self, task: LiveTask, due: datetime, counted: str = "") -> None:
        """Let a waiting event fire at a time; ``counted`` says what was, if not the calendar's."""
        task.internal_data["due"] = due.isoformat()
        self.timers_set[task.id] = task
        at = task.internal_data["due"]
        self.record(Happening.TIMER_SET, task, {"due": at, "time": counted} if counted else at)

    def clear_timer(self, task: LiveTask) -> None:
        """Take a timer back."""
        if task.id in self.timers_set:
            del self.timers_set[task.id]
        else:
            self.timers_cleared.append(
                TimerKey(element=task.task_spec.element, round=task.round, iteration=task.iteration)
            )
        task.internal_data.pop("due", None)

    def set_job(self, task: LiveTask, connector: str, inputs: dict[str, Any]) -> None:
        """Let a service task wait for what a connector answers."""
        task.internal_data["job"] = {"connector": connector, "inputs": inputs}
        self.jobs_set[task.id] = task
        self.record(Happening.JOB_SET, task, task.internal_data["job"])

    def clear_job(self, task: LiveTask) -> None:
        """Take a job back, or note that it is over."""
        if task.id in self.jobs_set:
            del self.jobs_set[task.id]
        else:
            self.jobs_cleared.append(
                JobKey(element=task.task_spec.element, round=task.round, iteration=task.iteration)
            )
        task.internal_data.pop("job", None)

    def set_wait(
        self, task: LiveTask, place: int, channel: Channel, name: str, correlation: dict[str, Any]
    ) -> None:
        """Let a waiting event happen by a message or signal from outside too."""
        task.internal_data.setdefault("waits", {})[str(place)] = correlation
        key = _wait_key(task, place)
        self.waits_set[task.id, place] = Wait(
            key=key,
            channel=channel,
            name=name,
            correlation=correlation,
            begins=getattr(task.task_spec, "opens", None) is not None,
        )

    def clear_waits(self, task: LiveTask) -> None:
        """Take back everything an event waits for."""
        for place in list(task.internal_data.get("waits", ())):
            self.clear_wait(task, int(place))

    def clear_wait(self, task: LiveTask, place: int) -> None:
        """Take back one message or signal that an event waits for; nothing where it is another kind."""
        waits = task.internal_data.get("waits", {})
        if waits.pop(str(place), None) is None:
            return
        if not waits:
            del task.internal_data["waits"]
        if (task.id, place) in self.waits_set:
            del self.waits_set[task.id, place]
        else:
            self.waits_cleared.append(_wait_key(task, place))

    def wanted(self, task: LiveTask, place: int) -> dict[str, Any]:
        """Give what a message must carry that a waiting event is to receive."""
        waits: dict[str, dict[str, Any]] = task.internal_data.get("waits", {})
        return waits.get(str(place), {})


def _wait_key(task: LiveTask, place: int) -> WaitKey:
    return WaitKey(element=task.task_spec.element, round=task.round, iteration=task.iteration, place=place)
