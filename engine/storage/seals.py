"""The seals of the record: which events are in the tree, its right edge, its tiles, kept checkpoints.

A tile is the root over 256 events. A path through the tree is worked out from the events of at most two
tiles and the roots of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, update

from engine.model.event import Scope, event_header
from engine.model.merkle import Frontier, consistency_path, inclusion_path, leaf_hash, root_of
from engine.model.tiles import TILE, TiledEdge
from engine.storage.prepared import Prepared
from engine.storage.tables import event, tile, tree

_SCOPES = tuple(Scope)
_HEADER = (
    event.c.scope,
    event.c.stream,
    event.c.seq,
    event.c.kind,
    event.c.at,
    event.c.actor,
    event.c.on_behalf_of,
    event.c.attempt,
    event.c.element,
    event.c.round,
    event.c.iteration,
    event.c.digest,
)
_SEAL = Prepared(
    update(event)
    .where(event.c.stream == bindparam("of_stream"), event.c.seq == bindparam("of_seq"))
    .values(sealed=bindparam("index"))
)
_ONLY = 1  # the id of the only row


@dataclass(frozen=True, kw_only=True)
class Tree:
    """The tree as it was signed last."""

    origin: str
    key: str  # of who signed it, as ``model.checkpoint.PublicKey.line``
    size: int
    peaks: bytes = field(repr=False)
    checkpoint: str  # the signed note
    at: datetime

    def edge(self) -> Frontier:
        """Give the edge to which leaves are added."""
        return Frontier.unpacked(self.size, self.peaks)


@dataclass(frozen=True, kw_only=True)
class Unsealed:
    """A committed event that has no index yet, and its leaf's hash."""

    stream: UUID
    seq: int
    at: datetime
    leaf: bytes = field(repr=False)


def tree_of(connection: Connection) -> Tree | None:
    """Read the tree; None before anything was sealed."""
    row = connection.execute(select(tree)).first()
    if row is None:
        return None
    facts = dict(row._mapping)  # noqa: SLF001 - how SQLAlchemy names it
    del facts["id"]
    return Tree(**facts)


def waiting(connection: Connection) -> int:
    """Count the events that are not sealed yet."""
    return connection.scalar(select(func.count()).where(event.c.sealed.is_(None))) or 0


def unsealed(connection: Connection, most: int) -> list[Unsealed]:
    """Read events that are to be sealed next: of each stream its first ones, in order of ``seq``.

    Which streams is the index's choice, so that nothing is sorted that is not taken.
    """
    some = select(event.c.stream, event.c.seq).where(event.c.sealed.is_(None)).limit(most).subquery()
    upto = select(some.c.stream, func.max(some.c.seq).label("seq")).group_by(some.c.stream).subquery()
    rows = connection.execute(
        select(*_HEADER)
        .join(upto, (event.c.stream == upto.c.stream) & (event.c.seq <= upto.c.seq))
        .where(event.c.sealed.is_(None))
        .order_by(event.c.stream, event.c.seq)
        .limit(most)
    )
    return [Unsealed(stream=row.stream, seq=row.seq, at=row.at, leaf=_leaf(row)) for row in rows]


def _leaf(row: Any) -> bytes:  # noqa: ANN401 - a row of ``_HEADER``
    return leaf_hash(
        event_header(
            scope=_SCOPES[row.scope],
            stream=row.stream,
            seq=row.seq,
            kind=row.kind,
            at=row.at,
            actor=row.actor,
            on_behalf_of=row.on_behalf_of,
            attempt=row.attempt,
            element=row.element,
            round_=row.round,
            iteration=row.iteration,
        )
        + row.digest
    )


def write(
    connection: Connection, seen: Tree | None, grown: Tree, added: Sequence[Unsealed], tiles: Iterable[bytes]
) -> bool:
    """Write indices from the seen size on, in the order given; False where another sealer was first.

    ``tiles`` are the roots of those that these events filled.
    """
    facts = {name: getattr(grown, name) for name in ("origin", "key", "size", "peaks", "checkpoint", "at")}
    if seen is None:
        connection.execute(insert(tree).values(id=_ONLY, **facts))
    elif not connection.execute(update(tree).where(tree.c.size == seen.size).values(facts)).rowcount:
        return False
    start = seen.size if seen else 0
    _SEAL.run_all(
        connection,
        [
            {"of_stream": one.stream, "of_seq": one.seq, "index": index}
            for index, one in enumerate(added, start)
        ],
    )
    rows = [{"no": no, "root": root} for no, root in enumerate(tiles, start // TILE)]
    if rows:
        connection.execute(insert(tile), rows)
    return True


class Hashes:
    """What paths through the tree are made of, read once for as many as are asked for."""

    def __init__(self, connection: Connection, size: int) -> None:
        """Take a snapshot, and the size of the tree the paths are to be of."""
        self._connection = connection
        self._size = size
        whole = select(tile.c.root).where(tile.c.no < size // TILE).order_by(tile.c.no)
        self._tiles = list(connection.scalars(whole))
        self._leaves: dict[int, list[bytes]] = {}
        self._roots: dict[tuple[int, int], bytes] = {}

    def inclusion(self, index: int) -> list[bytes]:
        """Give the path from the event with an index to the root (RFC 6962, 2.1.1)."""
        return inclusion_path(index, self._size, self._root)

    def consistency(self, first: int) -> list[bytes]:
        """Give the path that shows the tree of the first ``first`` events to be its beginning."""
        return consistency_path(first, self._size, self._root)

    def _root(self, start: int, end: int) -> bytes:
        found = self._roots.get((start, end))
        if found is None:
            found = self._roots[start, end] = self._worked_out(start, end)
        return found

    def _worked_out(self, start: int, end: int) -> bytes:
        if start // TILE == (end - 1) // TILE:
            leaves = self._leaves_of(start // TILE)
            return root_of(leaves[start % TILE : start % TILE + end - start])
        edge = TiledEdge()
        for root in self._tiles[start // TILE : end // TILE]:
            edge.fill(root)
        for leaf in self._leaves_of(end // TILE)[: end % TILE] if end % TILE else ():
            edge.add(leaf)
        return edge.whole().root()

    def _leaves_of(self, no: int) -> list[bytes]:
        if no not in self._leaves:
            rows = self._connection.execute(
                select(*_HEADER)
                .where(event.c.sealed >= no * TILE, event.c.sealed < min((no + 1) * TILE, self._size))
                .order_by(event.c.sealed)
            )
            self._leaves[no] = [_leaf(row) for row in rows]
        return self._leaves[no]


def inclusion(connection: Connection, index: int, size: int) -> list[bytes]:
    """Give one path; for several ``Hashes`` reads the tiles once."""
    return Hashes(connection, size).inclusion(index)
