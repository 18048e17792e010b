"""A case as the engine goes through it again: in memory, with what it waits for, written only when asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.bpmn.moving import MovedState
from engine.bpmn.standing import standing_of
from engine.bpmn.workflow import Outcome, Runner
from engine.model.instance import Saved
from engine.model.job import Job, JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import Wait, WaitKey

_NO_VERSION = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What a case waits for."""

    open: Mapping[TaskKey, datetime] = field(default_factory=dict)  # and since when
    timers: Mapping[TimerKey, datetime] = field(default_factory=dict)
    jobs: Mapping[JobKey, Job] = field(default_factory=dict)
    dead: frozenset[JobKey] = frozenset()  # jobs that were given up
    answered: frozenset[JobKey] = frozenset()  # of those, with an answer that the case could not go on with
    waits: Mapping[WaitKey, Wait] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A case as it stood, to be put back."""

    version: UUID
    state: str
    waiting: Waiting


@dataclass
class Live:
    """One case in memory."""

    runner: Runner
    id: UUID
    version: UUID = _NO_VERSION
    waiting: Waiting = field(default_factory=Waiting)
    finished: bool = False
    _guard: int = 0
    _text: str = ""  # its state, where it is not in memory

    @property
    def saved(self) -> Saved:
        """Give what a step begins with."""
        return Saved(id=self.id, version=self.version, guard=self._guard, state=self._text)

    def state(self) -> str:
        """Write its state."""
        return self.runner.state_of(self.saved)

    def lay_down(self) -> None:
        """Go on from its state as text: what is tried next may come to nothing."""
        self._text = self.state()
        self.runner.forget(self.id)

    def keep(self) -> Kept:
        """Remember it as it stands."""
        return Kept(version=self.version, state=self.state(), waiting=self.waiting)

    def put_back(self, kept: Kept) -> None:
        """Let it stand as it stood."""
        self.runner.forget(self.id)
        self.version, self.waiting, self._text = kept.version, kept.waiting, kept.state
        self._guard += 1

    def take(self, outcome: Outcome, *done: TaskKey) -> Outcome:
        """Go on from what a step led to; ``done`` are tasks that it began with."""
        was = self.waiting
        gone = {*outcome.closed, *done}
        cleared, answered = set(outcome.jobs_cleared), {one.key for one in outcome.jobs_set}
        self.waiting = Waiting(
            open={key: at for key, at in was.open.items() if key not in gone}
            | dict.fromkeys(outcome.opened, outcome.at),
            timers=_without(was.timers, outcome.timers_cleared) | dict(outcome.timers_set),
            jobs=_without(was.jobs, outcome.jobs_cleared) | {one.key: one for one in outcome.jobs_set},
            dead=was.dead - cleared - answered,
            answered=was.answered - cleared - answered,
            waits=_without(was.waits, outcome.waits_cleared) | {one.key: one for one in outcome.waits_set},
        )
        self.finished, self._text = outcome.finished, ""
        self._guard += 1
        self.runner.keep(self.id, self._guard, outcome)
        return outcome

    def give_up(self, job: JobKey, *, answered: bool) -> None:
        """Let a job wait for an administrator, perhaps with an answer the case could not go on with."""
        self.waiting = replace(
            self.waiting,
            dead=self.waiting.dead | {job},
            answered=self.waiting.answered | ({job} if answered else set()),
        )

    def try_again(self, job: JobKey) -> None:
        """Let a job that was given up be tried."""
        self.waiting = replace(self.waiting, dead=self.waiting.dead - {job})

    def move(self, to: UUID, mapping: Mapping[str, str], now: datetime) -> MovedState:
        """Put it into another version, as ``actions.moves`` does."""
        self.lay_down()
        was, again = self.waiting, self._asked_again()
        standing = standing_of(self._text, again)
        state = self.runner.move(
            self.saved,
            to,
            mapping={one: other for one, other in mapping.items() if one in standing.open()},
            since=was.open,
            now=now,
            again=again,
        )
        asked = {one.key for one in state.outcome.jobs_set}
        tried = {one for one in was.dead if one in was.answered or one in asked}
        self.take(state.outcome)
        self.runner.forget(self.id)
        self._text = state.outcome.state
        self.version = to
        self.waiting = replace(
            self.waiting,
            open={state.keys[key]: at for key, at in was.open.items()},
            dead=was.dead - tried,
            answered=was.answered - asked,
        )
        return state

    def take_back_move(self, before: Kept) -> None:
        """Let it stand as before a move; jobs the move did not touch are as they are now."""
        was, now = before.waiting, self.waiting
        jobs = {**now.jobs, **{key: was.jobs[key] for key in was.dead}}
        dead, answered = now.dead | was.dead, (now.answered - was.dead) | was.answered
        self.put_back(before)
        self.waiting = replace(was, jobs=jobs, dead=dead, answered=answered)

    def _asked_again(self) -> frozenset[str]:
        """Name the services that were given up without an answer, wherever they wait for one."""
        given_up = self.waiting.dead - self.waiting.answered
        waited = {key.element for key in self.waiting.jobs if key not in given_up}
        return frozenset(key.element for key in given_up) - waited


def _without(those: Mapping[Any, Any], gone: tuple[Any, ...]) -> dict[Any, Any]:
    return {key: one for key, one in those.items() if key not in gone}
