"""Checks every stream by itself: numbers, what events say, the chain, where it ends, what it speaks of.

Only streams that have begun and not ended are held in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from engine.errors import Sentence, say
from engine.model.erasure import PAPERS_IN
from engine.model.event import read_fitting
from engine.record.findings import Findings, Wrong, named
from engine.record.row_set import RowSet
from engine.record.rows_check import TELLING
from engine.record.stream import TELLING_OF_FILES, Stream, note
from engine.storage.erased_since import ErasedSince
from engine.storage.record_reading import Line
from engine.storage.record_subjects import Subject


@dataclass(slots=True)
class _Lost:
    why: Sentence
    index: int | None  # of the first
    count: int = 0


class StreamCheck:
    """Follows all streams at once; ``ended`` is given each at its end, ``told`` what tells of rows."""

    def __init__(
        self,
        findings: Findings,
        ended: Callable[[Stream], None],
        told: Callable[[Line, Mapping[str, Any] | None], None],
        since: ErasedSince,
    ) -> None:
        """Begin before the first event."""
        self._told, self._since = told, since
        self._findings = findings
        self._ended = ended
        self._open: dict[bytes, Stream] = {}
        self._subjects: dict[bytes, Subject] = {}
        self._lost_for: dict[str, _Lost] = {}
        self.archived: dict[bytes, int] = {}  # cases of which an event names another archive than their row
        self.fitting: dict[int, RowSet] = {}  # by archive: rows whose text was held against its digest
        self.streams = 0
        self.erased = 0

    def unknown(self, streams: Iterable[bytes]) -> set[bytes]:
        """Name those that have not begun."""
        return {one for one in streams if one not in self._open}

    def know(self, subjects: dict[bytes, Subject]) -> None:
        """Take what the streams that begin next are about."""
        self._subjects = subjects

    def add(self, line: Line) -> None:
        """Take the next event of a stream."""
        stream = self._open.get(line.stream) or self._begin(line)
        if line.seq != stream.seq + 1:
            self._misplaced(stream, line)
        stream.seq = line.seq
        if line.archive is not None:
            stream.elsewhere.add(line.seq)
            if stream.subject and line.archive != stream.subject.archive:
                self.archived[line.stream] = line.archive
        self._text(stream, line)
        link = sha256(stream.link + line.header + line.digest).digest()
        if line.chain:
            if line.chain != link and not stream.lost:
                self._say(stream, line, "chain", _broken(stream.linked + 1, line.seq))
            link, stream.linked, stream.lost = line.chain, line.seq, False
        stream.link, stream.bare = link, not line.chain
        if line.seq == stream.end:
            self._end(stream)

    def _text(self, stream: Stream, line: Line) -> None:
        if line.lost is not None:
            self._lost_for.setdefault(str(line.lost), _Lost(line.lost, line.sealed)).count += 1
            stream.silent |= line.kind in TELLING_OF_FILES
        elif line.payload is None:
            self.erased += 1
            stream.gone.add(line.seq)
            if line.kind in TELLING:
                self._told(line, None)
            if line.salt:
                stream.salted.add(line.seq)
            if line.kind in PAPERS_IN:
                stream.untold.add(line.seq)
            else:
                stream.silent |= line.kind in TELLING_OF_FILES
        elif (said := read_fitting(line.payload, line.salt, line.digest)) is None:
            sentence = say("what it says (%(kind)s) is not what was recorded", kind=line.kind)
            self._say(stream, line, "payload", sentence)
        else:
            self._fits(stream, line, said)

    def _fits(self, stream: Stream, line: Line, said: dict[str, Any]) -> None:
        if line.archive is not None and line.row is not None:
            self.fitting.setdefault(line.archive, RowSet()).add(line.row)
        if line.kind in TELLING_OF_FILES:
            note(stream, line.kind, said)
        if line.kind in TELLING:
            self._told(line, said)

    def finish(self) -> None:
        """Say which streams did not come to their end."""
        for stream in self._open.values():
            code, sentence = "head", _ends_early(stream.seq, stream.end)
            if stream.subject is None:
                code, sentence = "subject", say("its events are there, what they are about is gone")
            elif stream.seq > stream.end:
                sentence = say("events follow number %(end)s, the last that its row knows", end=stream.end)
            self._say(stream, None, code, sentence)
        for lost in self._lost_for.values():
            sentence = say("%(why)s Texts that are not known: %(count)s.", why=lost.why, count=lost.count)
            self._findings.add(Wrong(code="archive", sentence=sentence, index=lost.index))

    @property
    def untold(self) -> frozenset[str]:
        """Give why texts could not be read, as it is among the findings."""
        return frozenset(self._lost_for)

    def _begin(self, line: Line) -> Stream:
        subject = self._subjects.get(line.stream)
        end = subject.seq if subject else -1
        stream = self._open[line.stream] = Stream(id=line.stream, subject=subject, end=end)
        self.streams += 1
        if subject is not None and subject.scope.value != line.scope:
            self._say(
                stream, line, "scope", say("an event is of the kind of stream %(scope)s", scope=line.scope)
            )
        return stream

    def _misplaced(self, stream: Stream, line: Line) -> None:
        if stream.seq == 0 and 0 <= stream.end < line.seq:  # it had come to its end: said when all is read
            stream.lost = True
            return
        if line.seq <= stream.seq:
            sentence = say("event %(seq)s comes after event %(before)s", seq=line.seq, before=stream.seq)
        elif line.seq == stream.seq + 2:
            sentence = say("event %(seq)s is missing", seq=stream.seq + 1)
        else:
            sentence = say(
                "events %(first)s to %(last)s are missing", first=stream.seq + 1, last=line.seq - 1
            )
        stream.lost = True
        self._say(stream, line, "order", sentence)

    def _end(self, stream: Stream) -> None:
        subject = stream.subject
        if subject is not None and stream.link != subject.chain and not stream.lost:
            self._say(stream, None, "head", say("its last link is not the one its row has"))
        elif stream.bare:
            self._say(stream, None, "head", say("its last event keeps no link, as the last of an act does"))
        missing = stream.gone - stream.may_be_gone
        if missing & stream.elsewhere:  # its file may have lost it since the snapshot
            missing -= self._since.of(stream.id).events
        for seq in sorted(missing):
            sentence = say("the text of event %(seq)s is gone, and no erasure of it is on record", seq=seq)
            self._say(stream, None, "erased", sentence)
        for seq in sorted(stream.may_be_gone - stream.gone - stream.elsewhere):
            self._say(
                stream,
                None,
                "erased",
                say("the text of event %(seq)s was erased, and is there again", seq=seq),
            )
        for seq in sorted(stream.salted & stream.may_be_gone):
            self._say(
                stream, None, "erased", say("the text of event %(seq)s is gone, its salt is not", seq=seq)
            )
        del self._open[stream.id]
        self._ended(stream)

    def _say(self, stream: Stream, line: Line | None, code: str, what: Sentence) -> None:
        where = named(stream.subject, stream.id)
        if line is None:
            sentence = say("%(where)s: %(what)s", where=where, what=what)
        else:
            sentence = say("%(where)s, event %(seq)s: %(what)s", where=where, seq=line.seq, what=what)
        self._findings.add(
            Wrong(
                code=code,
                sentence=sentence,
                subject=stream.subject.name if stream.subject else None,
                seq=line.seq if line else None,
                index=line.sealed if line else None,
            )
        )


def _broken(first: int, last: int) -> Sentence:
    if first == last:
        return say("it was changed: its link in the chain does not fit")
    return say(
        "one of the events %(first)s to %(last)s was changed: the chain does not fit", first=first, last=last
    )


def _ends_early(seq: int, end: int) -> Sentence:
    return say("its record ends with event %(found)s; by its row there are %(end)s", found=seq, end=end)
