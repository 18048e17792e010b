"""Texts of many cases for one page: what an archive file cannot give is left out, and told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, type_coerce

from engine.errors import ArchiveBusy, ArchiveUnreadable, Sentence
from engine.model.archive import file_name, read_reference
from engine.storage.archive_files import whole
from engine.storage.archive_troubles import some_altered
from engine.storage.packing import PackedText
from engine.storage.tables import event

# What stands in the row of an event: its text, or what says where in an archive file that is.
STANDING = type_coerce(event.c.payload, PackedText).label("payload")


@dataclass(frozen=True, kw_only=True)
class Unread:
    """So many cases have texts that cannot be read, and why."""

    cases: int
    why: Sentence


class Texts:
    """Reads what stands in rows; keeps the cases of which something could not be read.

    A page of a single case has nothing else to tell and fails instead: it reads ``event.payload`` itself.
    """

    def __init__(self, connection: Connection) -> None:
        """Take the database whose archive files are read."""
        self._dialect = connection.dialect
        self._lost: dict[int, Sentence] = {}  # archives whose file gave no text: asked once
        self._cases: dict[str, tuple[Sentence, set[UUID]]] = {}

    def read(self, case: UUID, standing: str | None) -> str | None:
        """Give a text of a case; None where it was erased or cannot be read.

        ArchiveBusy where a file is in use: what is left out would be there a moment later.
        """
        named = read_reference(standing) if standing else None
        if standing is None or named is None:
            return standing
        lost = self._lost.get(named[0])
        if lost is None:
            try:
                return whole(self._dialect, standing)
            except ArchiveBusy:
                raise
            except ArchiveUnreadable as error:
                lost = error.sentence if error.is_whole_file else some_altered(file_name(named[0]))
                if error.is_whole_file:
                    self._lost[named[0]] = lost
        self._cases.setdefault(str(lost), (lost, set()))[1].add(case)
        return None

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Tell how many cases were not read, by reason."""
        return tuple(Unread(cases=len(cases), why=why) for why, cases in self._cases.values())
