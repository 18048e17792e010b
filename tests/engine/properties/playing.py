"""Two cases of one diagram, done the same to: one is never stopped, the other after every step."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner
from engine.errors import AlurError
from engine.expressions.sandbox import Sandbox
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from tests.engine.bpmn.drawn import Case, spec_of

MOST_STEPS = 400
VARIABLES = {"v0": 0, "v1": 1, "v2": 2, "v3": 3, "items": ["a", "b", "c"]}


@dataclass
class Play:
    """The two cases."""

    content: bytes
    sandbox: Sandbox
    steps: int = 0
    ever: set[TaskKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read the diagram, which also compares what runs with it, and start."""
        self.spec = spec_of(self.content, self.sandbox)
        version, case = uuid4(), uuid4()
        self.unstopped = Case(self._runner(), version, id=case, cached=True)
        self.stopped = Case(self._runner(), version, id=case, cached=False)
        self._both(lambda one: one.start(**VARIABLES))

    def _runner(self) -> Runner:
        return Runner(self.sandbox, self._spec_of)

    def _spec_of(self, _version: UUID) -> str:
        return self.spec

    def finish(self, acts: list[int]) -> None:
        """Do what the numbers say, then whatever is left, until the case is finished."""
        while not self.unstopped.finished:
            assert self.steps < MOST_STEPS, ("it does not come to an end", self.unstopped.open_elements)
            self.act(acts[self.steps] if self.steps < len(acts) else self.steps)
            self.steps += 1

    def act(self, number: int) -> None:
        """Do one of all that could be done."""
        case = self.unstopped
        can: list[Callable[[Case], object]] = [
            *(self._completing(key, number) for key in case.open),
            *(self._firing(key) for key in case.timers),
        ]
        assert can, "it stands where nothing can come"
        if number % 11 == 10:
            for one in (self.unstopped, self.stopped):
                one.later(hours=number % 31)
        self._both(can[number % len(can)])

    def _completing(self, key: TaskKey, number: int) -> Callable[[Case], object]:
        shared = {f"v{number % 4}": number // 4 % 5} if number % 2 else {}
        return lambda case: case.complete_task(key, {"n": number}, shared)

    def _firing(self, key: TimerKey) -> Callable[[Case], object]:
        def fire(case: Case) -> None:
            case.now = max(case.now, case.timers[key])
            case.fire_timer(key)

        return fire

    def _both(self, act: Callable[[Case], object]) -> None:
        self.stopped.runner = self._runner()
        told = [_told(act, case) for case in (self.unstopped, self.stopped)]
        assert told[0] == told[1]
        assert told[0] is None, "nothing of these diagrams can fail"
        self._compare()

    def _compare(self) -> None:
        left, right = self.unstopped, self.stopped
        assert left.history == right.history
        assert left.open == right.open
        assert left.timers == right.timers
        assert left.finished == right.finished
        assert left.variables == right.variables
        assert _plain(left.state) == _plain(right.state)
        assert len(set(left.open)) == len(left.open)
        entered = set(left.seen(Happening.ENTERED))
        assert entered <= self._ids()
        for key in left.outcome.opened if left.outcome else ():
            assert key not in self.ever, "a task that was there before"
        self.ever |= set(left.open)

    def _ids(self) -> set[str]:
        return {part.split(b'"')[0].decode() for part in self.content.split(b' id="')[1:]}


def _told(act: Callable[[Case], object], case: Case) -> str | None:
    try:
        act(case)
    except AlurError as error:
        return f"{type(error).__name__}: {error}"
    return None


def _plain(state: str) -> object:
    """Read a state: in which order its variables stand says nothing."""
    return json.loads(state) if state else None
