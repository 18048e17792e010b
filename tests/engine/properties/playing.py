"""Two cases of one diagram, done the same to: one is never stopped, the other after every step."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner
from engine.errors import AlurError, ProcessFailed
from engine.expressions.sandbox import Sandbox
from engine.model.job import JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey
from tests.engine.bpmn.drawn import Case, spec_of
from tests.engine.properties.blocks_data import FRAGILE
from tests.engine.properties.blocks_rules import DECISIONS
from tests.engine.properties.drawing import GIVEN

MOST_STEPS = 400
MOST_FAILED = 80  # what fails in another process of the case cannot be put right from everywhere


Act = Callable[[Case], object]
Key = TaskKey | TimerKey | JobKey | WaitKey
Stores = dict[str, tuple[int, Any]]


@dataclass
class Play:
    """The two cases."""

    content: bytes
    sandbox: Sandbox
    steps: int = 0
    ever: set[TaskKey] = field(default_factory=set)
    seen: int = 0  # the last guard that was compared
    failed: int = 0  # acts that led to what is fragile

    def __post_init__(self) -> None:
        """Read the diagram, which also compares what runs with it, and start."""
        self.spec = spec_of(self.content, self.sandbox, DECISIONS)
        version, case = uuid4(), uuid4()
        self.stores: tuple[Stores, Stores] = ({}, {})
        self.unstopped = Case(self._runner(self.stores[0]), version, id=case, cached=True)
        self.stopped = Case(self._runner(self.stores[1]), version, id=case, cached=False)
        self._both(lambda one: one.start(**GIVEN))

    def _runner(self, stores: Stores) -> Runner:
        return Runner(self.sandbox, self._spec_of, stored_of=lambda _version, name: stores.get(name))

    def _spec_of(self, _version: UUID) -> str:
        return self.spec

    def finish(self, acts: list[int]) -> None:
        """Do what the numbers say, then whatever is left, until the case is finished."""
        while not self.unstopped.finished and self.failed < MOST_FAILED:
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
        key, act = self._one_of_all(number, astray=astray)
        if self._both(act) is not None:
            self.failed += 1
            if not astray or number % 2:
                self._both(lambda case: case.assign(key, "w", 1))

    def _one_of_all(self, number: int, *, astray: bool) -> tuple[Key, Act]:
        case = self.unstopped
        can: list[tuple[Key, Act]] = [
            *((key, self._completing(key, number, astray=astray)) for key in case.open),
            *((key, self._answering(key, number, astray=astray)) for key in case.jobs),
            *((key, self._firing(key)) for key in case.timers),
        ]
        if astray:
            can += [(key, self._asking_again(key)) for key in case.jobs]
        if astray or not can:  # nobody keeps sending messages for ever, or begins again and again
            waits = [key for key, wait in case.waits.items() if astray or not wait.begins]
            can += [(key, self._delivering(key, number)) for key in waits]
        assert can, "it stands where nothing can come"
        return can[number % len(can)]

    def _completing(self, key: TaskKey, number: int, *, astray: bool) -> Act:
        shared = {f"v{number % 4}": number // 4 % 5} if number % 2 else {}
        if astray and number % 8 == 0:  # what is fragile
            shared = {"w": number // 8 % 2}
        return lambda case: case.complete(key, {"n": number}, shared)

    def _answering(self, key: JobKey, number: int, *, astray: bool) -> Act:
        if astray and number % 3 == 0:
            return lambda case: case.fail(key, ("W", "X")[number // 3 % 2])
        return lambda case: case.answer(key, {"n": number})

    def _asking_again(self, key: JobKey) -> Act:
        return lambda case: case.ask_again(key)

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

    def _both(self, act: Act, *, may_be_refused: bool = False) -> str | None:
        self.stopped.runner = self._runner(self.stores[1])
        cases = (self.unstopped, self.stopped)
        told = [_told(act, case) for case in cases]
        assert told[0] == told[1]
        failed = FRAGILE.encode() in self.content and (told[0] or "").startswith(ProcessFailed.__name__)
        assert told[0] is None or may_be_refused or failed, "nothing else of these diagrams can fail"
        if told[0] is None:
            for case, stores in zip(cases, self.stores, strict=True):
                left = case.outcome.stored if case.outcome else ()
                stores.update({one.name: (one.seen + 1, one.value) for one in left})
            self._compare()
        return told[0]

    def _compare(self) -> None:
        left, right = self.unstopped, self.stopped
        assert left.history == right.history
        assert left.open == right.open
        assert left.timers == right.timers
        assert left.jobs == right.jobs
        assert left.waits == right.waits
        assert left.finished == right.finished
        assert left.variables == right.variables
        assert self.stores[0] == self.stores[1]
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
