"""Where a sealed event stands in the tree, and what leads from there to the root that was signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.errors import AlurError, say
from engine.model.checkpoint import Checkpoint, PublicKey, read_note, read_public_key
from engine.model.merkle import root_by_path
from engine.storage import seals


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

    def holds(self, leaf: bytes) -> bool:
        """Tell whether a leaf at this place leads to the root."""
        return root_by_path(self.index, self.checkpoint.size, leaf, self.path) == self.root


def seal_of(connection: Connection, index: int | None) -> Seal | None:
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
