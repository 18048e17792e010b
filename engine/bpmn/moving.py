"""Puts the state of a running case into another version: the same tokens, at the same or the mapped elements.

Whether it may be done was judged before (``move``); what is made here is looked at once more, by loading it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.advance import outcome_of
from engine.bpmn.catching import arm
from engine.bpmn.definitions import parts_of
from engine.bpmn.events import BoundaryEvent
from engine.bpmn.flow import SPLIT
from engine.bpmn.live import LiveInstance
from engine.bpmn.live_task import LiveTask
from engine.bpmn.outcome import Outcome
from engine.bpmn.state import load_state
from engine.errors import Conflict, say
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey

_ID, _SPEC, _ROUND = 0, 1, 4  # places in the row of a token: see ``state``

NOT_AS_JUDGED = say("The case does not stand in the new version as it was judged. It was not moved.")


@dataclass(frozen=True, kw_only=True)
class MovedState:
    """What the case is in the new version; ``keys`` say what became of each open task."""

    outcome: Outcome
    keys: Mapping[TaskKey, TaskKey]


def moved(  # noqa: PLR0913 - a case, where it goes, and what begins anew there
    old: LiveInstance,
    new: LiveInstance,
    state: str,
    *,
    mapping: Mapping[str, str],
    since: Mapping[TaskKey, datetime],
    now: datetime,
    again: Collection[str] = (),
) -> MovedState:
    """Fill an empty instance of the new version with what a case of the old one has.

    ``old`` is that case, loaded. Events at the edge of an open task that are other ones now are armed
    anew, counted from when the task was opened (``since``). Services that were given up (``again``) ask
    what the new version asks. Conflict where the tokens do not fit.
    """
    anew = [*_people(old), *_services(old, again)]
    edges = [_Edges(task, new, mapping) for task in anew if not task.owner]
    gone = {event.id for one in edges for event in one.gone}
    text, rounds = _rewritten(state, mapping, gone)
    try:
        load_state(new, text)
    except KeyError as error:
        raise Conflict(NOT_AS_JUDGED) from error
    if _positions(old, mapping, gone) != _positions(new, {}, set()):
        raise Conflict(NOT_AS_JUDGED)
    keys = _keys(old, mapping, rounds)
    new.begin_step(now)
    for one in edges:
        key = _key(one.task)
        new.now = since.get(key, now)
        one.renew(new)
    new.now = now
    for service in _services(new, again):
        new.clear_job(service)
        service.task_spec.ask(service)
    return MovedState(outcome=outcome_of(new), keys=keys)


def must_stand(loaded: LiveInstance, keys: Mapping[TaskKey, TaskKey]) -> None:
    """Look at a case that was loaded from its new state: exactly the same tasks must be open."""
    if sorted(map(repr, map(_key, _people(loaded)))) != sorted(map(repr, keys.values())):
        raise Conflict(NOT_AS_JUDGED)


def _rewritten(state: str, mapping: Mapping[str, str], gone: set[int]) -> tuple[str, Mapping[str, int]]:
    """Write the state with open steps at other elements, in their next round, and without what is gone."""
    rounds: dict[str, int] = {}
    if not mapping and not gone:
        return state, rounds
    kept = json.loads(state)
    for scope in (kept, *kept.get("subprocesses", ())):
        scope["tasks"] = [row for row in scope["tasks"] if row[_ID] not in gone]
        for row in scope["tasks"]:
            to = mapping.get(row[_SPEC])
            if to is not None:
                row.extend([0] * (_ROUND + 1 - len(row)))
                row[_SPEC] = to
                rounds[to] = kept["rounds"][to] = kept["rounds"].get(to, 0) + 1
                row[_ROUND] = rounds[to]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")), rounds


def _positions(live: LiveInstance, mapping: Mapping[str, str], gone: set[int]) -> Counter[tuple[str, int]]:
    return Counter(
        (mapping.get(task.task_spec.name, task.task_spec.name), task.state)
        for workflow in live.workflows()
        for task in workflow.tasks.values()
        if task.id not in gone
    )


def _keys(old: LiveInstance, mapping: Mapping[str, str], rounds: Mapping[str, int]) -> dict[TaskKey, TaskKey]:
    keys = {}
    for task in _people(old):
        key = _key(task)
        to = mapping.get(key.element)
        keys[key] = key if to is None else TaskKey(element=to, round=rounds[to], iteration=key.iteration)
    return keys


def _people(live: LiveInstance) -> list[LiveTask]:
    return [
        task
        for workflow in live.workflows()
        for task in workflow.tasks.values()
        if task.state == TaskState.READY and task.task_spec.for_people
    ]


def _services(live: LiveInstance, elements: Collection[str]) -> list[LiveTask]:
    return [
        task
        for workflow in live.workflows()
        for task in workflow.tasks.values()
        if task.task_spec.element in elements and "job" in task.internal_data
    ]


def _key(task: LiveTask) -> TaskKey:
    return TaskKey(element=task.task_spec.element, round=task.round, iteration=task.iteration)


class _Edges:
    """The events at the edge of one open task for people, in the old version and in the new one.

    One that is as it was goes on waiting; others are taken away, or begin to wait.
    """

    def __init__(self, task: LiveTask, new: LiveInstance, mapping: Mapping[str, str]) -> None:
        self.task = task
        name = task.task_spec.name
        self.element = mapping.get(name, name)
        waiting = [
            one
            for one in task.workflow.tasks.values()
            if task.group and one.group == task.group and one is not task
        ]
        wanted = _edges_of(new.process_spec(task.workflow.spec.name), self.element)
        kept = {
            one.task_spec.name
            for one in waiting
            if self.element == name and _says_the_same(one.task_spec, wanted.get(one.task_spec.name))
        }
        self.gone = [one for one in waiting if one.task_spec.name not in kept]
        # What has happened already and interrupts nothing is not waited for a second time.
        had = _edges_of(task.workflow.spec, name).keys() if self.element == name else set()
        over = had - {one.task_spec.name for one in waiting}
        self.added = [spec for event, spec in wanted.items() if event not in kept | over]
        self.has_none = not wanted

    def renew(self, new: LiveInstance) -> None:
        """Let those that are gone no longer wake the loaded case, and those that were added."""
        for one in self.gone:
            key = {"element": one.task_spec.element, "round": one.round, "iteration": one.iteration}
            if "due" in one.internal_data:
                new.timers_cleared.append(TimerKey(**key))
            for place in one.internal_data.get("waits", ()):
                new.waits_cleared.append(WaitKey(**key, place=int(place)))
        task = new.waits_at(self.task.id)
        if self.added and not task.group:
            task.group = new.next_id()
        elif self.has_none:  # with one that is over it stays as one that has begun there
            task.group = 0
        for spec in self.added:
            event = LiveTask(task.workflow, spec)
            event.group, event.came_from = task.group, task.came_from
            arm(event)


def _edges_of(process: Any, element: str) -> dict[str, Any]:  # noqa: ANN401 - untyped library
    split = process.task_specs.get(f"{element}{SPLIT}")
    return {} if split is None else {one.name: one for one in split.ahead if isinstance(one, BoundaryEvent)}


def _says_the_same(old: Any, new: Any) -> bool:  # noqa: ANN401 - untyped library
    return (
        new is not None
        and _definition(old) == _definition(new)
        and old.cancel_activity == new.cancel_activity
    )


def _definition(spec: Any) -> list[str]:  # noqa: ANN401 - untyped library
    return [repr((type(one).__name__, sorted(vars(one).items()))) for one in parts_of(spec.event_definition)]
