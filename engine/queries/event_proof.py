"""What proves one event of a case: its place in the record, the way from there to a root that was signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.checkpoint import Checkpoint, PublicKey, read_note, read_public_key
from engine.model.event import Event, header_of, payload_digest
from engine.model.merkle import leaf_hash, root_by_path
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.evidence import must_read_record
from engine.storage import seals
from engine.storage.events import read_event
from engine.storage.tables import event


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Where a sealed event stands, and what leads from there to the root of the newest checkpoint."""

    index: int
    path: tuple[bytes, ...]  # RFC 6962, 2.1.1
    text: str  # of the checkpoint, as it was signed
    checkpoint: Checkpoint
    key: PublicKey

    @property
    def steps(self) -> tuple[tuple[str, bool], ...]:
        """Give each node of the path in hexadecimal, and whether it stands before what is hashed with it."""
        return tuple(_steps(self.index, self.checkpoint.size, self.path))


@dataclass(frozen=True, kw_only=True)
class EventProof:
    """An event and its seal; None before it is sealed. ``last`` is the number of the case's last event."""

    facts: CaseFacts
    event: Event
    last: int
    seal: Seal | None

    @property
    def header(self) -> bytes:
        """Give everything but what it says, as it is hashed."""
        return header_of(self.event)

    @property
    def leaf(self) -> bytes:
        """Give the hash by which the event stands in the record."""
        return leaf_hash(self.header + self.event.digest)

    @property
    def fits(self) -> bool:
        """Tell whether what it says gives the digest, and the digest the root that was signed."""
        said, salt = self.event.payload, self.event.salt or b""
        if said is not None and payload_digest(said.encode(), salt) != self.event.digest:
            return False
        seal = self.seal
        if seal is None:
            return True
        size, root = seal.checkpoint.size, seal.checkpoint.root
        return root_by_path(seal.index, size, self.leaf, seal.path) == root


def event_proof(engine: Engine, actor: Actor, case: UUID, seq: int) -> EventProof:
    """Read the proof of an event for whoever may read the record; NotFound where the case has none such."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        row = connection.execute(select(event).where(event.c.stream == case, event.c.seq == seq)).mappings()
        found = row.one_or_none()
        if found is None:
            raise NotFound(say("This case has no such event."))
        last = connection.scalar(
            select(event.c.seq).where(event.c.stream == case).order_by(event.c.seq.desc()).limit(1)
        )
        tree, index = seals.tree_of(connection), found["sealed"]
        path: Sequence[bytes] = ()
        if tree is not None and index is not None:
            path = seals.inclusion(connection, index, tree.size)
    seal = None
    if tree is not None and index is not None:
        seal = Seal(
            index=index,
            path=tuple(path),
            text=tree.checkpoint,
            checkpoint=read_note(tree.checkpoint).checkpoint,
            key=read_public_key(tree.key),
        )
    return EventProof(facts=facts, event=read_event(found), last=last or seq, seal=seal)


def _steps(index: int, size: int, path: Sequence[bytes]) -> Iterator[tuple[str, bool]]:
    at, last = index, size - 1
    for other in path:
        is_before = bool(at & 1) or at == last
        yield other.hex(), is_before
        while is_before and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
