"""Random SOPs worked as real cases, then rehearsed: the same acts lead to the same, and no row changes.

The record of the case says what is done in the rehearsal; what it says came of each act must be what came of
it there, with roles, due times and results of conditions. What only real cases have (an act that is taken
back, corrected, tried again) is not done in these.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from engine.actions.rehearsal_acts import Answer, Complete, Send, SendBack
from engine.actions.rehearsal_desk import Desk
from engine.actions.rehearsals import take_step
from engine.model.event import Event, EventKind
from engine.model.instance import InstanceStatus
from engine.model.job import JobKey
from engine.model.rehearsal import THROWN, RehearsalLine, Stand
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey
from engine.record.rebuild_following import FOLLOWING
from tests.engine.actions.test_rehearsals import everything
from tests.engine.properties.acting import Acting, clear
from tests.engine.properties.drawing import Block
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.sop import sop_of
from tests.engine.properties.test_any_case import Studio
from tests.offices import MONDAY, Office
from tests.rehearsing import Rehearsing

MANY = max(1, int(os.environ.get("ALUR_TEST_CASES", "10")) // 3)
# Made smaller it would be worked as a case a hundred times more: what differs is told by the acts.
PHASES = (Phase.explicit, Phase.generate)
_NOT_REHEARSED = {"withdraw", "amend", "ask_again", "retry", "correct"}
_BESIDE = {EventKind.MESSAGE_UNDELIVERED, THROWN}  # told by the worker of real cases, later


class Calm(Acting):
    """A case in which nothing is done that a rehearsal does not know, and nothing fails."""

    def _can(self, name: str) -> bool:
        return name not in _NOT_REHEARSED and super()._can(name)

    def _jobs(self, number: int) -> None:
        super()._jobs(number - number % 3 + 2)  # it answers

    def act(self, number: int) -> None:
        self.sane = True
        super().act(number)


@dataclass
class Fire:
    """A timer happens at the time at which the worker came to it."""

    key: TimerKey

    def take(self, desk: Desk) -> Stand:
        stand = desk.now
        outcome = desk.runner.fire(desk.saved(stand), self.key, now=stand.at)
        return desk.after(stand, outcome, _line(EventKind.TIMER_FIRED, stand.at, self.key))


@dataclass
class Hear:
    """A signal reaches one of those that wait for it."""

    key: WaitKey
    payload: dict[str, Any]

    def take(self, desk: Desk) -> Stand:
        stand = desk.now
        outcome = desk.runner.deliver(desk.saved(stand), self.key, payload=self.payload, now=stand.at)
        return desk.after(stand, outcome, _line(EventKind.MESSAGE_RECEIVED, stand.at, self.key))


@dataclass
class At:
    """An act at a time."""

    at: datetime
    act: Any

    def take(self, desk: Desk) -> Stand:
        desk.rehearsal = replace(desk.rehearsal, stands=(replace(desk.now, at=self.at),))
        stand: Stand = self.act.take(desk)
        return stand


def _line(kind: str, at: datetime, key: TimerKey | WaitKey) -> RehearsalLine:
    return RehearsalLine(kind=kind, at=at, element=key.element, round=key.round, iteration=key.iteration)


def acts_of(events: list[Event]) -> Iterator[tuple[Event, list[Event]]]:
    """Give each act with what came of it."""
    events = [event for event in events if event.kind not in _BESIDE]
    starts = [place for place, event in enumerate(events) if event.kind not in FOLLOWING]
    for place, end in zip(starts, [*starts[1:], len(events)], strict=True):
        yield events[place], events[place + 1 : end]


def act_of(event: Event, stand: Stand) -> Any:  # noqa: ANN401 - an act, or None
    """Give what is to be done in the rehearsal; None where it is nothing there."""
    told: dict[str, Any] = json.loads(event.payload or "{}")
    place: dict[str, Any] = {
        "element": event.element,
        "round": event.round,
        "iteration": event.iteration,
    }
    if event.kind is EventKind.TASK_COMPLETED:
        fields = {name: [str(value)] for name, value in told["data"].items() if value is not None}
        return Complete(key=TaskKey(**place), fields=fields)
    if event.kind is EventKind.TASK_RETURNED:
        return SendBack(key=TaskKey(**place), to=told["back_to"][0])
    if event.kind is EventKind.TIMER_FIRED:
        return Fire(TimerKey(**place))
    if event.kind is EventKind.JOB_DONE:
        return Answer(key=JobKey(**place), result=told["result"])
    if event.kind is EventKind.MESSAGE_RECEIVED:
        wait = next(
            one
            for one in stand.waits
            if (one.key.element, one.key.round, one.key.iteration) == tuple(place.values())
            and (one.channel, one.name) == (told["channel"], told["name"])
        )
        data = told.get("data", {})
        return Send(key=wait.key, payload=data) if wait.channel == "message" else Hear(wait.key, data)
    return None


def said(kind: str, one: Event | RehearsalLine, payload: dict[str, Any]) -> list[Any]:
    """Give what both tell of something: not the identity of the task, nor who had the step before."""
    plain = json.loads(json.dumps(payload))
    plain.pop("task", None)
    plain.pop("assignee", None)
    return [str(kind), one.element or "", one.round or 0, one.iteration or 0, plain]


def rehearse(office: Office, key: str, events: list[Event]) -> None:
    """Do what the record of a case says in a rehearsal, and compare."""
    one, before = None, {}
    for event, led_to in acts_of(events):
        if event.kind is EventKind.CASE_STARTED:
            office.clock.set(event.at)
            one = Rehearsing.of(office, key, year=json.loads(event.payload or "{}")["year"])
            before = everything(office)
        elif one is not None:
            act = act_of(event, one.now)
            if act is None:
                assert not led_to or event.kind is EventKind.CASE_CANCELLED
                continue
            take_step(office.engine, office.people["putu"], one.draft, one.read.revision, At(event.at, act))
        assert one is not None
        now = [
            said(line.kind, line, dict(line.payload))
            for line in one.now.lines[1:]
            if line.kind not in _BESIDE
        ]
        assert now == [said(each.kind, each, json.loads(each.payload or "{}")) for each in led_to]
    assert one is not None
    assert everything(office) == before
    assert one.now.finished == any(event.kind is EventKind.CASE_FINISHED for event in events)


@pytest.fixture
def studio(office: Office) -> Studio:
    return Studio(office)


def test_a_rehearsal_goes_the_way_of_the_real_case(studio: Studio) -> None:
    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck), phases=PHASES)
    @given(block=blocks(3), acts=st.lists(NUMBERS, min_size=6, max_size=20))
    def whatever_happens(block: Block, acts: list[int]) -> None:
        studio.many += 1
        studio.office.clock.set(MONDAY)
        clear(studio.office)
        package = sop_of(block, f"acak{studio.many}")
        case = Calm(studio.office, package, studio.post, studio.token)
        case.play(acts)
        events = studio.office.events(case.id)
        assume(not any(event.kind.startswith("incident") for event in events))
        assert case.now.row.status is not InstanceStatus.RUNNING
        clear(studio.office)
        rehearse(studio.office, package.key, events)

    whatever_happens()
