"""Checks what rows say of cases, people, roles, units, letters and papers of audits against the record.

Pages show rows, and decide by them who sees what: a name, the day a case began, what an auditor found. Each
of these columns was said by an event; the last one that says it counts. Of what none says nothing is asked,
nor of what an erased event said last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
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
_ODDLY = (ValueError, KeyError, TypeError, AttributeError)  # of a text whose digest fits: it was recorded so
_Said = Mapping[str, Any]
_Key = UUID | tuple[UUID, UUID]  # a case of a sample is named by both


@dataclass(frozen=True)
class _Tells:
    """What an event tells of a row: ``subject`` names it in the event, ``read`` gives its columns.

    ``columns`` are those of texts that it tells; empty: all of them.
    """

    subject: str
    read: Callable[[_Said], dict[str, Any]] = dict
    columns: tuple[str, ...] = ()


def _of_new(said: _Said) -> dict[str, Any]:
    return dict(said.get("new") or {})


def _delivered(said: _Said) -> dict[str, Any]:
    return dict(said) | {"state": FindingState.DELIVERED.value}


def _of_finding(state: FindingState, **columns: str) -> _Tells:
    """Say which column has what an event says under another name, and what it made of the finding."""

    def read(said: _Said) -> dict[str, Any]:
        told = {column: said[name] for column, name in columns.items() if name in said}
        return told | {"state": state.value}

    return _Tells("finding", read, tuple(columns))


_TELLS: Mapping[EventKind, _Tells] = {
    EventKind.PERSON_ADDED: _Tells("person", _of_new),
    EventKind.PERSON_CHANGED: _Tells("person", _of_new),
    EventKind.ROLE_ADDED: _Tells("role", _of_new),
    EventKind.UNIT_ADDED: _Tells("unit", _of_new),
    EventKind.ASSIGNMENT_ISSUED: _Tells("assignment", _of_new),
    EventKind.ASSIGNMENT_CHANGED: _Tells("assignment", _of_new),
    EventKind.ASSIGNMENT_ENDED: _Tells("assignment", _of_new),
    EventKind.FINDING_DRAFTED: _Tells("finding", _of_new),
    EventKind.FINDING_CHANGED: _Tells("finding", _of_new),
    EventKind.FINDING_DELIVERED: _Tells("finding", _delivered),
    EventKind.FINDING_ANSWERED: _of_finding(FindingState.ANSWERED, answer="answer"),
    EventKind.FINDING_FOLLOWED_UP: _of_finding(
        FindingState.FOLLOWED_UP, follow_up="status", follow_up_text="text"
    ),
    EventKind.FINDING_CLOSED: _of_finding(FindingState.CLOSED, conclusion="conclusion"),
    EventKind.INQUIRY_ASKED: _Tells("inquiry"),
    EventKind.INQUIRY_ANSWERED: _Tells("inquiry", columns=("answer",)),
    EventKind.SAMPLE_DRAWN: _Tells("sample"),
    EventKind.SAMPLE_CASE_NOTED: _Tells("sample_case"),
    EventKind.SAMPLE_CONCLUSION_DRAFTED: _Tells("sample", columns=("conclusion",)),
    EventKind.SAMPLE_CONCLUDED: _Tells("sample", columns=("conclusion",)),
    EventKind.SAMPLE_REVIEWED: _Tells("sample", columns=("review",)),
}
TELLING = frozenset({kind.value for kind in (EventKind.CASE_STARTED, EventKind.DATA_ERASED, *_TELLS)})


class RowsCheck:
    """Takes what events say, in their order within each stream, and compares it with the rows."""

    def __init__(self, connection: Connection, findings: Findings) -> None:
        """Take the snapshot to look into."""
        self._connection = connection
        self._findings = findings
        self._cases: dict[UUID, dict[str, Any]] = {}
        self._place = 0  # of an event among those that are taken
        # By subject and key of the row: column -> place and what was said of it there last.
        self._told: dict[str, dict[_Key, dict[str, tuple[int, Any]]]] = {}
        self._silent: dict[tuple[bytes, int], tuple[int, EventKind]] = {}  # erased: place and kind
        self._silently_begun: dict[bytes, str] = {}  # cases whose beginning is erased: when it was
        self._touched: set[tuple[str, _Key]] = set()  # rows of which an erasure may have taken a text

    def note(self, line: Line, said: _Said | None) -> None:
        """Take an event of a kind that tells of rows, and what it says: None where that was erased."""
        kind = EventKind(line.kind)
        self._place += 1
        if said is None and kind is EventKind.CASE_STARTED:
            self._silently_begun[line.stream] = line.at
        elif said is None:
            self._silent[line.stream, line.seq] = self._place, kind
        elif kind is EventKind.CASE_STARTED:
            self._began(line.stream, line.at, said)
        elif kind is EventKind.DATA_ERASED:
            self._erased(line, said)
        else:
            self._tell(_TELLS[kind], said, self._place)

    def settle(self) -> None:
        """Compare all that is left."""
        self._compare_cases()
        for subject, told in self._told.items():
            left = dict(told)
            try:
                for key, name, row in record_rows.rows(self._connection, subject, list(told)):
                    said = {column: value for column, (_, value) in left.pop(key).items()}
                    self._compare(f"{subject} {name}", row, said, touched=(subject, key) in self._touched)
            except Exception:  # noqa: BLE001 - whatever stands there, it is none of our rows
                self._add(subject, _ODD)
                continue
            for key in left:
                named = "/".join(one.hex for one in (key if isinstance(key, tuple) else (key,)))
                self._add(f"{subject} {named}", say("it is on record and gone"))

    def _tell(self, tells: _Tells, said: _Said, place: int) -> None:
        try:
            key, new = _key(tells.subject, said), tells.read(said)
        except _ODDLY:
            return
        told = self._told.setdefault(tells.subject, {}).setdefault(key, {})
        told |= {name: (place, value) for name, value in new.items() if told.get(name, (0,))[0] < place}

    def _erased(self, line: Line, said: _Said) -> None:
        """Take what an erasure keeps of events of an office: what each was about."""
        events = said.get("events")
        if line.stream in self._silently_begun and isinstance(events, list) and 1 in events:
            self._began(line.stream, self._silently_begun.pop(line.stream), said.get("begun"))
        about = said.get("about")
        for seq, kept in about.items() if isinstance(about, Mapping) else ():
            self._touched.update(_rows_of(kept))
            with suppress(*_ODDLY):
                place, kind = self._silent.pop((line.stream, int(seq)))
                self._forget(_TELLS[kind], kept, place)
                self._tell(_TELLS[kind], kept, place)

    def _forget(self, tells: _Tells, kept: _Said, place: int) -> None:
        """Let go of what was said before an erased event of what it may have said anew."""
        told = self._told.get(tells.subject, {}).get(_key(tells.subject, kept), {})
        for name, (before, _) in list(told.items()):
            if before < place and (not tells.columns or name in tells.columns):
                del told[name]

    def _began(self, stream: bytes, at: str, said: object) -> None:
        told: dict[str, Any] = {"started_at": at, "is_ours": True}
        if isinstance(said, Mapping):
            told |= {name: said[name] for name in ("number", "year", "title", "key") if name in said}
            if (
                "trial" in said or said.get("state") != VersionState.TRIAL
            ):  # earlier releases did not say which
                told["trial"] = said.get("trial", False)
        self._cases[UUID(bytes=stream)] = told
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

    def _compare(self, name: str, row: _Said, said: _Said, *, touched: bool = False) -> None:
        gone = {ERASED} if touched else set()
        wrong = [name for name in said if name in row and row[name] != said[name] and row[name] not in gone]
        if wrong:
            columns = ", ".join(sorted(wrong))
            self._add(name, say("its row says otherwise than the record (%(columns)s)", columns=columns))

    def _add(self, name: str, what: Sentence) -> None:
        sentence = say("%(what)s: %(said)s", what=name, said=what)
        self._findings.add(Wrong(code="row", sentence=sentence, subject=name))


def _key(subject: str, said: _Said) -> _Key:
    if subject == "sample_case":
        return UUID(hex=said["sample"]), UUID(hex=said["case"])
    return UUID(hex=said[subject])


def _rows_of(kept: _Said) -> Iterator[tuple[str, _Key]]:
    """Give the rows that repeat texts of an event of which this is kept."""
    for subject in ("finding", "inquiry", "sample", "sample_case"):
        with suppress(*_ODDLY):
            yield subject, _key(subject, kept)
