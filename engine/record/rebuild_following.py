"""What follows from an act: the record's events beside what came of it in the engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.actions.advancing import lines_of
from engine.bpmn.workflow import Outcome
from engine.errors import say
from engine.model.definition import Step
from engine.model.event import Event, EventKind
from engine.record.rebuild_answers import NOTHING, differs, say_line, say_way, shown
from engine.storage.events import Line, to_json

Told = Mapping[str, Any]
FOLLOWING = frozenset(
    {
        EventKind.TASK_OPENED,
        EventKind.TASK_CANCELLED,
        EventKind.CASE_ADVANCED,
        EventKind.CASE_FINISHED,
        EventKind.JOB_QUEUED,
    }
)
"""Kinds of events that follow from an act, and are none themselves."""
_NO_ROW: dict[str, Any] = dict.fromkeys(("role", "due_at", "clock_started_at", "opened_at", "assignee")) | {
    "id": UUID(int=0)
}


@dataclass(frozen=True, kw_only=True)
class Following:
    """Compares by the names and steps of the version a case runs on."""

    name_of: Callable[[str | None], str]
    step_of: Callable[[str], Step]

    def compared(
        self, act: Event, outcome: Outcome, ahead: Sequence[Event], told_of: Callable[[Event], Told]
    ) -> Iterator[tuple[Event, Told]]:
        """Give each event that came of an act, once it was compared; Stopped at the first that differs."""
        for place, line in enumerate(lines_of(outcome, dict.fromkeys(outcome.opened, _NO_ROW))):
            event = ahead[place] if place < len(ahead) else None
            if event is None or not _is_like(event, line):
                expected = say_line(event, self.name_of) if event is not None else NOTHING
                what = say("What followed from event %(seq)s", seq=act.seq)
                raise differs(event or act, what, expected, say_line(line, self.name_of))
            told = told_of(event)
            if event.kind is EventKind.JOB_QUEUED:
                self._compare_job(event, told, line)
            else:
                self._compare_way(event, told, line)
            yield event, told

    def _compare_job(self, event: Event, told: Told, line: Line) -> None:
        if not _alike(line.payload, told):
            what = say("What “%(step)s” asks of another system", step=self.name_of(event.element))
            raise differs(event, what, shown(told), shown(line.payload))

    def _compare_way(self, event: Event, told: Told, line: Line) -> None:
        role = self.step_of(event.element or "").role if event.kind is EventKind.TASK_OPENED else None
        if role is not None and role != told["role"]:
            what = say("The role of the step “%(step)s”", step=self.name_of(event.element))
            raise differs(event, what, shown(told["role"]), shown(role))
        way, found = told.get("trail", []), line.payload.get("trail", [])
        if not _alike(found, way):
            what = say("The way there: %(where)s", where=say_line(event, self.name_of))
            raise differs(event, what, *say_way(way, _as_told(found)))


def until_next_act(events: Sequence[Event], place: int) -> Sequence[Event]:
    """Give what follows from the act before a place."""
    end = place
    while end < len(events) and events[end].kind in FOLLOWING:
        end += 1
    return events[place:end]


def _is_like(event: Event, line: Line) -> bool:
    return (event.kind, event.element, event.round, event.iteration) == (
        line.kind,
        line.element,
        line.round,
        line.iteration,
    )


def _as_told(value: Any) -> Any:  # noqa: ANN401 - JSON value
    """Give a value as it comes back from the record."""
    return json.loads(to_json(value))


def _alike(found: Any, told: Any) -> bool:  # noqa: ANN401 - JSON values
    """Compare what came with what the record says; sequences and words of ours are as JSON has them."""
    return bool(found == told) or _as_told(found) == told
