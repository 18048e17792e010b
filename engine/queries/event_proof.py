"""What proves one event of a case: its place in the record, the way from there to a root that was signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.definition import Definition
from engine.model.event import Event, header_of, text_fits
from engine.model.merkle import leaf_hash
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.event_erasure import ErasedBy, erased_by
from engine.queries.event_seal import Seal, seal_of
from engine.queries.evidence import must_read_record
from engine.queries.replay_reading import last_seq
from engine.storage import office
from engine.storage.events import read_event
from engine.storage.tables import event


class Fault(StrEnum):
    """What of an event is not as it was recorded."""

    GONE = "gone"  # its text is, and no erasure of it is on record
    ERASURE = "erasure"  # its text is, and the event that says it was erased is not as it was recorded
    SALT = "salt"  # its text was erased, and the salt left: with it the text can be guessed
    TEXT = "text"  # it does not give the digest
    PLACE = "place"  # it does not lead to the root that was signed
    SIGNATURE = "signature"  # no key of this record signed that root


@dataclass(frozen=True, kw_only=True)
class EventProof:
    """An event and its seal; None before it is sealed. ``last`` is the number of the case's last event.

    ``erased_by`` is what erased its text, where that is on record.
    """

    facts: CaseFacts
    event: Event
    last: int
    erased_by: ErasedBy | None
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
            if not self.erased_by.holds:
                return Fault.ERASURE
            if salt:
                return Fault.SALT
        elif not text_fits(said.encode(), salt, self.event.digest):
            return Fault.TEXT
        return None if self.seal is None or self.seal.holds(self.leaf) else Fault.PLACE


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
            erased_by=erased_by(connection, case, seq) if one.payload is None else None,
            seal=seal_of(connection, found["sealed"]),
            definition=engine.versions.get(facts.version).definition,
            names=_names(connection, one),
        )


def _names(connection: Connection, one: Event) -> dict[UUID, str]:
    named = office.names_of(connection, {id_ for id_ in (one.actor, one.on_behalf_of) if id_})
    return {id_: ", ".join(filter(None, both)) for id_, both in named.items()}
