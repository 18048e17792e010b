"""What was erased while the record is being read: a snapshot does not know of it, files do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.model.event import EventKind
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
            texts = connection.scalars(select(event.c.payload).where(*ours)).all()
        said = [json.loads(text) for text in texts if text]
        return Erased(
            events=frozenset(seq for one in said for seq in one["events"]),
            documents=frozenset(no for one in said for no in one["documents"]),
        )
