"""The worker: one loop that does what nobody clicks on.

1. Fires the timers that are due. One that fails is tried again later, each time after twice as long.
2. Once an hour, forgets ended sessions, old failed sign-ins, and drafts of tasks closed for a month.
3. Once an hour, removes bytes that no document and no draft has named for a day, and what a killed
   process left half-written.

Any number of workers may run; each thing is settled by its row, not by who does it.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

import structlog

from engine.actions.timers import fire
from engine.core import Engine
from engine.errors import AlurError
from engine.storage import documents, drafts, instances, sessions
from engine.storage.instances import TimerRow

_PAUSE = 1.0  # seconds between looks at the clock
_HOUR = 3600.0
_BATCH = 100
_KEPT_UNUSED = timedelta(hours=24)
_KEPT_FAILURES = timedelta(days=1)
_KEPT_DRAFTS = timedelta(days=30)
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(days=1)
_MANY_TRIES = 10  # about a day and a half: somebody has to look

log = structlog.get_logger(__name__)


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; what fails is logged and tried again at the next look."""
    cleaned = float("-inf")
    while not stop.is_set():
        try:
            fire_due(engine)
            if time.monotonic() - cleaned > _HOUR:
                cleaned = time.monotonic()
                clean_up(engine)
        except Exception as error:
            log.warning("worker.failed", why=str(error), exc_info=not isinstance(error, AlurError))
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
            except Exception as error:  # noqa: BLE001 - logged with its traceback
                # One case that fails must not keep the others waiting: its timer goes to the end.
                _put_off(engine, timer, error)
        fired += done
        if not done and len(due) < _BATCH:
            return fired


def _put_off(engine: Engine, timer: TimerRow, error: Exception) -> None:
    """Try a timer that failed again later. Never given up; after many tries the log calls it an error."""
    tries = timer.tries + 1
    # The exponent is bounded: a factor of thousands of digits would take longer than the delay.
    delay = min(_FIRST_DELAY * 2 ** min(timer.tries, _MANY_TRIES + 1), _LONGEST_DELAY)
    until = engine.clock.now() + delay
    with engine.store.transaction() as connection:
        instances.put_off_timer(connection, timer.id, tries, until)
    log.log(
        logging.ERROR if tries >= _MANY_TRIES else logging.WARNING,
        "timer.failed",
        instance=timer.instance.hex,
        element=timer.element,
        tries=tries,
        next_try=until.isoformat(),
        why=str(error),
        exc_info=not isinstance(error, AlurError),
    )


def clean_up(engine: Engine) -> None:
    """Forget what has ended, and remove bytes without a use."""
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        sessions.forget_expired(connection, now, now - _KEPT_FAILURES)
    # Apart from it: who signs in waits for the table of failed attempts, and a sweep may take its time.
    with engine.store.transaction() as connection:
        drafts.drop_kept(connection, now)
        drafts.keep_closed(connection, now + _KEPT_DRAFTS)
    remove_unused(engine)
    engine.blobs.discard_unfinished(now - _KEPT_UNUSED)


def remove_unused(engine: Engine) -> int:
    """Remove rows of bytes nobody names, then the bytes without a row; gives how many went.

    What is unused is found by reading; the rows go first, a few at a time and re-checked under the
    write lock, so that a document can never name bytes that are gone.
    """
    before = engine.clock.now() - _KEPT_UNUSED
    with engine.store.reading() as connection:
        unused = documents.unused_blobs(connection, before)
    for start in range(0, len(unused), _BATCH):
        with engine.store.transaction() as connection:
            still = documents.unused_blobs(connection, before, unused[start : start + _BATCH])
            documents.drop_blobs(connection, still)
    removed = engine.blobs.discard_unfinished(before)
    old = list(engine.blobs.list_older_than(before))
    for start in range(0, len(old), _BATCH):
        removed += _remove_without_row(engine, old[start : start + _BATCH])
    return removed


def _remove_without_row(engine: Engine, names: list[str]) -> int:
    with engine.store.reading() as connection:
        left = set(names) - documents.objects_in_use(connection, names)
    if not left:
        return 0
    with engine.store.transaction() as connection:
        left -= documents.objects_in_use(connection, list(left))
    for name in left:
        engine.blobs.delete(name)
    return len(left)
