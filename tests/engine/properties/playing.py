"""Two cases of one diagram, done the same to: one is never stopped, the other after every step."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner
from engine.errors import AlurError
from engine.expressions.sandbox import Sandbox
from engine.model.job import JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey
from tests.engine.bpmn.drawn import Case, spec_of
from tests.engine.properties.blocks_rules import DECISIONS

MOST_STEPS = 400
VARIABLES = {"v0": 0, "v1": 1, "v2": 2, "v3": 3, "items": ["a", "b", "c"], "w": 1}


Act = Callable[[Case], object]


@dataclass
class Play:
    """The two cases."""

    content: bytes
    sandbox: Sandbox
    steps: int = 0
    ever: set[TaskKey] = field(default_factory=set)
    seen: int = 0  # the last guard that was compared

    def __post_init__(self) -> None:
        """Read the diagram, which also compares what runs with it, and start."""
        self.spec = spec_of(self.content, self.sandbox, DECISIONS)
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
            if self.steps < len(acts):
                self.act(acts[self.steps])
            else:
                # At random: with a plain count two answers can take turns for ever, and a third never comes.
                self.act(Random(self.steps).randrange(2**16), astray=False)
            self.steps += 1

    def act(self, number: int, *, astray: bool = True) -> None:
        """Do one of all that could be done; astray it may be refused, go back or correct."""
        if number % 11 == 10:
            for one in (self.unstopped, self.stopped):
                one.later(hours=number % 31)
        if astray and number % 7 == 6 and self.unstopped.open:
            self._both(self._sending_back(number), may_be_refused=True)
            return
        if astray and number % 13 == 12 and self._entered():
            self._both(self._amending(number))
            return
        case = self.unstopped
        can: list[Act] = [
            *(self._completing(key, number) for key in case.open),
            *(self._answering(key, number, astray=astray) for key in case.jobs),
            *(self._firing(key) for key in case.timers),
        ]
        if astray or not can:  # nobody keeps sending messages for ever
            can += [self._delivering(key, number) for key in case.waits]
        assert can, "it stands where nothing can come"
        self._both(can[number % len(can)])

    def _completing(self, key: TaskKey, number: int) -> Act:
        shared = {f"v{number % 4}": number // 4 % 5} if number % 2 else {}
        return lambda case: case.complete(key, {"n": number}, shared)

    def _answering(self, key: JobKey, number: int, *, astray: bool) -> Act:
        if astray and number % 3 == 0:
            return lambda case: case.fail(key, ("W", "X")[number // 3 % 2])
        return lambda case: case.answer(key, {"n": number})

    def _firing(self, key: TimerKey) -> Act:
        return lambda case: case.fire(key)

    def _delivering(self, key: WaitKey, number: int) -> Act:
        return lambda case: case.deliver(key, {"n": number})

    def _sending_back(self, number: int) -> Act:
        case = self.unstopped
        key, done = case.open[number % len(case.open)], case.seen(Happening.COMPLETED)
        to = done[number // 7 % len(done)]
        return lambda one: one.send_back(key, to)

    def _entered(self) -> list[str]:
        """Name the steps whose values the case keeps."""
        variables = self.unstopped.variables
        return sorted(name for name, value in variables.items() if isinstance(value, dict) and "n" in value)

    def _amending(self, number: int) -> Act:
        entered = self._entered()
        shared = {f"v{number % 4}": number // 4 % 5} if number % 2 else {}
        changes = {entered[number % len(entered)]: {"n": number}} | shared
        return lambda case: case.amend(**changes)

    def _both(self, act: Act, *, may_be_refused: bool = False) -> None:
        self.stopped.runner = self._runner()
        told = [_told(act, case) for case in (self.unstopped, self.stopped)]
        assert told[0] == told[1]
        assert told[0] is None or may_be_refused, "nothing of these diagrams can fail"
        if told[0] is None:
            self._compare()

    def _compare(self) -> None:
        left, right = self.unstopped, self.stopped
        assert left.history == right.history
        assert left.open == right.open
        assert left.timers == right.timers
        assert left.jobs == right.jobs
        assert left.waits == right.waits
        assert left.finished == right.finished
        assert left.variables == right.variables
        assert _plain(left.state) == _plain(right.state)
        assert len(set(left.open)) == len(left.open)
        entered = set(left.seen(Happening.ENTERED))
        assert entered <= self._ids()
        if left.guard > self.seen:  # a failure that nobody catches moves nothing
            opened = left.outcome.opened if left.outcome else ()
            assert self.ever.isdisjoint(opened), "a task that was there before"
            self.ever |= set(opened)
            self.seen = left.guard

    def _ids(self) -> set[str]:
        return {part.split(b'"')[0].decode() for part in self.content.split(b' id="')[1:]}


def _told(act: Act, case: Case) -> str | None:
    try:
        act(case)
    except AlurError as error:
        return f"{type(error).__name__}: {error}"
    return None


def _plain(state: str) -> object:
    """Read a state: in which order its variables stand says nothing."""
    return json.loads(state) if state else None
