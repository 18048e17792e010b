"""Checks what the record speaks of against the tables: documents with their bytes, versions of SOPs."""

from __future__ import annotations

from hashlib import sha256

from engine.errors import Sentence, StorageFailed, say
from engine.model.event import Scope
from engine.record.findings import Findings, Wrong
from engine.record.stream import Stream
from engine.storage import record_subjects
from engine.storage.blobs import Blobs
from engine.storage.erased_since import ErasedSince
from engine.storage.record_subjects import Paper
from engine.storage.transaction import Connection

_MANY = 200  # cases whose documents are read at once


class SubjectCheck:
    """Takes each stream that came to its end; ``blobs`` where the bytes are to be read too."""

    def __init__(
        self, connection: Connection, blobs: Blobs | None, findings: Findings, since: ErasedSince
    ) -> None:
        """Take the snapshot to look into."""
        self._since = since
        self._connection = connection
        self._blobs = blobs
        self._findings = findings
        self._cases: list[Stream] = []
        self.documents = self.bytes = self.versions = 0

    def ended(self, stream: Stream) -> None:
        """Take one."""
        if stream.subject is None:
            return
        if stream.subject.scope is Scope.INSTANCE:
            self._cases.append(stream)
        elif stream.subject.scope is Scope.LIBRARY:
            self._versions_of(stream)

    def settle(self, *, all_of_them: bool = False) -> None:
        """Look at what was taken, once that is worth a statement."""
        while len(self._cases) >= _MANY or (all_of_them and self._cases):
            some, self._cases = self._cases[:_MANY], self._cases[_MANY:]
            found = record_subjects.papers(self._connection, [one.id for one in some])
            for stream in some:
                self._papers_of(stream, found[stream.id])

    def _papers_of(self, stream: Stream, papers: list[Paper]) -> None:
        erased = {one.digest for one in papers if one.no in stream.papers_gone}  # bytes are shared
        for paper in papers:
            self.documents += 1
            if (problem := self._problem_of(stream, paper, erased)) is not None:
                self._add(stream, paper, problem)
        for no, (name, _) in stream.papers.items():
            gone = Paper(no=no, name=name or "?", digest=None, object=None, size=0)
            self._add(stream, gone, say("it is on record and gone"))

    def _problem_of(self, stream: Stream, paper: Paper, erased: set[bytes | None]) -> Sentence | None:
        said = stream.papers.pop(paper.no, None)
        if said is None:
            is_known = not stream.silent and not stream.untold
            return say("it is not on record") if is_known else None
        if said != (said[0] and paper.name, paper.digest.hex() if paper.digest is not None else None):
            return say("it is not the one that is on record")
        if paper.no in stream.papers_gone and paper.object is not None:
            return say("it was erased, and is there again")
        if paper.digest is None or (problem := self._bytes_of(paper, erased)) is None:
            return None
        # Erased since the snapshot, in which its bytes are still expected, it is no finding.
        return None if paper.no in self._since.of(stream.id).documents else problem

    def _bytes_of(self, paper: Paper, erased: set[bytes | None]) -> Sentence | None:
        if paper.object is None:
            return None if paper.digest in erased else say("it is gone, and no erasure of it is on record")
        return self._read(self._blobs, paper) if self._blobs else None

    def _read(self, blobs: Blobs, paper: Paper) -> Sentence | None:
        digest = sha256()
        try:
            for chunk in blobs.open(paper.object or ""):
                digest.update(chunk)
                self.bytes += len(chunk)
        except StorageFailed as error:
            return error.sentence
        return None if digest.digest() == paper.digest else say("its bytes are not those on record")

    def _add(self, stream: Stream, paper: Paper, what: Sentence) -> None:
        number = stream.subject.name if stream.subject else None
        sentence = say(
            "Case %(number)s, document %(no)s (%(name)s): %(what)s",
            number=number,
            no=paper.no,
            name=paper.name,
            what=what,
        )
        self._findings.add(Wrong(code="document", sentence=sentence, subject=number))

    def _versions_of(self, stream: Stream) -> None:
        for version in record_subjects.deployed(self._connection, stream.id):
            self.versions += 1
            said = stream.versions.pop(version.number, set())
            if version.digest.hex() not in said:
                if not stream.silent:
                    self._of_version(stream, version.number, say("it is not the one that is on record"))
            elif version.found != version.digest:
                self._of_version(stream, version.number, say("its files are not those on record"))
            elif version.number in stream.runs and version.runs not in stream.runs[version.number]:
                self._of_version(
                    stream, version.number, say("what is run of it is not what was read from its files")
                )
        for number in stream.versions:
            self._of_version(stream, number, say("it is on record and gone"))

    def _of_version(self, stream: Stream, number: int, what: Sentence) -> None:
        key = stream.subject.name if stream.subject else None
        sentence = say("SOP %(key)s, version %(number)s: %(what)s", key=key, number=number, what=what)
        self._findings.add(Wrong(code="version", sentence=sentence, subject=key))
