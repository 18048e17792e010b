"""What happened in a case as event logs tell it: each event of the record, and each step nobody had to do.

An activity is a step that somebody completed, where that was not taken back, and a step that no person does,
told by the flows that left it (ADR 44).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.bpmn.trail import Happening
from engine.ids import parse_id
from engine.model.event import EventKind
from engine.model.event_log import COMPLETE, PASSED, TRANSITIONS, UNKNOWN
from engine.queries.event_log import EventRow
from engine.record.event_logs.naming import Names

_Key = tuple[str | None, int | None, int | None]
_MOVES = frozenset({EventKind.CASE_MOVED.value, EventKind.MOVE_UNDONE.value})


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something that happened. ``activity`` names the step, or the kind where it is of none."""

    id: str  # within the case
    seq: int  # of the event that tells it
    kind: str  # EventKind, or PASSED
    at: datetime
    activity: str
    transition: str  # of the lifecycle of XES
    version: UUID  # in force for the case then
    element: str = ""
    round: int | None = None
    iteration: int | None = None
    role: str = ""  # key
    person: UUID | None = None  # nobody: the system
    on_behalf_of: UUID | None = None
    begun: datetime | None = None  # of what ends here: when it was claimed, else opened
    worked: int | None = None  # working minutes on its clock, and those it stood still
    waited: int | None = None
    withdrawn: bool = False  # it was taken back later
    documents: tuple[int, ...] = ()  # that it left, by their numbers in the case
    about: UUID | None = None  # whom it was given to, asked of
    payload: Mapping[str, Any] | None = None  # None once erased

    @property
    def is_activity(self) -> bool:
        """Tell whether a step was finished by it, and stayed so."""
        return self.transition == COMPLETE and not self.withdrawn


def entries_of(rows: Iterable[EventRow], names: Names) -> list[Entry]:
    """Tell a case by its events, in their order."""
    teller = _Teller(names)
    for row in rows:
        teller.tell(row)
    return teller.told


class _Teller:
    def __init__(self, names: Names) -> None:
        self.told: list[Entry] = []
        self._names = names
        self._version: UUID | None = None
        self._begun: dict[_Key, datetime] = {}

    def tell(self, row: EventRow) -> None:
        said = json.loads(row.payload) if row.payload is not None else None
        payload: Mapping[str, Any] = said if isinstance(said, dict) else {}
        self._follow_version(row, payload)
        key = (row.element, row.round, row.iteration)
        if row.kind in {EventKind.TASK_OPENED.value, EventKind.TASK_CLAIMED.value}:
            self._begun[key] = row.at
        self.told += self._passed(row, payload.get("trail") or ())
        self.told.append(self._entry(row, said, ended=row.kind in _ENDS and key in self._begun))
        if row.kind == EventKind.COMPLETION_WITHDRAWN.value:
            self._withdraw(key)

    def _entry(self, row: EventRow, payload: Mapping[str, Any] | None, *, ended: bool) -> Entry:
        version = self._version or row.case_version
        element = row.element or ""
        times = payload if ended and payload else {}
        return Entry(
            id=str(row.seq),
            seq=row.seq,
            kind=row.kind,
            at=row.at,
            activity=self._names.step(version, element) if element else row.kind,
            transition=TRANSITIONS.get(row.kind, UNKNOWN),
            version=version,
            element=element,
            round=row.round,
            iteration=row.iteration,
            role=self._names.role(version, element),
            person=row.actor,
            on_behalf_of=row.on_behalf_of,
            begun=self._begun[row.element, row.round, row.iteration] if ended else None,
            worked=times.get("worked"),
            waited=times.get("waited"),
            documents=_documents(row.kind, payload or {}),
            about=_about(payload or {}),
            payload=payload,
        )

    def _follow_version(self, row: EventRow, payload: Mapping[str, Any]) -> None:
        """Know the version in force: the events say it; where one was erased, the case's own stands in."""
        if row.kind == EventKind.CASE_STARTED.value:
            self._version = self._names.version(payload.get("key", ""), payload.get("version", 0))
        elif row.kind in _MOVES and payload.get("versions"):
            self._version = UUID(hex=payload["versions"][1])

    def _passed(self, row: EventRow, trail: Sequence[Sequence[Any]]) -> Iterator[Entry]:
        version = self._version or row.case_version
        flows = [item[1] for item in trail if item[0] == Happening.FLOW]
        for number, element in enumerate(self._names.passed(version, flows), 1):
            yield Entry(
                id=f"{row.seq}.{number}",
                seq=row.seq,
                kind=PASSED,
                at=row.at,
                activity=self._names.step(version, element),
                transition=TRANSITIONS[PASSED],
                version=version,
                element=element,
                begun=row.at,
            )

    def _withdraw(self, key: _Key) -> None:
        """Mark the completion that was taken back, and the steps that were passed after it."""
        for place in range(len(self.told) - 1, -1, -1):
            one = self.told[place]
            if one.kind == PASSED:
                self.told[place] = replace(one, withdrawn=True)
            elif one.kind == EventKind.TASK_COMPLETED.value and _key(one) == key:
                self.told[place] = replace(one, withdrawn=True)
                return


def _documents(kind: str, payload: Mapping[str, Any]) -> tuple[int, ...]:
    """Read the numbers of documents that a completion or an upload left."""
    left = payload.get("documents")
    if isinstance(left, list):
        return tuple(one[0] for one in left if isinstance(one, list) and isinstance(one[0], int))
    return (payload["no"],) if kind == EventKind.DOCUMENT_ADDED.value and "no" in payload else ()


def _about(payload: Mapping[str, Any]) -> UUID | None:
    named = (payload.get(name) for name in ("to", "of", "assignee"))
    return next((parse_id(text) for text in named if isinstance(text, str)), None)


_ENDS = frozenset(
    {EventKind.TASK_COMPLETED.value, EventKind.TASK_CANCELLED.value, EventKind.TASK_RETURNED.value}
)


def _key(one: Entry) -> _Key:
    return one.element, one.round, one.iteration
