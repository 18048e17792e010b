"""What erased the text of an event, and whether that erasure itself is as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, literal, select

from engine.model.event import GENESIS, Event, EventKind, chain_link, header_of, text_fits
from engine.model.merkle import leaf_hash
from engine.queries.event_seal import Seal, seal_of
from engine.storage.events import read_event
from engine.storage.tables import event, instance

_UNREAD = {"payload", "salt"}
_BARE = [column for column in event.c if column.name not in _UNREAD]


@dataclass(frozen=True, kw_only=True)
class ErasedBy:
    """The erasure that names an event. ``is_chained``: the act it is of goes on the chain of its case.

    ``seal`` is None before the erasure is sealed.
    """

    seq: int
    leaf: bytes
    is_chained: bool
    seal: Seal | None

    @property
    def holds(self) -> bool:
        """Tell whether nothing speaks against it: who puts an erasure in by hand excuses nothing by it."""
        return self.is_chained and (self.seal is None or self.seal.holds(self.leaf))


def erased_by(connection: Connection, case: UUID, seq: int) -> ErasedBy | None:
    """Find the erasure that took out the text of an event: one that holds, where any does."""
    found = list(_naming(connection, case, seq))
    return next((one for one in found if one.holds), found[-1] if found else None)


def _naming(connection: Connection, case: UUID, seq: int) -> Iterator[ErasedBy]:
    ours = (event.c.stream == case, event.c.kind == EventKind.DATA_ERASED.value)
    for row in connection.execute(select(event).where(*ours).order_by(event.c.seq)).mappings().all():
        if seq in _erased(row):
            one = read_event(row)
            yield ErasedBy(
                seq=one.seq,
                leaf=leaf_hash(header_of(one) + one.digest),
                is_chained=_is_chained(connection, one),
                seal=seal_of(connection, row["sealed"]),
            )


def _erased(row: RowMapping) -> list[int]:
    """Give the events that an erasure names whose text gives its digest; of any other none."""
    text = row["payload"]
    if not text or not text_fits(text.encode(), row["salt"] or b"", row["digest"]):
        return []
    try:
        return list(json.loads(text)["events"])
    except (KeyError, TypeError):  # put in by hand: it names nothing
        return []


def _is_chained(connection: Connection, one: Event) -> bool:
    """Tell whether the events from the last link kept before one to the first kept from it on give that link.

    The last of them must be the one that the row of the case ends with, where nothing comes after it.
    """
    last, head = connection.execute(
        select(instance.c.last_seq, instance.c.chain_head).where(instance.c.id == one.stream)
    ).one()
    ours, kept = event.c.stream == one.stream, func.length(event.c.chain) > 0
    before = connection.execute(
        select(event.c.seq, event.c.chain)
        .where(ours, kept, event.c.seq < one.seq)
        .order_by(event.c.seq.desc())
        .limit(1)
    ).one_or_none()
    seq, link = (before.seq, before.chain) if before else (0, GENESIS)
    bare = select(*_BARE, *(literal(None).label(name) for name in _UNREAD)).where(ours, event.c.seq > seq)
    for row in connection.execute(bare.order_by(event.c.seq)).mappings():
        other, seq = read_event(row), seq + 1
        link = chain_link(link, header_of(other), other.digest)
        if other.seq != seq or seq > last:
            return False
        if other.chain:
            return other.chain == link and (seq < last or link == head)
    return False
