"""Very many numbers of rows in little memory: a bit each, where they lie close together."""

from __future__ import annotations

_BLOCK = 1 << 16  # rows


class RowSet:
    """A set of numbers from 0 on. One far off costs a block of 8 KB, whatever a file says it is."""

    def __init__(self) -> None:
        """Begin with none."""
        self._blocks: dict[int, bytearray] = {}

    def add(self, row: int) -> None:
        """Put a number in."""
        block, place = divmod(row, _BLOCK)
        bits = self._blocks.get(block)
        if bits is None:
            bits = self._blocks[block] = bytearray(_BLOCK // 8)
        bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, row: int) -> bool:
        """Tell whether a number was put in."""
        block, place = divmod(row, _BLOCK)
        bits = self._blocks.get(block)
        return bits is not None and bool(bits[place >> 3] & (1 << (place & 7)))
