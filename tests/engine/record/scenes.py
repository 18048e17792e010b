"""A sealed office, and what somebody who may do anything in its database can do to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select, text, update

from engine.actions import documents
from engine.clock import Clock
from engine.core import Sealing
from engine.ids import new_id
from engine.model.checkpoint import Checkpoint
from engine.model.event import GENESIS, Event, chain_link, header_of, payload_digest
from engine.model.merkle import leaf_hash
from engine.model.tiles import TiledEdge
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.record.signing import Signer, public_file, public_keys
from engine.record.verification import Asked, Verified, verify
from engine.storage.events import read_event
from engine.storage.tables import (
    blob,
    checkpoint,
    draft,
    event,
    instance,
    metadata,
    task,
    tile,
    tree,
)
from engine.storage.transaction import Store
from tests.offices import Office, scan

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
_GUARDED = ("event", "tile", "tree", "checkpoint", "process_version")


@dataclass
class Scene:
    """An office with three sealed cases, and a checkpoint of them in the folder."""

    office: Office
    sealing: Sealing
    cases: list[UUID]
    numbers: list[str]

    @property
    def case(self) -> UUID:
        """Give the case that is tampered with."""
        return self.cases[1]

    @property
    def number(self) -> str:
        """Give its number."""
        return self.numbers[1]

    def verified(self) -> Verified:
        """Verify as an auditor does, with the public key and the folder."""
        assert self.sealing.folder
        keys = public_keys(public_file(self.sealing.key))
        return verify(self.office.engine, Asked(keys=keys, folders=[self.sealing.folder]))

    def found(self) -> tuple[set[str], str]:
        """Verify; gives the kinds of findings and all they say."""
        findings = self.verified().findings
        return set(findings.counted), "\n".join(str(one.sentence) for one in findings.listed)

    @contextmanager
    def unguarded(self) -> Iterator[Connection]:
        """Write without any trigger in the way."""
        with self.office.engine.store.transaction() as connection:
            unguard(connection)
            yield connection


def set_up(office: Office, sealing: Sealing) -> Scene:
    """Work three cases past their first step, two documents each; seal, and bring a checkpoint out."""
    cases, numbers = [], []
    for _ in range(3):
        case = office.start(knowingly=True).instance
        first = office.open_task(case, "mengajukan").id
        for name in ("Surat", "Peta"):
            documents.attach(office.engine, office.people["joko"], first, name, scan(name), new_id())
        office.complete(case, "mengajukan", "joko", ASKED)
        cases.append(case)
        with office.engine.store.reading() as connection:
            numbers.append(str(connection.scalar(select(instance.c.number).where(instance.c.id == case))))
    seal(office.engine)
    assert keep_due(office.engine)
    assert bring_due(office.engine)
    return Scene(office, sealing, cases, numbers)


def unguard(connection: Connection) -> None:
    """Take the triggers away."""
    for table in _GUARDED:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            continue
        names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for name in connection.scalars(names, {"table": table}).all():
            connection.execute(text(f"DROP TRIGGER {name}"))


def at(stream: UUID, seq: int) -> ColumnElement[bool]:
    """Say which event."""
    return (event.c.stream == stream) & (event.c.seq == seq)


def read(connection: Connection, stream: UUID) -> list[Event]:
    """Read a stream."""
    rows = connection.execute(select(event).where(event.c.stream == stream).order_by(event.c.seq))
    return [read_event(row) for row in rows.mappings()]


def rechain(connection: Connection, stream: UUID) -> None:
    """Work out digests, links and the head anew, as if what stands there now had been recorded."""
    link = GENESIS
    for one in read(connection, stream):
        digest = payload_digest((one.payload or "").encode(), one.salt or b"") if one.payload else one.digest
        link = chain_link(link, header_of(one), digest)
        facts = {"digest": digest, "chain": link if one.chain else b""}
        connection.execute(update(event).where(at(stream, one.seq)).values(facts))
    last = len(read(connection, stream))
    connection.execute(update(event).where(at(stream, last)).values(chain=link))
    connection.execute(update(instance).where(instance.c.id == stream).values(last_seq=last, chain_head=link))


def reseal(connection: Connection, signer: Signer) -> None:
    """Give all events their indices anew, and sign the tree over them, and each kept size, by another key."""
    rows = connection.execute(select(event).order_by(event.c.sealed)).mappings().all()
    edge, tiles, sizes = TiledEdge(), [], set(connection.scalars(select(checkpoint.c.size)))
    connection.execute(update(event).values(sealed=None))
    signed = {}
    for index, row in enumerate(rows):
        one = read_event(row)
        connection.execute(update(event).where(at(one.stream, one.seq)).values(sealed=index))
        tiles.append(edge.add(leaf_hash(header_of(one) + one.digest)))
        if edge.size in sizes:
            signed[edge.size] = _signed(signer, edge)
    connection.execute(delete(tile))
    for no, root in enumerate(one for one in tiles if one):
        connection.execute(tile.insert().values(no=no, root=root))
    for size, note in signed.items():
        connection.execute(update(checkpoint).where(checkpoint.c.size == size).values(text=note))
    whole = edge.whole()
    facts = {"size": whole.size, "peaks": whole.packed(), "checkpoint": _signed(signer, edge)}
    connection.execute(update(tree).values(facts))


def _signed(signer: Signer, edge: TiledEdge) -> str:
    whole = edge.whole()
    now = Clock().now()
    return signer.sign(Checkpoint(origin=signer.origin, size=whole.size, root=whole.root(), at=now))


def drop_case(connection: Connection, case: UUID) -> None:
    """Let a case never have been: its row, and every row that names it."""
    tasks = select(task.c.id).where(task.c.instance == case)
    connection.execute(delete(draft).where(draft.c.task.in_(tasks)))
    connection.execute(update(blob).where(blob.c.task.in_(tasks)).values(task=None))
    for table in reversed(metadata.sorted_tables):
        if "instance" in table.c:
            connection.execute(delete(table).where(table.c.instance == case))
    connection.execute(delete(event).where(event.c.stream == case))
    connection.execute(delete(instance).where(instance.c.id == case))


def origin_of(store: Store) -> str:
    """Read which record it is."""
    with store.reading() as connection:
        return str(connection.scalar(select(tree.c.origin)))
