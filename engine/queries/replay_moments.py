"""Moments of a case, made from its record; every so many events one is kept, so that the next is near.

A kept moment holds nothing that anybody entered, and counts only while the event it ends with has the link
it had: of another database, or one put back to an earlier day, nothing is remembered.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from sqlalchemy import Connection, select

from engine.model.replay import Moment
from engine.queries.replay_reading import end_of_act, moment_after
from engine.storage.tables import event

_EVERY = 250  # events
_MOST = 640  # moments; of the case looked at last all, however many


class Moments:
    """Kept moments by case; threads share them, and change none."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: OrderedDict[UUID, list[tuple[int, bytes, Moment]]] = OrderedDict()
        self._lock = Lock()

    def at(self, connection: Connection, case: UUID, seq: int, last: int) -> Moment:
        """Give a case as it stood after an event; the caller may change what it is given."""
        moment = self._nearest(connection, case, seq)
        while moment.seq + _EVERY <= seq:
            end = end_of_act(connection, case, moment.seq + _EVERY, last)
            if end > seq:
                break
            moment = moment_after(connection, case, moment, end)
            self._keep(connection, case, moment)
        return moment_after(connection, case, moment, seq)

    def forget(self) -> None:
        """Let all be made anew."""
        with self._lock:
            self._kept.clear()

    def _nearest(self, connection: Connection, case: UUID, seq: int) -> Moment:
        with self._lock:
            kept = [one for one in self._kept.get(case, ()) if one[0] <= seq]
            if kept:
                self._kept.move_to_end(case)
        if not kept or _link(connection, case, kept[-1][0]) != kept[-1][1]:
            return Moment()
        return kept[-1][2].copy()

    def _keep(self, connection: Connection, case: UUID, moment: Moment) -> None:
        link, copy = _link(connection, case, moment.seq), moment.copy()
        with self._lock:
            others = [one for one in self._kept.get(case, ()) if one[0] < moment.seq]
            self._kept[case] = [*others, (moment.seq, link, copy)]
            self._kept.move_to_end(case)
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > _MOST:
                self._kept.popitem(last=False)


def _link(connection: Connection, case: UUID, seq: int) -> bytes:
    found: bytes | None = connection.scalar(
        select(event.c.chain).where(event.c.stream == case, event.c.seq == seq)
    )
    return found or b""


MOMENTS = Moments()  # of this process
