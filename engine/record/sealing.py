"""Sealing: committed events get their place in the tree over the record, and its root is signed.

Any number of sealers may try; the tree's size settles who was first. Nobody who writes waits for the hashing:
it is done before anything is locked, and what is locked is a slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from engine.core import Engine, Sealing
from engine.model.checkpoint import Checkpoint
from engine.model.tiles import TiledEdge
from engine.record.signing import Signer, open_signer
from engine.storage import seals
from engine.storage.seals import Tree, Unsealed
from engine.storage.transaction import IntegrityError

_SLICE = 5_000  # events of one commit: a writer of SQLite waits for it


def seal(engine: Engine) -> int:
    """Seal what is committed; gives how many events that were."""
    if engine.sealing is None:
        return 0
    sealed = 0
    while True:
        done = _slice(engine, engine.sealing)
        sealed += done
        if done < _SLICE:
            return sealed


def _slice(engine: Engine, sealing: Sealing) -> int:
    with engine.store.reading() as connection:
        seen = seals.tree_of(connection)
        found = seals.unsealed(connection, _SLICE)
    if not found:
        return 0
    added = in_order(found)
    signer = open_signer(sealing.key, seen.origin if seen else None)
    grown, tiles = _grown(seen, added, signer, engine.clock.now())
    try:
        with engine.store.transaction() as connection:
            done = seals.write(connection, seen, grown, added, tiles)
    except IntegrityError:  # another sealer made the tree's row
        return 0
    return len(added) if done else 0


def sign_anew(engine: Engine) -> bool:
    """Sign the tree as it stands, where the key was replaced since it was signed; tells whether it was."""
    if engine.sealing is None:
        return False
    with engine.store.reading() as connection:
        seen = seals.tree_of(connection)
    signer = open_signer(engine.sealing.key, seen.origin) if seen else None
    if seen is None or signer is None or signer.public.line == seen.key:
        return False
    grown, _ = _grown(seen, [], signer, engine.clock.now())
    with engine.store.transaction() as connection:
        return seals.write(connection, seen, grown, [], [])


def in_order(found: Sequence[Unsealed]) -> list[Unsealed]:
    """Order events by time, as far as each stream keeps its own order; takes them stream by stream."""
    timed: list[tuple[datetime, Unsealed]] = []
    for _, stream in groupby(found, key=attrgetter("stream")):
        latest = None
        for one in stream:
            latest = one.at if latest is None else max(latest, one.at)
            timed.append((latest, one))
    return [one for _, one in sorted(timed, key=lambda pair: (pair[0], pair[1].stream, pair[1].seq))]


def _grown(
    seen: Tree | None, added: Sequence[Unsealed], signer: Signer, now: datetime
) -> tuple[Tree, list[bytes]]:
    """Give the tree with events added and signed, and the roots of tiles they filled."""
    edge = TiledEdge(seen.edge() if seen else None)
    filled = [edge.add(one.leaf) for one in added]
    whole = edge.whole()
    signed = signer.sign(Checkpoint(origin=signer.origin, size=whole.size, root=whole.root(), at=now))
    grown = Tree(
        origin=signer.origin,
        key=signer.public.line,
        size=whole.size,
        peaks=whole.packed(),
        checkpoint=signed,
        at=now,
    )
    return grown, [tile for tile in filled if tile]
