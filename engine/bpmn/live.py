"""A running instance in memory: SpiffWorkflow's workflow with a flat list of open tasks.

SpiffWorkflow keeps every finished task in a tree, predicts branches ahead, and walks the tree for
every question. Here a task exists from the moment a flow reaches it until it is finished, so that
the thousandth round costs what the first did. Variables belong to the instance (or to the called
process), not to tasks; only the instances of a multi-instance activity have values of their own.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import arm
from engine.bpmn.conditions import poll_conditions
from engine.bpmn.failing import failed_at
from engine.bpmn.listeners import FIRST
from engine.bpmn.live_scope import Flat, LivePool, LiveSubprocess
from engine.bpmn.live_task import LiveTask
from engine.bpmn.messages import deliver_kept
from engine.bpmn.recorder import Recorder
from engine.bpmn.stores import Stores
from engine.bpmn.variables import Variables, deep_copy
from engine.errors import ProcessFailed, say
from engine.model.calendar import WorkCalendar

MAX_STEPS = 10_000  # automatic steps of one action
MAX_OPENED = 20_000  # tokens of one action, 30 MB: repetitions in repetitions
MAX_SECONDS = 10.0  # of the wall, for them all: each script may take half a second


class LiveInstance(Recorder, Flat, BpmnWorkflow):
    """One instance, between being loaded and being saved."""

    parent_task = None
    written = True  # whether what comes of each step has the state as text
    calendar: Callable[[], WorkCalendar] = WorkCalendar  # the office's; without an office an ordinary week

    def __init__(self, spec: Any, subprocess_specs: dict[str, Any], script_engine: Any) -> None:  # noqa: ANN401
        """Make an instance without tasks."""
        self.serial = 0
        self.running: LiveTask | None = None
        self.completed_count = 0  # elements completed while in memory
        self.variables = Variables()
        self.stores = Stores()
        self.done = []
        self.conversation: dict[str, dict[str, Any]] = {}  # correlation keys of its first message
        self.undelivered: list[dict[str, Any]] = []  # messages that nobody in the case has waited for yet
        self.ready: deque[LiveTask] = deque()
        self.urgent: deque[LiveTask] = deque()  # events: they take effect before anything else
        self.leaving: deque[LiveTask] = deque()  # until what they threw has taken effect
        self.joins: dict[int, LiveTask] = {}  # inclusive joins that wait until nobody can come any more
        self.conditional: dict[int, LiveTask] = {}  # events that wait for a condition
        self.correlated: dict[int, LiveTask] = {}  # events that wait for what carries a key
        self.emptied: deque[LiveSubprocess | LivePool] = deque()  # subprocesses whose last token may be gone
        self._found: dict[tuple[str, int, int], LiveTask] = {}  # open tasks and timers, by their key
        Recorder.__init__(self)
        BpmnWorkflow.__init__(self, spec, subprocess_specs, script_engine, deserializing=True)

    def next_id(self) -> int:
        """Give the next number for a task: never used twice in an instance."""
        self.serial += 1
        return self.serial

    def advance(self) -> None:
        """Take every automatic step, until only people, timers and joins are waited for."""
        opened = self.serial + MAX_OPENED
        for number, task in enumerate(self.steps()):
            if number > MAX_STEPS:
                raise _circles(task)
            if self.serial > opened:
                raise _too_much(task)
            self.check_time(task)

    def begin_step(self, now: datetime) -> None:
        """Forget the step before; from here on its time is counted."""
        super().begin_step(now)
        self._until = time.monotonic() + MAX_SECONDS

    def check_time(self, task: LiveTask) -> None:
        """Raise ProcessFailed where the action has run too long; asked before every expression too.

        One step may evaluate a thousand: the timers of all boundary events, every condition waited for.
        """
        if time.monotonic() > self._until:
            raise _too_long(task)

    def steps(self) -> Iterator[LiveTask]:
        """Take the automatic steps one at a time: give each task, and run it when asked for the next."""
        while True:
            while self.urgent or self.leaving or self.ready:
                task = self._next()
                if task is not None and task.state == TaskState.READY and task.id in task.workflow.tasks:
                    yield task
                    self.running = task
                    task.run()
                    self.running = None
            if not self._settle():
                break
        if self.finished:
            for listening in list(self.tasks.values()):
                listening.cancel()

    def _next(self) -> LiveTask | None:
        """Take the next token: of an event first, which may be one whose condition has become true."""
        if not self.urgent and self.conditional:
            poll_conditions(self, midway=True)
        if self.urgent:
            return self.urgent.popleft()
        if self.leaving:
            self._leave(self.leaving.popleft())
            return None
        return self.ready.popleft()

    def _leave(self, task: LiveTask) -> None:
        if task.id in task.workflow.tasks:  # what it threw has not ended its scope
            task.task_spec.leave(task)

    def open_case(self, start: str = "") -> None:
        """Begin the process of the case, at one of its start events, and those that begin with it."""
        given = dict(self.variables)  # values are replaced, never changed in place
        if self.spec.begins:
            self.begin(start)
        for listener in self.spec.openings:
            if listener.opens is self.spec and not self.spec.begins:
                first = LiveTask(self, listener)
                first.internal_data[FIRST] = True
                arm(first)
            else:
                arm(LiveTask(self, listener))
        for spec in self.spec.pools_begun:
            pool = self.open_pool(spec)
            for name, value in given.items():
                pool.variables[name] = deep_copy(value)
            pool.begin()

    def open_pool(self, spec: Any) -> LivePool:  # noqa: ANN401 - untyped library
        """Open another process of the file in this case."""
        pool = LivePool(self.next_id(), spec, self, Variables())
        self.subprocesses[pool.id] = pool
        return pool

    def process_spec(self, name: str) -> Any:  # noqa: ANN401 - untyped library
        """Give the spec of a process of the file."""
        return self.spec if name == self.spec.name else self.subprocess_specs[name]

    def by_id(self, id_: int) -> LiveTask | None:
        """Find an open task by its number."""
        for workflow in self.workflows():
            if id_ in workflow.tasks:
                return workflow.tasks[id_]  # type: ignore[no-any-return] # untyped library
        return None

    def waits_at(self, id_: int) -> LiveTask:
        """Give the open task of a number that is known to be there."""
        task: LiveTask = next(one.tasks[id_] for one in self.workflows() if id_ in one.tasks)
        return task

    def _settle(self) -> bool:
        while self.emptied:
            if self._end(self.emptied.popleft()):
                return True
        if (self.undelivered or self.correlated) and deliver_kept(self):
            return True
        if self.conditional and poll_conditions(self):
            return True
        for task in list(self.joins.values()):
            if task.state != TaskState.WAITING or task.id not in task.workflow.tasks:
                del self.joins[task.id]
            elif task.task_spec.may_now_pass(task):
                task._ready()
                return True
        return False

    def _end(self, subprocess: LiveSubprocess | LivePool) -> bool:
        """Leave a subprocess in which no token is left; False where one is."""
        parent = subprocess.parent_task
        number = subprocess.id if parent is None else parent.id
        if not subprocess.is_over or self.subprocesses.get(number) is not subprocess:
            return False
        subprocess.stop()
        if parent is None:
            del self.subprocesses[number]
        else:
            parent.task_spec.ended(parent, subprocess)
        return True

    def workflows(self) -> Iterable[Any]:
        """Give the instance and its open subprocesses."""
        return (self, *self.subprocesses.values())

    def waiting(self) -> Iterable[LiveTask]:
        """Give every task that waits for something."""
        return [
            task
            for workflow in self.workflows()
            for task in workflow.tasks.values()
            if task.state == TaskState.WAITING
        ]

    def find(self, element: str, round_: int, iteration: int) -> LiveTask | None:
        """Find an open task by what people know of it."""
        key = (element, round_, iteration)
        found = self._found.get(key)
        if found is None or not _is_open(found, key):
            # A thousand instances are open at once: they are looked through once, not for each of them.
            tasks = [task for workflow in self.workflows() for task in workflow.tasks.values()]
            self._found = {
                (task.task_spec.element, task.round, task.iteration): task
                for task in tasks
                if _may_be_found(task)
            }
            found = self._found.get(key)
        return found

    @property
    def finished(self) -> bool:
        """Tell whether no token is left but those that only listen."""
        return not self.subprocesses and self.is_over


def _may_be_found(task: LiveTask) -> bool:
    return task.state in (TaskState.READY, TaskState.WAITING)


def _is_open(task: LiveTask, key: tuple[str, int, int]) -> bool:
    return (
        task.id in task.workflow.tasks
        and _may_be_found(task)
        and (task.task_spec.element, task.round, task.iteration) == key
    )


def _too_long(task: LiveTask) -> ProcessFailed:
    sentence = say(
        "The steps up to %(name)s took longer than %(seconds)s seconds and were stopped.",
        name=task.task_spec.title or task.task_spec.element,
        seconds=int(MAX_SECONDS),
    )
    return failed_at(task, sentence, timed_out=True)


def _too_much(task: LiveTask) -> ProcessFailed:
    sentence = say(
        "The steps up to %(name)s would open more than %(most)s elements at once and were stopped.",
        name=task.task_spec.title or task.task_spec.element,
        most=MAX_OPENED,
    )
    return failed_at(task, sentence)


def _circles(task: LiveTask) -> ProcessFailed:
    return ProcessFailed(
        task.task_spec.element,
        task.task_spec.title,
        say(
            "The process runs in circles at %(name)s: stopped after %(steps)s steps.",
            name=task.task_spec.title or task.task_spec.element,
            steps=MAX_STEPS,
        ),
    )
