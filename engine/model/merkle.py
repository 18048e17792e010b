"""The Merkle tree of RFC 6962: one hash for a growing list, and proofs that are read without the list.

Leaves and nodes are hashed apart (0x00 and 0x01 before them), so that neither passes for the other. All
hashes are SHA-256, 32 bytes. The root of nothing is the hash of nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32

# Gives the root over the leaves from the first index up to, without, the second.
RootOver = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash what one leaf holds."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Give the largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


@dataclass
class Frontier:
    """The right edge of a tree: all that is needed to add leaves and to know its root.

    ``peaks`` are the roots of its complete subtrees, the largest first: one for each bit of ``size``.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse an edge that no tree of that size has."""
        if len(self.peaks) != self.size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(
                f"A tree of {self.size} leaves has {self.size.bit_count()} peaks of {HASH_BYTES} bytes."
            )

    def add(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        size = self.size
        while size & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            size >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the tree as it is."""
        if not self.peaks:
            return hashlib.sha256().digest()
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def packed(self) -> bytes:
        """Write the peaks one after the other."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Frontier:
        """Read what ``packed`` wrote; ValueError where it is of no tree of that size."""
        return cls(size, [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)])


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Give the root over hashes of leaves."""
    edge = Frontier()
    for leaf in leaves:
        edge.add(leaf)
    return edge.root()


def inclusion_path(index: int, size: int, root_over: RootOver) -> list[bytes]:
    """Give the hashes that lead from a leaf to the root of the first ``size`` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_over(middle, end))
            end = middle
        else:
            path.append(root_over(start, middle))
            start = middle
    return path[::-1]


def root_by_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Work out the root of ``size`` leaves from one and its path (RFC 9162, 2.1.3.2).

    None where the path is too short or too long for them.
    """
    if not 0 <= index < size:
        return None
    at, last = index, size - 1
    for other in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            leaf = node_hash(other, leaf)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = node_hash(leaf, other)
        at, last = at >> 1, last >> 1
    return leaf if last == 0 else None


def consistency_path(first: int, second: int, root_over: RootOver) -> list[bytes]:
    """Give the hashes that show the first leaves to be the beginning of the second (RFC 6962, 2.1.2)."""
    if not 0 < first <= second:
        raise ValueError(f"A tree of {second} leaves never had {first}.")
    path: list[bytes] = []
    start, end, whole = 0, second, True  # whole: the first tree's part of this subtree is one it had as root
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(root_over(middle, end))
            end = middle
        else:
            path.append(root_over(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(root_over(start, end))
    return path[::-1]


def is_consistent(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether a path shows that the second tree begins with the first (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    known = [first_root] if first.bit_count() == 1 else []
    return _roots_by_path(first, second, [*known, *path]) == (first_root, second_root)


def _roots_by_path(first: int, second: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Work out both roots from the hashes between them; None where they are too few or too many."""
    if not path:
        return None
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, other)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None
