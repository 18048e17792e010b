"""The twin of a case: what the record says was done is done to it too, in memory, and it is never stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.actions.advancing import lines_of
from engine.bpmn.workflow import Outcome, Runner
from engine.core import Engine
from engine.model.correction import with_value
from engine.model.event import Event, EventKind
from engine.model.incident import Tried
from engine.model.job import JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.storage.events import Line
from engine.storage.versions import Version
from tests.engine.bpmn.drawn import Case

Told = Mapping[str, Any]
FOLLOWING = {
    EventKind.TASK_OPENED,
    EventKind.TASK_CANCELLED,
    EventKind.CASE_ADVANCED,
    EventKind.CASE_FINISHED,
    EventKind.JOB_QUEUED,
}


class _AnyRow(dict[str, Any]):
    """Stands for the row of a task where only what happened is asked."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - of any column
        return UUID(int=0) if name == "id" else None


@dataclass
class Twin:
    """A case in memory, and how much of the record was done to it."""

    engine: Engine
    version: Version
    id: UUID
    tried_of: Callable[[str], Tried]  # what stands still, by the id of its incident
    seq: int = 0
    stores: dict[str, tuple[int, Any]] = field(default_factory=dict)
    cancelled: bool = False
    ahead: Event | None = None  # what the record says after the act

    def __post_init__(self) -> None:
        """Give it a runner of its own."""
        office = self.version.office
        runner = Runner(
            self.engine.runner._sandbox,
            self.engine.versions.spec_of,
            lambda _version: self.engine.calendar_of(office),
            stored_of=lambda _version, name: self.stores.get(name),
        )
        self.case = Case(runner, self.version.id, id=self.id)
        self.before = self.case  # the last completion

    def follow(self, events: Sequence[Event]) -> None:
        """Do what is new in the record; what it says came of each act must be what comes of it here."""
        new = [event for event in events if event.seq > self.seq]
        while new:
            act, new = new[0], new[1:]
            self.ahead = new[0] if new else None
            assert act.kind not in FOLLOWING or self.cancelled, f"{act.kind} follows from nothing"
            self.case.now = act.at
            does = _DOES.get(act.kind)
            outcome = does(self, act, json.loads(act.payload or "{}")) if does else None
            if outcome is None:
                continue
            self.stores |= {one.name: (one.seen + 1, one.value) for one in outcome.stored}
            rows = {key: _AnyRow() for key in outcome.opened}
            follows = [_lined(line) for line in lines_of(outcome, rows)]
            assert [_told(one) for one in new[: len(follows)]] == follows, act.kind
            new = new[len(follows) :]
        self.seq = events[-1].seq

    def _start(self, _act: Event, told: Told) -> Outcome | None:
        self.case.start(case={"year": told["year"]})
        return self.case.outcome

    def _complete(self, act: Event, told: Told) -> Outcome | None:
        self.before = _kept(self.case)
        data = told["data"]
        return self.case.complete(_task(act), data, self._shared(act, data, data))

    def _shared(self, act: Event, data: Told, changed: Told) -> dict[str, Any]:
        form = self.version.form_of(self.version.definition.step(act.element or ""))
        assert form is not None
        return {one.shared: data[one.key] for one in form.inputs if one.shared and one.key in changed}

    def _withdraw(self, _act: Event, _told: Told) -> Outcome | None:
        self.before.guard = self.case.guard + 1
        self.case = self.before
        return None

    def _send_back(self, act: Event, told: Told) -> Outcome | None:
        return self.case.send_back(_task(act), told["back_to"][0])

    def _amend(self, act: Event, told: Told) -> Outcome | None:
        data, element = told["data"], act.element or ""
        return self.case.amend(**({element: data} | self._shared(act, data, told["was"])))

    def _fire(self, act: Event, _told: Told) -> Outcome | None:
        return self.case.fire(TimerKey(**_key(act)))

    def _answer(self, act: Event, told: Told) -> Outcome | None:
        return self.case.answer(_job(act), told["result"])

    def _give_up(self, act: Event, told: Told) -> Outcome | None:
        if told["code"] == "process":  # it has an answer, with which the case cannot go on
            return None
        outcome = self.case.fail(_job(act), told["code"])
        assert (outcome is not None) == told.get("caught", False)
        return outcome

    def _retry(self, act: Event, _told: Told) -> Outcome | None:
        asked = self.ahead is not None and self.ahead.kind is EventKind.JOB_QUEUED  # for something else
        return self.case.ask_again(_job(act)) if asked else None

    def _receive(self, act: Event, told: Told) -> Outcome | None:
        waits = self.case.waits.values()
        [wait] = [
            one
            for one in waits
            if (one.key.element, one.key.round, one.key.iteration) == tuple(_key(act).values())
            and (one.channel, one.name) == (told["channel"], told["name"])
        ]
        return self.case.deliver(wait.key, told.get("data", {}))

    def _correct(self, _act: Event, told: Told) -> Outcome | None:
        tried = self.tried_of(told["incident"])
        key = TaskKey(element=tried.element, round=tried.round, iteration=tried.iteration)
        known = self.case.runner.known_at(self.case.saved, key)
        name, *within = told["path"]
        return self.case.assign(key, name, with_value(known.get(name), within, told["new"]))

    def _cancel(self, _act: Event, _told: Told) -> Outcome | None:
        self.cancelled = True
        return None


_DOES: dict[EventKind, Callable[[Twin, Event, Told], Outcome | None]] = {
    EventKind.CASE_STARTED: Twin._start,
    EventKind.CASE_CANCELLED: Twin._cancel,
    EventKind.TASK_COMPLETED: Twin._complete,
    EventKind.COMPLETION_WITHDRAWN: Twin._withdraw,
    EventKind.TASK_RETURNED: Twin._send_back,
    EventKind.TASK_AMENDED: Twin._amend,
    EventKind.TIMER_FIRED: Twin._fire,
    EventKind.JOB_DONE: Twin._answer,
    EventKind.JOB_GIVEN_UP: Twin._give_up,
    EventKind.JOB_RETRIED: Twin._retry,
    EventKind.MESSAGE_RECEIVED: Twin._receive,
    EventKind.INCIDENT_CORRECTED: Twin._correct,
}


def _kept(case: Case) -> Case:
    """Remember a case as it is."""
    kept = copy(case)
    for name in ("open", "timers", "jobs", "waits", "history"):
        setattr(kept, name, copy(getattr(case, name)))
    return kept


def _key(act: Event) -> dict[str, Any]:
    return {"element": act.element, "round": act.round, "iteration": act.iteration}


def _task(act: Event) -> TaskKey:
    return TaskKey(**_key(act))


def _job(act: Event) -> JobKey:
    return JobKey(**_key(act))


def _told(event: Event) -> list[Any]:
    payload = json.loads(event.payload or "{}")
    return [event.kind.value, event.element, event.round, event.iteration, *_said(event.kind, payload)]


def _lined(line: Line) -> list[Any]:
    payload = json.loads(json.dumps(line.payload))
    return [line.kind.value, line.element, line.round, line.iteration, *_said(line.kind, payload)]


def _said(kind: EventKind, payload: Told) -> list[Any]:
    return [payload.get("trail", []), payload if kind is EventKind.JOB_QUEUED else {}]
