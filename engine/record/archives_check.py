"""Checks every archive file of the database, each by itself and against what the database says of it.

Which cases a file has, the file says: a column of the database proves nothing, and is held against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from engine.errors import ArchiveUnreadable, Sentence, say
from engine.model.archive import Archive
from engine.model.checkpoint import PublicKey
from engine.record.archive_check import Checked, Erased, check_file
from engine.record.findings import Findings, Wrong
from engine.record.stream_check import StreamCheck
from engine.storage import archive_folder, archive_rows, archiving
from engine.storage.archive_troubles import NO_FOLDER
from engine.storage.archive_writing import written
from engine.storage.erased_since import ErasedSince
from engine.storage.transaction import Connection


class ArchivesCheck:
    """Looks at all of them; what of their texts the record points to was compared with its digests before."""

    def __init__(
        self,
        connection: Connection,
        folder: Path | None,
        streams: StreamCheck,
        findings: Findings,
        since: ErasedSince,
    ) -> None:
        """Take the snapshot, where the files are, and what was found in the record."""
        self._since = since
        self._connection = connection
        self._folder = folder
        self._streams = streams
        self._findings = findings
        self._misplaced: set[bytes] = set()  # cases of which it was said
        self.files = self.events = 0

    def run(self, keys: Sequence[PublicKey]) -> ArchivesCheck:
        """Check them in their order."""
        for number in archive_rows.numbers(self._connection):
            try:
                one = archive_rows.of_number(self._connection, number)
            except ArchiveUnreadable as error:
                self._say(error.sentence)
                continue
            if one is not None and one.abandoned_at is not None:
                self._given_up(one)
            elif one is not None:
                self.files += 1
                self._file(one, keys)
        another = say("its events name another archive than its row")
        self._cases(set(self._streams.archived) - self._misplaced, another)
        return self

    def _file(self, one: Archive, keys: Sequence[PublicKey]) -> None:
        if self._folder is None:
            self._add(Wrong(code="archive", sentence=NO_FOLDER), one)
            return
        found = check_file(
            archive_folder.where(self._folder, one),
            keys,
            self._erased,
            fitting=self._streams.fitting.get(one.number),
        )
        self.events += found.events
        for wrong in found.findings.listed:
            self._add(wrong, one)
        if not found.facts:
            return
        told = found.facts.get("id"), found.facts.get("number"), found.cases, found.events
        dates = found.facts.get("until"), found.facts.get("made_at")
        if told != (one.id.hex, str(one.number), one.cases, one.events) or dates != _dates(one):
            self._add(
                Wrong(code="archive", sentence=say("it is not the archive that the database made")), one
            )
        self._held(one, found)

    def _held(self, one: Archive, found: Checked) -> None:
        """Compare which cases the file has with which rows name it, and what it has lost with the record."""
        rows = archiving.cases_in(self._connection, one.number)
        named = say("its row names %(name)s, which does not have it", name=one.name)
        self._cases(rows - found.ids, named)
        if one.settled_at is not None:
            self._cases(found.ids - rows, say("%(name)s has it, and its row does not say so", name=one.name))
        for case, seq in archiving.standing(self._connection, found.gone):
            if seq in self._since.of(case).events:
                continue
            sentence = say("the text of event %(seq)s is gone from %(name)s", seq=seq, name=one.name)
            self._cases({case}, sentence)

    def _given_up(self, one: Archive) -> None:
        """Look whether an archive that was given up is there again, or was never to be given up."""
        if self._folder is not None and archive_folder.where(self._folder, one).is_file():
            sentence = say("it was given up, and its file is there again: the next alur archive removes it")
            self._add(Wrong(code="archive", sentence=sentence), one)
        rows = archiving.cases_in(self._connection, one.number)
        self._cases(rows, say("its row names %(name)s, which was given up", name=one.name))

    def _erased(self, cases: Sequence[UUID]) -> Erased:
        return frozenset((case.bytes, seq) for case, seq in archiving.erased_of(self._connection, cases))

    def _cases(self, cases: Iterable[bytes], what: Sentence) -> None:
        self._misplaced |= set(cases)
        for number in archiving.numbers_of(self._connection, cases):
            self._say(say("Case %(number)s: %(what)s", number=number, what=what), number)

    def _add(self, wrong: Wrong, one: Archive) -> None:
        if str(wrong.sentence) in self._streams.untold:  # said with how many texts are not known
            return
        self._say(say("Archive %(name)s: %(what)s", name=one.name, what=wrong.sentence), wrong.subject)

    def _say(self, sentence: Sentence, subject: str | None = None) -> None:
        if str(sentence) not in self._streams.untold:
            self._findings.add(Wrong(code="archive", sentence=sentence, subject=subject))


def _dates(one: Archive) -> tuple[str, str]:
    return one.until.isoformat(), written(one.made_at)
