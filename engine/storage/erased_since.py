"""What was erased while the record is being read: a snapshot does not know of it, files do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.model.event import EventKind, read_fitting
from engine.storage.tables import event
from engine.storage.transaction import Store


@dataclass(frozen=True, kw_only=True)
class Erased:
    """Numbers of events and of documents of a case that erasures name."""

    events: frozenset[int]
    documents: frozenset[int]


class ErasedSince:
    """Reads in a snapshot of its own, for each case that something is missing of."""

    def __init__(self, store: Store) -> None:
        """Take where it is read."""
        self._store = store

    def of(self, case: bytes) -> Erased:
        """Read what erasures of a case name by now."""
        ours = (event.c.stream == UUID(bytes=case), event.c.kind == EventKind.DATA_ERASED.value)
        with self._store.reading() as connection:
            rows = connection.execute(
                select(event.c.payload, event.c.salt, event.c.digest).where(*ours)
            ).all()
        said = [read_fitting((text or "").encode(), salt or b"", digest) or {} for text, salt, digest in rows]
        return Erased(events=_numbers(said, "events"), documents=_numbers(said, "documents"))


def _numbers(said: Iterable[Mapping[str, Any]], name: str) -> frozenset[int]:
    """Read what they name; somebody may have written anything there, which the check of its text finds."""
    lists = (one.get(name) for one in said)
    return frozenset(no for found in lists if isinstance(found, list) for no in found if isinstance(no, int))
