"""Checks what rows say of cases, people, roles, units, letters and papers of audits against the record.

Pages show rows, and decide by them who sees what: a name, the day a case began, what an auditor found. Each
of these columns was said by an event; the last one that says it counts. Of what none says nothing is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from engine.errors import Sentence, say
from engine.model.erasure import ERASED
from engine.model.event import EventKind
from engine.model.finding import FindingState
from engine.model.instance import VersionState
from engine.record.findings import Findings, Wrong
from engine.storage import record_rows
from engine.storage.record_reading import Line
from engine.storage.transaction import Connection

_MANY = 500  # cases whose rows are read at once
_ODD = say("a row cannot be read: none looks like that")
_Said = Mapping[str, Any]


def _of_new(said: _Said) -> dict[str, Any]:
    return dict(said.get("new") or {})


def _of_finding(state: FindingState, **columns: str) -> Callable[[_Said], dict[str, Any]]:
    """Say which column has what an event says under another name, and what it made of the finding."""
    made = {"state": state.value}
    return lambda said: {column: said[name] for column, name in columns.items() if name in said} | made


def _whole(said: _Said) -> dict[str, Any]:
    return dict(said) | {"state": FindingState.DELIVERED.value}


# By kind: the subject, which the event names by that name, and what it says of the columns of its row.
_TELLS: Mapping[EventKind, tuple[str, Callable[[_Said], dict[str, Any]]]] = {
    EventKind.PERSON_ADDED: ("person", _of_new),
    EventKind.PERSON_CHANGED: ("person", _of_new),
    EventKind.ROLE_ADDED: ("role", _of_new),
    EventKind.UNIT_ADDED: ("unit", _of_new),
    EventKind.ASSIGNMENT_ISSUED: ("assignment", _of_new),
    EventKind.ASSIGNMENT_CHANGED: ("assignment", _of_new),
    EventKind.ASSIGNMENT_ENDED: ("assignment", _of_new),
    EventKind.FINDING_DRAFTED: ("finding", _of_new),
    EventKind.FINDING_CHANGED: ("finding", _of_new),
    EventKind.FINDING_DELIVERED: ("finding", _whole),
    EventKind.FINDING_ANSWERED: ("finding", _of_finding(FindingState.ANSWERED, answer="answer")),
    EventKind.FINDING_FOLLOWED_UP: (
        "finding",
        _of_finding(FindingState.FOLLOWED_UP, follow_up="status", follow_up_text="text"),
    ),
    EventKind.FINDING_CLOSED: (
        "finding",
        _of_finding(FindingState.CLOSED, conclusion="conclusion"),
    ),
    EventKind.INQUIRY_ASKED: ("inquiry", dict),
    EventKind.INQUIRY_ANSWERED: ("inquiry", dict),
    EventKind.SAMPLE_DRAWN: ("sample", dict),
    EventKind.SAMPLE_CONCLUSION_DRAFTED: ("sample", dict),
    EventKind.SAMPLE_CONCLUDED: ("sample", dict),
    EventKind.SAMPLE_REVIEWED: ("sample", dict),
}
TELLING = frozenset({EventKind.CASE_STARTED.value, *(kind.value for kind in _TELLS)})


class RowsCheck:
    """Takes what events say, in their order within each stream, and compares it with the rows."""

    def __init__(self, connection: Connection, findings: Findings) -> None:
        """Take the snapshot to look into."""
        self._connection = connection
        self._findings = findings
        self._cases: dict[UUID, dict[str, Any]] = {}
        self._told: dict[str, dict[UUID, dict[str, Any]]] = {}

    def note(self, line: Line, said: _Said) -> None:
        """Take an event of a kind that tells of rows, and what it says."""
        if line.kind == EventKind.CASE_STARTED:
            self._began(line, said)
            return
        subject, told_by = _TELLS[EventKind(line.kind)]
        try:
            told = self._told.setdefault(subject, {}).setdefault(UUID(hex=said[subject]), {})
            told.update(told_by(said))
        except (ValueError, KeyError, TypeError, AttributeError):  # its digest fits: it was recorded so
            return

    def settle(self) -> None:
        """Compare all that is left."""
        self._compare_cases()
        for subject, told in self._told.items():
            left = dict(told)
            try:
                for id_, name, row in record_rows.rows(self._connection, subject, list(told)):
                    self._compare(f"{subject} {name}", row, left.pop(id_))
            except Exception:  # noqa: BLE001 - whatever stands there, it is none of our rows
                self._add(subject, _ODD)
                continue
            for id_ in left:
                self._add(f"{subject} {id_.hex}", say("it is on record and gone"))

    def _began(self, line: Line, said: _Said) -> None:
        told = {name: said[name] for name in ("number", "year", "title", "key") if name in said}
        told |= {"started_at": line.at, "is_ours": True}
        if "trial" in said or said.get("state") != VersionState.TRIAL:  # earlier releases did not say which
            told["trial"] = said.get("trial", False)
        self._cases[UUID(bytes=line.stream)] = told
        if len(self._cases) >= _MANY:
            self._compare_cases()

    def _compare_cases(self) -> None:
        """Compare how cases began; one that is gone is found by its events."""
        try:
            for id_, row in record_rows.cases(self._connection, list(self._cases)):
                said = self._cases[id_]
                self._compare(f"Case {said.get('number', '?')}", row, said)
        except Exception:  # noqa: BLE001 - whatever stands there, it is none of our rows
            self._add("Case ?", _ODD)
        self._cases = {}

    def _compare(self, name: str, row: _Said, said: _Said) -> None:
        wrong = [name for name in said if name in row and row[name] not in (said[name], ERASED)]
        if wrong:
            columns = ", ".join(sorted(wrong))
            self._add(name, say("its row says otherwise than the record (%(columns)s)", columns=columns))

    def _add(self, name: str, what: Sentence) -> None:
        sentence = say("%(what)s: %(said)s", what=name, said=what)
        self._findings.add(Wrong(code="row", sentence=sentence, subject=name))
