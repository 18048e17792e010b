"""Checks an archive file by itself, with SHA-256 and the signature alone: whatever it says.

What was erased since it was made is empty there, and its digests still fit; whether an erasure is on record
only the database can tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from engine.errors import ArchiveUnreadable, Sentence, say
from engine.model.archive import CONTEXT, FORMAT, NO_TITLE, End, vouched
from engine.model.checkpoint import PublicKey, read_note, read_public_key
from engine.model.erasure import NEVER_ERASED
from engine.model.event import GENESIS, text_fits
from engine.record.findings import Findings, Wrong
from engine.record.row_set import RowSet
from engine.record.signing import is_signed, signed_text
from engine.storage import archive_reading
from engine.storage.archive_opening import OWN_MODE
from engine.storage.archive_reading import ArchivedCase, ArchivedEvent, ArchiveReader
from engine.storage.archive_writing import CaseFacts, declared, written

Progress = Callable[[int, int], None]  # events done, of how many
Erased = frozenset[tuple[bytes, int]]  # events as case and number
Asking = Callable[[Sequence[UUID]], Erased]  # which events of some cases were erased


@dataclass(kw_only=True)
class Checked:
    """What was read, and what is wrong."""

    facts: Mapping[str, str] = field(default_factory=dict)
    key: PublicKey | None = None  # that signed it
    cases: int = 0
    events: int = 0
    erased: int = 0  # texts
    ids: frozenset[bytes] = frozenset()  # of the cases
    gone: list[tuple[bytes, int]] = field(
        default_factory=list
    )  # events without their text, that were not erased
    findings: Findings = field(default_factory=Findings)


def end_of(case: CaseFacts) -> End:
    """Say of a case where it ended, as it is signed."""
    times = written(case.started_at), written(case.ended_at)
    return End(
        case=case.id.hex,
        events=case.events,
        chain=case.chain.hex(),
        facts=(case.number, case.sop, *times, NO_TITLE),
    )


def check_file(
    path: Path,
    keys: Sequence[PublicKey] | None = None,
    erased: Asking | None = None,
    progress: Progress | None = None,
    *,
    fitting: RowSet | None = None,
) -> Checked:
    """Check a file; without keys whatever key it names is taken. What ``erased`` says has no text there.

    ``fitting`` are rows whose text, salt and digest were read from it just now and fit.
    """
    found = Checked()
    try:
        with archive_reading.reading(path) as reader:
            check = _Check(reader, found, erased or (lambda _cases: frozenset()), fitting or RowSet())
            check.run(keys, progress or (lambda *_: None))
    except ArchiveUnreadable as error:
        found.findings.add(Wrong(code="archive", sentence=error.sentence))
    except (TypeError, ValueError, AttributeError):  # a column holds what no archive has there
        _add(found, say("%(name)s is no archive file of this format.", name=path.name))
    return found


@dataclass
class _Case:
    said: ArchivedCase
    seq: int = 0
    link: bytes = GENESIS


class _Check:
    def __init__(self, reader: ArchiveReader, found: Checked, erased: Asking, fitting: RowSet) -> None:
        self._reader, self._found, self._fitting = reader, found, fitting
        self._cases = {one.id: _Case(one) for one in reader.cases()}
        found.facts, found.cases, found.ids = reader.facts(), len(self._cases), frozenset(self._cases)
        self._erased = erased([UUID(bytes=one) for one in self._cases])

    def run(self, keys: Sequence[PublicKey] | None, progress: Progress) -> None:
        """Check signature, events, and where each case ends."""
        if self._found.facts.get("format") != FORMAT:
            _add(self._found, say("It is of another format than %(format)s.", format=FORMAT))
            return
        self._signature(keys)
        self._tables()
        if (damage := self._reader.damage()) is not None:
            _add(self._found, say("It is damaged: %(detail)s.", detail=damage))
        total = int(self._found.facts.get("events", "0"))
        for events in self._reader.events():
            for one in events:
                self._found.events += 1
                self._event(one)
            progress(self._found.events, total)
        for case in self._cases.values():
            if case.seq != case.said.events or case.link != case.said.chain:
                self._of(case, say("its record does not end as it was signed (%(seq)s events)", seq=case.seq))
        if self._found.events != total:
            sentence = say(
                "It holds %(found)s events; %(total)s were archived.", found=self._found.events, total=total
            )
            _add(self._found, sentence)

    def _signature(self, keys: Sequence[PublicKey] | None) -> None:
        facts = self._found.facts
        with suppress(ValueError):
            named = read_public_key(facts.get("key", ""))
            self._found.key = named if keys is None or named in keys else None
        trusted = [self._found.key] if self._found.key else []
        signed = signed_text(facts.get("signature", ""), CONTEXT, trusted)
        if signed is None:
            _add(self._found, say("It was not signed by the key of this record."))
        elif signed != vouched(facts, (_end(case.said) for case in self._cases.values())):
            _add(self._found, say("What it says of itself or of its cases is not what was signed."))
        elif self._found.key and self._found.key.name != facts.get("record"):
            _add(self._found, say("It is of another record."))
        try:
            is_ours = is_signed(read_note(facts.get("checkpoint", "")), trusted)
        except ValueError:
            is_ours = False
        if trusted and not is_ours:
            _add(self._found, say("Its checkpoint was not signed by the key of this record."))

    def _tables(self) -> None:
        """Look for what keeps copies, or changes what is erased: only the tables of an archive are there."""
        mode = self._reader.journal_mode()
        if mode != OWN_MODE:
            sentence = say(
                "Its journal mode is %(mode)s instead of %(expected)s: what is erased could stay in it. "
                "PRAGMA journal_mode=%(expected)s puts that right, and so does the next erasure.",
                mode=mode,
                expected=OWN_MODE,
            )
            _add(self._found, sentence)
        names = {row[1] for row in declared() ^ set(self._reader.schema())}
        if names:
            sentence = say(
                "It is not made of the tables of an archive: %(names)s.", names=", ".join(sorted(names))
            )
            _add(self._found, sentence)

    def _event(self, one: ArchivedEvent | int) -> None:
        if isinstance(one, int):
            _add(self._found, say("Row %(row)s cannot be read: no event looks like that.", row=one))
            return
        case = self._cases.get(one.case)
        if case is None:
            _add(self._found, say("Row %(row)s is of a case that the archive does not have.", row=one.no))
            return
        if one.seq != case.seq + 1 or one.no != self._found.events:
            self._of(case, say("event %(seq)s is not in its place", seq=one.seq))
        case.seq = one.seq
        self._text(case, one)
        case.link = sha256(case.link + one.header + one.digest).digest()
        if one.chain and one.chain != case.link:
            self._of(case, say("event %(seq)s: its link in the chain does not fit", seq=one.seq))
            case.link = one.chain

    def _text(self, case: _Case, one: ArchivedEvent) -> None:
        if one.payload is None:
            self._found.erased += 1
            self._without(case, one)
            return
        if one.no not in self._fitting and not text_fits(one.payload, one.salt, one.digest):
            self._of(case, say("event %(seq)s: what it says is not what was recorded", seq=one.seq))
        elif one.seq == 1 and not _names(case.said, one.payload):
            self._of(case, say("it began under another number"))
        if (one.case, one.seq) in self._erased:
            self._of(case, say("the text of event %(seq)s was erased, and is there again", seq=one.seq))

    def _without(self, case: _Case, one: ArchivedEvent) -> None:
        if one.salt:
            self._of(
                case, say("the text of event %(seq)s is gone, and its salt still stands there", seq=one.seq)
            )
        if one.kind in NEVER_ERASED:
            self._of(case, say("the text of event %(seq)s is gone, which is never erased", seq=one.seq))
        elif (one.case, one.seq) not in self._erased:
            self._found.gone.append((one.case, one.seq))

    def _of(self, case: _Case, what: Sentence) -> None:
        sentence = say("Case %(number)s: %(what)s", number=case.said.number, what=what)
        _add(self._found, sentence, case.said.number)


def _end(case: ArchivedCase) -> End:
    facts = (case.number, case.sop, case.started_at, case.ended_at, case.title)
    return End(case=case.id.hex(), events=case.events, chain=case.chain.hex(), facts=facts)


def _names(case: ArchivedCase, begun: bytes) -> bool:
    said = json.loads(begun)
    return bool(said.get("number") == case.number)


def _add(found: Checked, sentence: Sentence, number: str | None = None) -> None:
    found.findings.add(Wrong(code="archive", sentence=sentence, subject=number))
