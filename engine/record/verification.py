"""Verification: the whole record, read once in one snapshot and little memory, and held against its proofs.

Those are digests, chains, the tree, checkpoints inside and outside the database, documents, versions of SOPs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.core import Engine
from engine.errors import say
from engine.model.checkpoint import PublicKey
from engine.record.archives_check import ArchivesCheck
from engine.record.findings import Findings, Wrong, named
from engine.record.known_checkpoints import Known, known, listed
from engine.record.rows_check import RowsCheck
from engine.record.stream_check import StreamCheck
from engine.record.subject_check import SubjectCheck
from engine.record.tree_check import TreeCheck
from engine.storage import record_subjects
from engine.storage.erased_since import ErasedSince
from engine.storage.record_reading import Rows, Unreadable, sealed_lines, waiting_lines, whatever_text
from engine.storage.transaction import Connection

Progress = Callable[[int, int], None]  # events done, of how many


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the record is held against."""

    keys: Sequence[PublicKey]
    folders: Sequence[Path] = ()
    read_documents: bool = True  # their bytes too, not only what the tables say of them


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was read, and what is wrong."""

    origin: str | None  # None: nothing was ever sealed
    events: int
    waiting: int  # events that are not sealed yet
    waiting_since: datetime | None
    streams: int
    erased: int  # payloads
    late: int  # events that are dated more than an hour before the checkpoint they were sealed after
    inside: int  # checkpoints in the database
    outside: int
    matched: int
    proven_size: int  # up to here a checkpoint outside of the database fits, and nothing is wrong
    proven_at: datetime | None
    documents: int
    document_bytes: int  # that were read
    versions: int
    archives: int  # files outside the database
    archived: int  # events that they hold
    findings: Findings = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Give it as a script takes it."""
        facts = {name: value for name, value in vars(self).items() if name != "findings"}
        for name in ("waiting_since", "proven_at"):
            facts[name] = facts[name].isoformat() if facts[name] else None
        listed = [dict(one.to_json()) for one in self.findings.listed]
        return {"ok": not self.findings.total, **facts, "wrong": self.findings.total, "findings": listed}


def verify(engine: Engine, asked: Asked, progress: Progress | None = None) -> Verified:
    """Check everything. The snapshot is held for as long as it takes: a minute per million events or less."""
    findings, copies = Findings(), listed(asked.folders)
    own = engine.sealing.folder if engine.sealing else None
    with engine.store.reading() as connection, whatever_text(connection):
        found = known(connection, asked.keys, copies, findings, own if own in asked.folders else None)
        tree = TreeCheck(found.tree, record_subjects.tiles(connection), found.expected, findings)
        since = ErasedSince(engine.store)
        about = SubjectCheck(connection, engine.blobs if asked.read_documents else None, findings, since)
        rows = RowsCheck(connection, findings)
        streams = StreamCheck(findings, about.ended, rows.note, since)
        check = _Check(connection, streams, tree, about, findings, progress or (lambda *_: None))
        check.sealed()
        check.waiting()
        check.count()
        rows.settle()
        folder = engine.store.archives.folder
        archives = ArchivesCheck(connection, folder, streams, findings, since).run(asked.keys)
        for subject in record_subjects.without_events(connection):
            where = named(subject, b"")
            sentence = say("%(where)s: all its events are missing", where=where)
            findings.add(Wrong(code="head", sentence=sentence, subject=subject.name))
        waiting_since = record_subjects.oldest_waiting(connection)
    return _verified(check, found, archives, waiting_since)


class _Check:
    def __init__(
        self,
        connection: Connection,
        streams: StreamCheck,
        tree: TreeCheck,
        about: SubjectCheck,
        findings: Findings,
        progress: Progress,
    ) -> None:
        self.connection, self.streams, self.tree, self.about = connection, streams, tree, about
        self.findings = findings
        self._progress = progress
        self._total = record_subjects.events_counted(connection)
        self.events = self.unsealed = 0

    def sealed(self) -> None:
        """Read what is sealed."""
        add_event, add_leaf = self.streams.add, self.tree.add
        for rows in sealed_lines(self.connection):
            self._begin(rows)
            for line in rows:
                if isinstance(line, Unreadable):
                    self._unreadable(line)
                    continue
                add_event(line)
                add_leaf(line.sealed, sha256(b"\x00" + line.header + line.digest).digest(), line.at)  # type: ignore[arg-type] # sealed
            self._done(rows)
        self.tree.finish()

    def waiting(self) -> None:
        """Read what waits to be sealed, and come to an end."""
        for rows in waiting_lines(self.connection):
            self._begin(rows)
            self.unsealed += len(rows)
            for line in rows:
                if isinstance(line, Unreadable):
                    self._unreadable(line)
                else:
                    self.streams.add(line)
            self._done(rows)
        self.streams.finish()
        self.about.settle(all_of_them=True)

    def count(self) -> None:
        """Say so where rows were not read: what is checked is all there is, or it proves nothing."""
        if self.events != self._total:
            sentence = say(
                "The record holds %(total)s events, and only %(read)s of them have a place in it.",
                total=self._total,
                read=self.events,
            )
            self.findings.add(Wrong(code="count", sentence=sentence))

    def _begin(self, rows: Rows) -> None:
        new = self.streams.unknown({line.stream for line in rows})
        self.streams.know(record_subjects.subjects(self.connection, new))

    def _done(self, rows: Rows) -> None:
        self.about.settle()
        self.events += len(rows)
        self._progress(self.events, self._total)

    def _unreadable(self, row: Unreadable) -> None:
        if row.sealed is not None:
            self.tree.unreadable(row.sealed)
        sentence = say(
            "Event %(seq)s of stream %(id)s cannot be read: no event looks like that.",
            seq="?" if row.seq is None else row.seq,
            id=row.stream.hex(),
        )
        self.findings.add(Wrong(code="unreadable", sentence=sentence, seq=row.seq, index=row.sealed))


def _verified(check: _Check, found: Known, archives: ArchivesCheck, since: datetime | None) -> Verified:
    proven = check.tree.proven()
    return Verified(
        origin=found.tree.origin if found.tree else None,
        events=check.events,
        waiting=check.unsealed,
        waiting_since=since,
        streams=check.streams.streams,
        erased=check.streams.erased,
        late=check.tree.late,
        inside=found.inside,
        outside=found.outside,
        matched=check.tree.matched,
        proven_size=proven.size if proven else 0,
        proven_at=proven.at if proven else None,
        documents=check.about.documents,
        document_bytes=check.about.bytes,
        versions=check.about.versions,
        archives=archives.files,
        archived=archives.events,
        findings=check.findings,
    )
