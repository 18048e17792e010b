"""Versions of SOPs that are stopped as a whole, because their expressions ran out of time again and again.

What stops one is an open incident of its own kind: every process sees it, and solving it lets the
version go on.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, literal_column, select

from engine.errors import Suspended, say
from engine.model.incident import IncidentKind, IncidentState
from engine.storage.tables import incident, instance
from engine.storage.transaction import Store

# So often within so long: one slow moment of the machine is not enough, and an attack has had 2.5 seconds.
MOST_TIME_OUTS = 5
WITHIN = timedelta(minutes=10)
_AGE = 1.0  # seconds until what another process suspended or let go on is seen

_SUSPENDS = (
    incident.c.kind == literal_column(f"'{IncidentKind.SUSPENDED.value}'"),
    incident.c.state == literal_column(f"'{IncidentState.OPEN.value}'"),
)


class Suspensions:
    """Knows which versions are stopped, and counts the time-outs that this process saw; for all threads."""

    def __init__(self, store: Store) -> None:
        """Start empty."""
        self._store = store
        self._lock = Lock()
        self._read_at = float("-inf")
        self._stopped: frozenset[UUID] = frozenset()
        self._time_outs: dict[UUID, deque[datetime]] = {}

    def must_run(self, version: UUID) -> None:
        """Raise Suspended for a version that is stopped."""
        if time.monotonic() - self._read_at > _AGE:
            with self._store.reading() as connection:
                self._stopped = frozenset(connection.scalars(select(incident.c.version).where(*_SUSPENDS)))
            self._read_at = time.monotonic()
        if version in self._stopped:
            raise Suspended(
                say(
                    "This SOP is stopped for the time being: working out its conditions takes too long. "
                    "An administrator sees it and can let it go on; what is open stays as it is."
                )
            )

    def look_again(self) -> None:
        """Forget what was read: this process has just changed it."""
        self._read_at = float("-inf")

    def timed_out(self, version: UUID, now: datetime) -> bool:
        """Count a time-out; True where it is one too many, which begins the count anew."""
        with self._lock:
            recent = self._time_outs.setdefault(version, deque(maxlen=MOST_TIME_OUTS))
            recent.append(now)
            if len(recent) < MOST_TIME_OUTS or now - recent[0] > WITHIN:
                return False
            del self._time_outs[version]
            return True


def stopped_of(connection: Connection, versions: Collection[UUID]) -> dict[UUID, UUID]:
    """Give the incidents that stop some versions, by version."""
    rows = connection.execute(
        select(incident.c.version, incident.c.id).where(*_SUSPENDS, incident.c.subject.in_(versions))
    )
    return {row.version: row.id for row in rows}


def is_stopped(case: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Tell in a statement whether the version of a case is stopped."""
    return (
        select(incident.c.id)
        .join(instance, instance.c.version == incident.c.subject)
        .where(*_SUSPENDS, instance.c.id == case)
        .exists()
    )
