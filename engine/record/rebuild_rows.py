"""The rows of a case that its events determine: who holds which task since when, and its documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.model.definition import Step
from engine.model.document import DocumentState
from engine.model.erasure import begun_in
from engine.model.event import Event, EventKind
from engine.model.task import TaskState
from engine.queries.stored_case import DOCUMENT_COLUMNS, TASK_COLUMNS

Told = Mapping[str, Any]
_TRACKED = frozenset(TASK_COLUMNS)
_PEOPLE = frozenset({"assignee", "delegated_by", "prepared_by"})
_EMPTY = dict.fromkeys(TASK_COLUMNS) | {"paused_minutes": 0, "state": TaskState.OPEN.value}
_LEAVING = frozenset({EventKind.TASK_COMPLETED, EventKind.TASK_AMENDED})  # documents behind
# What the task that stands in the place of one that was taken back has of it.
_ANEW = dict.fromkeys(
    ("completed_at", "completed_by", "done_on", "worked_minutes", "waited_minutes", "attempt")
)


@dataclass
class Row:
    """A row as its events say, and the event that said so last."""

    columns: dict[str, Any]
    seq: int


@dataclass
class Rows:
    """Tasks by id and documents by number."""

    tasks: dict[UUID, Row] = field(default_factory=dict)
    documents: dict[int, Row] = field(default_factory=dict)
    _open: dict[tuple[Any, ...], UUID] = field(default_factory=dict)

    def note(self, event: Event, told: Told, step_of: Callable[[str], Step]) -> None:
        """Do what an event says to the rows."""
        does = _DOES.get(event.kind)
        if does is not None:
            does(self, event, told)
        if "documents" in told and event.kind in _LEAVING:
            self._add_documents(event, told["documents"], step_of(event.element or ""))
        if "decided" in told:
            self._set_documents(event, [told["decided"][0]], told["decided"][2])

    def before(self) -> dict[UUID, dict[str, Any]]:
        """Give the open tasks as they are, to be put back."""
        return {one: dict(self.tasks[one].columns) for one in self._open.values()}

    def put_back(self, event: Event, before: Mapping[UUID, Mapping[str, Any]]) -> None:
        """Let open tasks be as they were."""
        for id_, columns in before.items():
            self._change(event, id_, **columns)

    def _opened(self, event: Event, told: Told) -> None:
        named = told.get("assignee")
        columns = _EMPTY | {
            "element": event.element,
            "round": event.round,
            "iteration": event.iteration,
            "role": told.get("role"),
            "opened_at": event.at,
            "due_at": _time(told.get("due")),
            "assignee": UUID(hex=named) if named else None,
        }
        self._put(event, UUID(hex=told["task"]), columns)

    def _completed(self, event: Event, told: Told) -> None:
        self._close(
            event,
            state=TaskState.COMPLETED.value,
            assignee=event.actor,
            completed_by=event.actor,
            completed_at=event.at,
            done_on=_time(told.get("done_on")),
            worked_minutes=told.get("worked"),
            waited_minutes=told.get("waited"),
            attempt=event.attempt,
        )

    def _returned(self, event: Event, told: Told) -> None:
        self._close(
            event,
            state=TaskState.RETURNED.value,
            assignee=event.actor,
            worked_minutes=told.get("worked"),
            waited_minutes=told.get("waited"),
            attempt=event.attempt,
        )

    def _cancelled(self, event: Event, _told: Told) -> None:
        self._close(event, state=TaskState.CANCELLED.value)

    def _withdrawn(self, event: Event, told: Told) -> None:
        """Take back what a completion opened; another task stands in the place of the completed one."""
        for one in told["withdrawn"]:
            self._change(event, UUID(hex=one), state=TaskState.WITHDRAWN.value)
        place = _place(event)
        done = [one.columns for one in self.tasks.values() if _key(one.columns) == place]
        columns = {**done[-1], **_ANEW, "state": TaskState.OPEN.value}
        if columns["prepared_by"] == columns["assignee"]:
            columns["prepared_by"] = None
        self._put(event, UUID(hex=told["task"]), columns)
        self._set_documents(event, told.get("documents", ()), DocumentState.WITHDRAWN.value)
        if "decided" in told.get("restored", {}):
            no, state = told["restored"]["decided"]
            self._set_documents(event, [no], state)

    def _amended(self, event: Event, told: Told) -> None:
        for element, round_, _was, due in told.get("clocks", ()):
            for id_, row in self.tasks.items():
                columns = row.columns
                if (columns["element"], columns["round"], columns["state"]) == (
                    element,
                    round_,
                    TaskState.OPEN,
                ):
                    self._change(event, id_, due_at=_time(due))

    def _changed(self, event: Event, told: Told) -> None:
        """Take over what somebody did with an open task."""
        self._change(event, self._open[_place(event)], **_read(told["now"]))

    def _moved(self, event: Event, told: Told) -> None:
        for one in told.get("tasks", ()):
            self._change(event, UUID(hex=one["task"]), **_read(one["now"]))

    def _document(self, event: Event, told: Told) -> None:
        row = (told["name"], told["version"], DocumentState.DRAFT.value, told["sha256"], event.actor)
        self.documents[told["no"]] = Row(dict(zip(DOCUMENT_COLUMNS, row, strict=True)), event.seq)

    def _erased(self, _event: Event, _told: Told) -> None:
        """Let go of the reasons that an erasure takes out of every task."""
        for row in self.tasks.values():
            row.columns["pause_reason"] = None

    def _add_documents(self, event: Event, entries: Iterable[Any], step: Step) -> None:
        signed = {output.name for output in step.outputs if output.signed}
        for no, name, version, digest in entries:
            is_signed = digest is not None and name in signed
            state = DocumentState.SIGNED if is_signed else DocumentState.DRAFT
            if event.kind is EventKind.TASK_AMENDED:
                state = DocumentState.DRAFT
            row = (name, version, state.value, digest, event.actor)
            self.documents[no] = Row(dict(zip(DOCUMENT_COLUMNS, row, strict=True)), event.seq)

    def _set_documents(self, event: Event, numbers: Iterable[int], state: str) -> None:
        for no in numbers:
            row = self.documents[no]
            row.columns["state"], row.seq = state, event.seq

    def _put(self, event: Event, id_: UUID, columns: dict[str, Any]) -> None:
        self.tasks[id_] = Row(columns, event.seq)
        self._open[_key(columns)] = id_

    def _close(self, event: Event, **columns: Any) -> None:
        self._change(event, self._open[_place(event)], **columns)

    def _change(self, event: Event, id_: UUID, **columns: Any) -> None:
        row = self.tasks[id_]
        self._open.pop(_key(row.columns), None)
        row.columns.update(columns)
        row.seq = event.seq
        if row.columns["state"] == TaskState.OPEN:
            self._open[_key(row.columns)] = id_


_DOES: Mapping[EventKind, Callable[[Rows, Event, Told], None]] = {
    EventKind.TASK_OPENED: Rows._opened,  # noqa: SLF001 - of this module
    EventKind.TASK_COMPLETED: Rows._completed,  # noqa: SLF001
    EventKind.TASK_RETURNED: Rows._returned,  # noqa: SLF001
    EventKind.TASK_CANCELLED: Rows._cancelled,  # noqa: SLF001
    EventKind.COMPLETION_WITHDRAWN: Rows._withdrawn,  # noqa: SLF001
    EventKind.TASK_AMENDED: Rows._amended,  # noqa: SLF001
    EventKind.CASE_MOVED: Rows._moved,  # noqa: SLF001
    EventKind.DATA_ERASED: Rows._erased,  # noqa: SLF001
    EventKind.DOCUMENT_ADDED: Rows._document,  # noqa: SLF001
} | dict.fromkeys(
    (
        EventKind.TASK_CLAIMED,
        EventKind.TASK_RELEASED,
        EventKind.TASK_ASSIGNED,
        EventKind.TASK_TAKEN_BACK,
        EventKind.TASK_PREPARATION_ASKED,
        EventKind.TASK_PREPARATION_ENDED,
        EventKind.CLOCK_PAUSED,
        EventKind.CLOCK_RESUMED,
    ),
    Rows._changed,  # noqa: SLF001
)
NOTED = frozenset(_DOES)
"""Kinds of events that change rows besides what the process does."""


def _place(event: Event) -> tuple[Any, ...]:
    return event.element, event.round, event.iteration


def _key(columns: Mapping[str, Any]) -> tuple[Any, ...]:
    return columns["element"], columns["round"], columns["iteration"]


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _read(columns: Told) -> dict[str, Any]:
    """Read columns as the record writes them."""
    return {name: _value(name, value) for name, value in columns.items() if name in _TRACKED}


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - of any column
    if value is not None and name in _PEOPLE:
        return UUID(hex=value)
    return datetime.fromisoformat(value) if value is not None and name.endswith("_at") else value


def read_told(event: Event) -> dict[str, Any]:
    """Read what an event says."""
    told: dict[str, Any] = json.loads(event.payload or "{}")
    return told


def begun_told(events: Sequence[Event]) -> dict[str, Any]:
    """Read how a case began: as its first event says, else as the erasure of that keeps it; else nothing."""
    if events and events[0].payload is not None:
        return read_told(events[0])
    return begun_in(read_told(one) for one in events if one.kind is EventKind.DATA_ERASED)
