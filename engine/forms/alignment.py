"""Which row of a list became which: two states of a table, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher


def aligned(
    old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]
) -> Iterator[tuple[int | None, int | None]]:
    """Pair the rows of two lists: equal ones first, what lies between by most cells in common.

    Lists of the same length whose rows mostly stand where they stood are paired by place.
    """
    same_place = sum(was == now for was, now in zip(old, new, strict=False))
    if len(old) == len(new) and 2 * same_place >= len(old):
        yield from zip(range(len(old)), range(len(new)), strict=True)
        return
    for _, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if old_to - old_from == new_to - new_from:
            yield from zip(range(old_from, old_to), range(new_from, new_to), strict=True)
        else:
            yield from _paired(old, new, range(old_from, old_to), range(new_from, new_to))


def _paired(
    old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], olds: range, news: range
) -> Iterator[tuple[int | None, int | None]]:
    left = list(olds)
    for now in news:
        alike = [sum(a == b for a, b in zip(old[was], new[now], strict=True)) for was in left]
        best = max(range(len(left)), key=alike.__getitem__, default=None)
        if best is not None and alike[best] > 0:
            for was in left[:best]:
                yield was, None
            yield left[best], now
            del left[: best + 1]
        else:
            yield None, now
    for was in left:
        yield was, None
