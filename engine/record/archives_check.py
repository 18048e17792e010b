"""Checks every archive file of the database, each by itself and against what the database says of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import say
from engine.model.archive import Archive
from engine.model.checkpoint import PublicKey
from engine.record.archive_check import Checked, check_file
from engine.record.findings import Findings, Wrong
from engine.storage import archive_folder, archive_rows, archiving
from engine.storage.archive_files import NO_FOLDER
from engine.storage.transaction import Connection


class ArchivesCheck:
    """Looks at all of them; what of their texts the record points to was compared with its digests before."""

    def __init__(self, connection: Connection, folder: Path | None, findings: Findings) -> None:
        """Take the snapshot, and where the files are."""
        self._connection = connection
        self._folder = folder
        self._findings = findings
        self.files = self.events = 0

    def run(self, keys: Sequence[PublicKey]) -> ArchivesCheck:
        """Check them in their order."""
        for one in self._listed():
            self.files += 1
            if self._folder is None:
                self._add(Wrong(code="archive", sentence=NO_FOLDER), one)
                continue
            erased = frozenset(
                (case.bytes, seq) for case, seq in archiving.erased_in(self._connection, one.number)
            )
            found = check_file(archive_folder.where(self._folder, one), keys, erased)
            self._take(one, found)
        return self

    def _listed(self) -> list[Archive]:
        try:
            return archive_rows.listed(self._connection)
        except (ValueError, TypeError, AttributeError, OverflowError):  # somebody wrote there
            sentence = say("What the database says of its archive files cannot be read.")
            self._findings.add(Wrong(code="archive", sentence=sentence))
            return []

    def _take(self, one: Archive, found: Checked) -> None:
        self.events += found.events
        for wrong in found.findings.listed:
            self._add(wrong, one)
        told = found.facts.get("id"), found.facts.get("number"), found.cases, found.events
        if found.facts and told != (one.id.hex, str(one.number), one.cases, one.events):
            sentence = say("it is not the archive that the database made")
            self._add(Wrong(code="archive", sentence=sentence), one)

    def _add(self, wrong: Wrong, one: Archive) -> None:
        sentence = say("Archive %(name)s: %(what)s", name=one.name, what=wrong.sentence)
        self._findings.add(Wrong(code=wrong.code, sentence=sentence, subject=wrong.subject))
