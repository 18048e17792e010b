"""The worker: one loop that does what nobody clicks on.

1. Fires the timers that are due.
2. Once an hour, forgets ended sessions and old failed sign-ins.
3. Once an hour, removes bytes that no document and no draft has named for a day, and what a killed
   process left half-written.

Any number of workers may run; each thing is settled by its row, not by who does it.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog

from engine.actions.timers import fire
from engine.core import Engine
from engine.errors import AlurError
from engine.storage import documents, instances, sessions

_PAUSE = 1.0  # seconds between looks at the clock
_HOUR = 3600.0
_BATCH = 100
_KEPT_UNUSED = timedelta(hours=24)
_KEPT_FAILURES = timedelta(days=1)

log = structlog.get_logger(__name__)


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; what fails is logged and tried again at the next look."""
    cleaned = float("-inf")
    while not stop.is_set():
        try:
            fire_due(engine)
            if time.monotonic() - cleaned > _HOUR:
                clean_up(engine)
                cleaned = time.monotonic()
        except AlurError as error:
            log.warning("worker.failed", why=str(error))
        stop.wait(_PAUSE)


def fire_due(engine: Engine) -> int:
    """Fire every timer that is due now; gives how many."""
    fired = 0
    while True:
        with engine.store.reading() as connection:
            due = instances.due_timers(connection, engine.clock.now(), _BATCH)
        done = 0
        for timer in due:
            try:
                done += fire(engine, timer)
            except Exception as error:
                # One case that fails must not keep the others waiting; its timer stays due.
                log.warning(
                    "timer.failed",
                    instance=timer.instance.hex,
                    element=timer.element,
                    why=str(error),
                    exc_info=not isinstance(error, AlurError),
                )
        fired += done
        if not done:
            return fired


def clean_up(engine: Engine) -> None:
    """Forget what has ended, and remove bytes without a use."""
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        sessions.forget_expired(connection, now, now - _KEPT_FAILURES)
    remove_unused(engine)
    engine.blobs.discard_unfinished(now - _KEPT_UNUSED)


def remove_unused(engine: Engine) -> int:
    """Remove rows of bytes nobody names, then the bytes without a row; gives how many went.

    The row goes first, re-checked under the write lock, so that a document can never name bytes
    that are gone.
    """
    before = engine.clock.now() - _KEPT_UNUSED
    with engine.store.transaction() as connection:
        rows = documents.unused_blobs(connection, before, _BATCH)
        documents.drop_blobs(connection, [row.id for row in rows])
    removed = engine.blobs.discard_unfinished(before)
    old = list(engine.blobs.list_older_than(before))
    for start in range(0, len(old), _BATCH):
        names = old[start : start + _BATCH]
        with engine.store.transaction() as connection:
            used = documents.objects_in_use(connection, names)
        for name in names:
            if name not in used:
                engine.blobs.delete(name)
                removed += 1
    return removed
