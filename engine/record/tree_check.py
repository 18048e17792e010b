"""Checks the tree over the record: every index once, tiles, and each known checkpoint at its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import Sentence, say
from engine.model.merkle import HASH_BYTES
from engine.model.tiles import TILE, TiledEdge
from engine.record.findings import Findings, Wrong
from engine.storage.seals import Tree

_MISSING = bytes(HASH_BYTES)  # stands where an event is missing, so that those behind keep their place
_LATE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A root that somebody signed, and where that is kept."""

    size: int
    root: bytes
    at: datetime
    source: Sentence
    outside: bool  # of the database


class _Edge(TiledEdge):
    """An edge that holds each tile against the one that was kept, and goes on with that."""

    def __init__(self, tiles: Mapping[int, bytes], findings: Findings) -> None:
        super().__init__()
        self.kept = tiles
        self.doubted = False  # what is wrong in this tile was said
        self._findings = findings

    def fill(self, tile: bytes) -> bytes:
        no = self._tiles.size
        kept = self.kept.get(no)
        if kept != tile and not self.doubted:
            self._findings.add(_changed(no * TILE, gone=kept is None))
        self.doubted = False
        return super().fill(tile if kept is None else kept)


class TreeCheck:
    """Takes leaves in the order of their index."""

    def __init__(
        self, tree: Tree | None, tiles: Mapping[int, bytes], expected: Sequence[Expected], findings: Findings
    ) -> None:
        """Take what was sealed, and every root that is known to have been signed."""
        self._tree = tree
        self._size = min(tree.size, (len(tiles) + 1) * TILE) if tree else 0
        self._findings = findings
        self._edge = _Edge(tiles, findings)
        self._next = 0
        self._expected = sorted((one for one in expected if one.size <= self._size), key=lambda one: one.size)
        self._due, self._at = -1, 0
        self._wrong = 0
        self._after = ""  # events dated before that were sealed late
        self._fitting: list[Expected] = []  # those outside of the database that fit
        self.matched = self.late = 0
        self._advance()

    def add(self, index: int, leaf: bytes, at: str) -> None:
        """Take the hash of the leaf with an index."""
        if index != self._next and not self._in_place(index):
            return
        self._edge.add(leaf)
        self._next += 1
        if at < self._after:
            self.late += 1
        if self._next == self._due:
            self._compare()

    def unreadable(self, index: int) -> None:
        """Leave out an event that cannot be read; that is said elsewhere."""
        self._edge.doubted = True
        self.add(index, _MISSING, "9")

    def finish(self) -> None:
        """Look at what should still have come, and at the tree's own row."""
        if self._next < self._size:
            self._skip(self._size)
        if self._tree is not None and self._edge.whole().packed() != self._tree.peaks:
            self._add("tree", say("The tree kept in the database is not that of the events."))
        if self._wrong > 1:
            more = self._wrong - 1
            self._add("checkpoint", say("%(count)s later checkpoints do not fit either.", count=more))

    def proven(self) -> Expected | None:
        """Give the last one outside of the database that fits, and before whose end nothing was found wrong.

        Behind a tile that was changed the check goes on with what is kept of it, so later ones fit as well.
        """
        sound = self._findings.first_index
        fitting = [one for one in self._fitting if sound is None or one.size <= sound]
        return fitting[-1] if fitting else None

    def _in_place(self, index: int) -> bool:
        """Go to the place of an index; tells whether it has one."""
        if index >= self._size or index < 0:
            self._add(
                "index", say("An event has the index %(index)s, which was never sealed.", index=index), index
            )
            return False
        if index < self._next:
            self._add("index", say("Two events have the index %(index)s.", index=index), index)
            return False
        self._skip(index)
        return True

    def _skip(self, upto: int) -> None:
        first, last = self._next, upto - 1
        sentence = (
            say("The event with the index %(first)s is missing.", first=first)
            if first == last
            else say("The events with the indices %(first)s to %(last)s are missing.", first=first, last=last)
        )
        self._add("index", sentence, first)
        while self._next < upto:
            self._edge.doubted = True
            self._edge.add(_MISSING)
            self._next += 1
            if self._next == self._due:
                self._compare()
        self._edge.doubted = self._next % TILE != 0

    def _compare(self) -> None:
        root = self._edge.whole().root()
        while self._next == self._due:
            one = self._expected[self._at]
            if one.root == root:
                self.matched += 1
                self._fitting += [one] if one.outside else []
                self._after = (one.at - _LATE).isoformat()[:19]
            else:
                self._unequal(one)
            self._at += 1
            self._advance()

    def _unequal(self, one: Expected) -> None:
        self._wrong += 1
        if self._wrong > 1:
            return
        first = self._expected[self._at - 1].size if self._at else 0
        sentence = say(
            "%(source)s does not fit: of the events with the indices %(first)s to %(last)s one was changed.",
            source=one.source,
            first=first,
            last=one.size - 1,
        )
        self._add("checkpoint", sentence, first)

    def _advance(self) -> None:
        self._due = self._expected[self._at].size if self._at < len(self._expected) else -1

    def _add(self, code: str, sentence: Sentence, index: int | None = None) -> None:
        self._findings.add(Wrong(code=code, sentence=sentence, index=index))


def _changed(first: int, *, gone: bool) -> Wrong:
    if gone:
        sentence = say("The root kept over the events from index %(first)s on is gone.", first=first)
    else:
        sentence = say(
            "Of the events with the indices %(first)s to %(last)s one was changed since they were sealed.",
            first=first,
            last=first + TILE - 1,
        )
    return Wrong(code="tile", sentence=sentence, index=first)
