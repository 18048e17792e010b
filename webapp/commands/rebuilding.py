"""Cases rebuilt by several processes at once, each with an engine of its own."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from engine.opening import Places, open_engine
from engine.queries.stored_case import Listed
from engine.record.rebuild import Answer, Rebuilder

_AHEAD = 3  # pieces of work that wait for each process: memory stays what it is however many cases there are
_GARBAGE = 100_000  # objects of some fifty cases
_HERE: list[Rebuilder] = []  # of this process

Answered = list[tuple[Listed, Answer]]


def rebuilt(where: Places, pieces: Iterator[list[Listed]], processes: int) -> Iterator[tuple[Listed, Answer]]:
    """Rebuild cases piece by piece, in the order they are listed."""
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_open, initargs=(where,)
    ) as pool:
        asked: deque[Future[Answered]] = deque()
        try:
            for piece in pieces:
                asked.append(pool.submit(_rebuild, piece))
                if len(asked) > _AHEAD * processes:
                    yield from asked.popleft().result()
            while asked:
                yield from asked.popleft().result()
        finally:
            for one in asked:
                one.cancel()


def _open(where: Places) -> None:
    _HERE.append(Rebuilder(open_engine(where)))
    gc.freeze()  # what is loaded stays, and a case leaves few cycles: looking for them took a sixteenth
    gc.set_threshold(_GARBAGE)


def _rebuild(piece: list[Listed]) -> Answered:
    listed = {one.id: one for one in piece}
    return [(listed[id_], answer) for id_, answer in _HERE[0].rebuild(tuple(listed))]
