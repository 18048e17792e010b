"""Checks what rows say of cases, people, roles, units, letters and papers of audits against the record.

Pages show rows, and decide by them who sees what: a name, the day a case began, what an auditor found. Each
of these columns was said by an event; the last one that says it counts. Of what none says nothing is asked,
nor of what an erased event said last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from engine.errors import Sentence, say
from engine.model.erasure import ERASED
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.record.findings import Findings, Wrong
from engine.record.rows_told import ANY, TELLS, WHOLE, Said, Tells
from engine.storage import record_rows
from engine.storage.record_reading import Line
from engine.storage.transaction import Connection

_DAY = len("2026-11-23")
_MANY = 500  # cases whose rows are read at once
_ODD = say("a row cannot be read: none looks like that")
_ODDLY = (ValueError, KeyError, TypeError, AttributeError)  # of a text whose digest fits: it was recorded so
_Key = UUID | tuple[UUID, UUID]  # a case of a sample is named by both
TELLING = frozenset({kind.value for kind in (EventKind.CASE_STARTED, EventKind.DATA_ERASED, *TELLS)})


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
        # Erased events by stream and number: place, kind, who.
        self._silent: dict[tuple[bytes, int], tuple[int, EventKind, str | None]] = {}
        self._silently_begun: dict[bytes, str] = {}  # cases whose beginning is erased: when it was
        self._left: dict[
            UUID, dict[str, str]
        ] = {}  # by letter: who left its team, and their last day at most
        self._touched: set[tuple[str, _Key]] = set()  # rows of which an erasure may have taken a text

    def note(self, line: Line, said: Said | None) -> None:
        """Take an event of a kind that tells of rows, and what it says: None where that was erased."""
        kind = EventKind(line.kind)
        self._place += 1
        if said is None and kind is EventKind.CASE_STARTED:
            self._silently_begun[line.stream] = line.at
        elif said is None:
            self._silent[line.stream, line.seq] = self._place, kind, _actor(line)
        elif kind is EventKind.CASE_STARTED:
            self._began(line.stream, line.at, said)
        elif kind is EventKind.DATA_ERASED:
            self._erased(line, said)
        else:
            self._tell(TELLS[kind], said, self._place, _actor(line))
            if TELLS[kind].subject == "assignment":
                with suppress(*_ODDLY):
                    self._leave(UUID(hex=said["assignment"]), kind, said, line.at[:_DAY])

    def settle(self) -> None:
        """Compare all that is left."""
        self._compare_cases()
        for subject, told in self._told.items():
            left = dict(told)
            try:
                for key, name, row in record_rows.rows(self._connection, subject, list(told)):
                    said = {column: value for column, (_, value) in left.pop(key).items()}
                    self._compare(f"{subject} {name}", row, said, touched=(subject, key) in self._touched)
                    if self._stays_too_long(key, row):
                        self._add(
                            f"{subject} {name}", say("somebody is of its team for longer than recorded")
                        )
            except Exception:  # noqa: BLE001 - whatever stands there, it is none of our rows
                self._add(subject, _ODD)
                continue
            for key in left:
                named = "/".join(one.hex for one in (key if isinstance(key, tuple) else (key,)))
                self._add(f"{subject} {named}", say("it is on record and gone"))
        self._find_others()

    def _find_others(self) -> None:
        for subject in WHOLE:
            told = self._told.get(subject, {})
            try:
                others = [one for one in record_rows.ids(self._connection, subject) if one[0] not in told]
            except Exception:  # noqa: BLE001 - whatever stands there, it is none of our rows
                self._add(subject, _ODD)
                continue
            for _id, name in others:
                self._add(f"{subject} {name}", say("it is there, and no event tells of it"))

    def _leave(self, letter: UUID, kind: EventKind, said: Said, day: str) -> None:
        """Note until when at most those can be of a team who leave it: the day of the event, in UTC."""
        left = self._left.setdefault(letter, {})
        if kind is EventKind.ASSIGNMENT_ENDED:
            left |= dict.fromkeys(self._told["assignment"][letter]["members"][1], day)
        elif kind is EventKind.ASSIGNMENT_CHANGED:
            staying = {one["person"] for one in said["new"]["team"]}
            left |= {one["person"]: day for one in said["old"]["team"] if one["person"] not in staying}
            for person in staying:
                left.pop(person, None)

    def _stays_too_long(self, letter: _Key, row: Said) -> bool:
        left = self._left.get(letter, {}) if isinstance(letter, UUID) else {}
        last = row.get("valid_until", "")
        return any(until > min(last, left.get(one, last)) for one, until in row.get("untils", {}).items())

    def _tell(self, tells: Tells, said: Said, place: int, actor: str | None) -> None:
        try:
            key = _key(tells, said)
            told = self._told.setdefault(tells.subject, {}).setdefault(key, {})
            acted = {tells.by: actor} if tells.by and said.get("accepted", True) else {}
            new = tells.read(said) | acted
        except _ODDLY:
            return
        if "members" in new and "members" in told:
            new["members"] |= told["members"][1]  # whoever was of the team
        told |= {name: (place, value) for name, value in new.items() if told.get(name, (0,))[0] < place}

    def _erased(self, line: Line, said: Said) -> None:
        """Take what an erasure keeps of events of an office: what each was about."""
        events = said.get("events")
        if line.stream in self._silently_begun and isinstance(events, list) and 1 in events:
            self._began(line.stream, self._silently_begun.pop(line.stream), said.get("begun"))
        about = said.get("about")
        for seq, kept in about.items() if isinstance(about, Mapping) else ():
            self._touched.update(_rows_of(kept))
            with suppress(*_ODDLY):
                place, kind, actor = self._silent.pop((line.stream, int(seq)))
                self._forget(TELLS[kind], kept, place)
                self._tell(TELLS[kind], kept, place, actor)

    def _forget(self, tells: Tells, kept: Said, place: int) -> None:
        """Let go of what was said before an erased event of what it may have said anew."""
        told = self._told.get(tells.subject, {}).get(_key(tells, kept), {})
        for name, (before, _) in list(told.items()):
            if before < place and (not tells.columns or name in tells.columns):
                del told[name]

    def _began(self, stream: bytes, at: str, said: object) -> None:
        told: dict[str, Any] = {"started_at": at, "is_ours": True}
        if isinstance(said, Mapping):
            told |= {name: said[name] for name in ("number", "year", "title", "key") if name in said}
            # Earlier releases did not say which.
            if "trial" in said or said.get("state") != VersionState.TRIAL:
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

    def _compare(self, name: str, row: Said, said: Said, *, touched: bool = False) -> None:
        wrong = [one for one in said if one in row and not _fits(one, row[one], said[one], touched=touched)]
        if wrong:
            columns = ", ".join(sorted(wrong))
            self._add(name, say("its row says otherwise than the record (%(columns)s)", columns=columns))

    def _add(self, name: str, what: Sentence) -> None:
        sentence = say("%(what)s: %(said)s", what=name, said=what)
        self._findings.add(Wrong(code="row", sentence=sentence, subject=name))


def _fits(column: str, found: Any, said: Any, *, touched: bool) -> bool:  # noqa: ANN401 - of any column
    if said is ANY or found == said or (touched and found == ERASED):
        return True
    if touched and column == "figures":
        return all(one in said for one in found)  # an erasure took the others
    return isinstance(said, frozenset) and found <= said


def _actor(line: Line) -> str | None:
    return line.header.split(b"\n", 6)[5].decode() or None


def _key(tells: Tells, said: Said) -> _Key:
    if tells.subject == "sample_case":
        return UUID(hex=said["sample"]), UUID(hex=said["case"])
    return UUID(hex=said[tells.named or tells.subject])


def _rows_of(kept: Said) -> Iterator[tuple[str, _Key]]:
    """Give the rows that repeat texts of an event of which this is kept."""
    for subject in ("finding", "inquiry", "sample", "sample_case"):
        with suppress(*_ODDLY):
            yield subject, _key(Tells(subject), kept)
