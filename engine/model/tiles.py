"""The tree over the record in tiles: the roots over 256 leaves each, from which the rest is worked out."""

from __future__ import annotations

from engine.model.merkle import Frontier

TILE = 256


class TiledEdge:
    """The right edge of a tree, which gives the root of every tile that is filled."""

    def __init__(self, edge: Frontier | None = None) -> None:
        """Go on from an edge; None begins."""
        size, peaks = (edge.size, edge.peaks) if edge else (0, [])
        left = size % TILE
        at = (size // TILE).bit_count()
        self._tiles = Frontier(size // TILE, peaks[:at])  # a tree over tiles has the same nodes
        self._rest = Frontier(left, peaks[at:])

    @property
    def size(self) -> int:
        """Count the leaves."""
        return self._tiles.size * TILE + self._rest.size

    def add(self, leaf: bytes) -> bytes | None:
        """Add the hash of a leaf; gives the root of the tile that it filled."""
        self._rest.add(leaf)
        return self.fill(self._rest.root()) if self._rest.size == TILE else None

    def fill(self, tile: bytes) -> bytes:
        """Take the root of a whole tile in place of its leaves."""
        self._tiles.add(tile)
        self._rest = Frontier()
        return tile

    def whole(self) -> Frontier:
        """Give the edge as one."""
        return Frontier(self.size, [*self._tiles.peaks, *self._rest.peaks])
