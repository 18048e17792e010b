"""What proves one event of a case: its place in the record, the way from there to a root that was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import AlurError, NotFound, say
from engine.model.actor import Actor
from engine.model.checkpoint import Checkpoint, PublicKey, read_note, read_public_key
from engine.model.definition import Definition
from engine.model.event import Event, header_of, text_fits
from engine.model.merkle import leaf_hash, root_by_path
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.evidence import must_read_record
from engine.queries.replay_reading import last_seq
from engine.storage import erasing, office, seals
from engine.storage.events import read_event
from engine.storage.tables import event


class Fault(StrEnum):
    """What of an event is not as it was recorded."""

    GONE = "gone"  # its text is, and no erasure of it is on record
    SALT = "salt"  # its text was erased, and the salt left: with it the text can be guessed
    TEXT = "text"  # it does not give the digest
    PLACE = "place"  # it does not lead to the root that was signed
    SIGNATURE = "signature"  # no key of this record signed that root


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Where a sealed event stands, and what leads from there to the root of the newest checkpoint."""

    index: int
    path: tuple[bytes, ...]  # RFC 6962, 2.1.1
    text: str  # of the checkpoint, as it was signed
    checkpoint: Checkpoint
    key: PublicKey

    @property
    def root(self) -> bytes:
        """Give the root that was signed."""
        return self.checkpoint.root

    @property
    def steps(self) -> tuple[tuple[str, bool], ...]:
        """Give each node of the path in hexadecimal, and whether it stands before what is hashed with it."""
        return tuple(_steps(self.index, self.checkpoint.size, self.path))


@dataclass(frozen=True, kw_only=True)
class EventProof:
    """An event and its seal; None before it is sealed. ``last`` is the number of the case's last event.

    ``erased_by`` is the number of the event by which its text was erased, where that is on record.
    """

    facts: CaseFacts
    event: Event
    last: int
    erased_by: int | None
    seal: Seal | None
    definition: Definition
    names: Mapping[UUID, str]  # of the people in its header, with their posts

    @property
    def header(self) -> bytes:
        """Give everything but what it says, as it is hashed."""
        return header_of(self.event)

    @property
    def leaf(self) -> bytes:
        """Give the hash by which the event stands in the record."""
        return leaf_hash(self.header + self.event.digest)

    @property
    def fault(self) -> Fault | None:
        """Tell what of the event is not as it was recorded, but for who signed; None where all of it fits."""
        said, salt = self.event.payload, self.event.salt or b""
        if said is None:
            if self.erased_by is None:
                return Fault.GONE
            if salt:
                return Fault.SALT
        elif not text_fits(said.encode(), salt, self.event.digest):
            return Fault.TEXT
        seal = self.seal
        if seal is None or root_by_path(seal.index, seal.checkpoint.size, self.leaf, seal.path) == seal.root:
            return None
        return Fault.PLACE


def event_proof(engine: Engine, actor: Actor, case: UUID, seq: int) -> EventProof:
    """Read the proof of an event for whoever may read the record; NotFound where the case has none such."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        row = connection.execute(select(event).where(event.c.stream == case, event.c.seq == seq)).mappings()
        found = row.one_or_none()
        if found is None:
            raise NotFound(say("This case has no such event."))
        one = read_event(found)
        return EventProof(
            facts=facts,
            event=one,
            last=last_seq(connection, case) or seq,
            erased_by=erasing.erased_on_record(connection, case).get(seq) if one.payload is None else None,
            seal=_seal(connection, found["sealed"]),
            definition=engine.versions.get(facts.version).definition,
            names=_names(connection, one),
        )


def _names(connection: Connection, one: Event) -> dict[UUID, str]:
    named = office.names_of(connection, {id_ for id_ in (one.actor, one.on_behalf_of) if id_})
    return {id_: ", ".join(filter(None, both)) for id_, both in named.items()}


def _seal(connection: Connection, index: int | None) -> Seal | None:
    """Read the seal of what has an index; an index that the tree does not have leads nowhere."""
    tree = seals.tree_of(connection)
    if tree is None or index is None:
        return None
    try:
        checkpoint, key = read_note(tree.checkpoint).checkpoint, read_public_key(tree.key)
    except ValueError as error:
        raise AlurError(say("The tree kept in the database cannot be read as one.")) from error
    is_inside = 0 <= index < tree.size
    path = seals.inclusion(connection, index, tree.size) if is_inside else ()
    return Seal(index=index, path=tuple(path), text=tree.checkpoint, checkpoint=checkpoint, key=key)


def _steps(index: int, size: int, path: Sequence[bytes]) -> Iterator[tuple[str, bool]]:
    at, last = index, size - 1
    for other in path:
        is_before = bool(at & 1) or at == last
        yield other.hex(), is_before
        while is_before and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
