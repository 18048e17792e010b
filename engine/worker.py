"""The worker: one loop that does what nobody clicks on.

1. Fires the timers that are due, many at a time. One that fails is tried again later, each time
   after twice as long.
2. Delivers what cases said to each other, and messages from outside that nobody waited for when they came.
3. Once an hour, forgets ended sessions, old failed sign-ins, drafts of tasks closed for a month, and
   rehearsals that nobody went on with for a month.
4. Once an hour, removes bytes that no document and no draft has named for a day, and what a killed
   process left half-written; empties SQLite's log of writes. Timers that a wrong clock put off for longer
   than anything may be are due.
   SOPs that are due to be monitored or evaluated get their case.
5. Once a minute, puts approved versions of SOPs in force whose day has come, and begins the cases of
   revisions that wait for approval without one.
6. Does a slice of the work on many cases that somebody asked for (``actions.batches``).
7. Beside that loop, calls the connectors of service tasks (``job_calls``): a slow one holds up no timer.
8. Beside it too, seals what is committed and brings checkpoints out of the database (``record.sealer``).
9. And makes the large files that somebody asked for (``record.takeouts``).

Any number of workers may run; each thing is settled by its row, not by who does it.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

import structlog

from engine import job_calls, temporary
from engine.actions import batch_slices
from engine.actions.deliveries import End, deliver
from engine.actions.effective_dates import bring_due_into_force
from engine.actions.incidents_noted import note_timer
from engine.actions.periodic_reviews import start_due_reviews
from engine.actions.revision_cases import start_revision_cases
from engine.actions.timers import Fired, fire
from engine.core import Engine
from engine.errors import AlurError, NotNow
from engine.model.takeout import KEPT as KEPT_TAKEOUTS
from engine.record import sealer, takeouts
from engine.storage import documents, drafts, incidents, messages, moved, rehearsals, sessions, timers
from engine.storage import takeouts as takeout_rows
from engine.storage.archive_folder import tidy_archives
from engine.storage.space import empty_log
from engine.storage.timers import TimerRow
from engine.storage.transaction import Connection, StoreUnavailable

_LONGEST_REST = 1.0  # seconds: what another process sets meanwhile is late by no more
_MINUTE, _HOUR = 60.0, 3600.0
_BATCH = 250  # one commit each for claim and steps; a writer of SQLite waits for as long as one takes
# For so long nobody else takes the timers a worker took: so late are those of a worker that was killed.
_CLAIM = timedelta(seconds=30)
_RACES = 5  # tries for a case that others keep moving
_KEPT_UNUSED = timedelta(hours=24)
_KEPT_FAILURES = timedelta(days=1)
_KEPT_DRAFTS = timedelta(days=30)
_KEPT_REHEARSALS = timedelta(days=30)  # since the last step
_KEPT_MESSAGES = timedelta(days=30)  # so long the same id is known not to be a new message
_KEPT_SEEN = timedelta(days=90)  # of a solved incident; what it saw may be about people
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(days=1)
_MANY_TRIES = 10  # about a day and a half: somebody has to look

log = structlog.get_logger(__name__)


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; what fails is logged and tried again at the next look."""
    works = (job_calls.run, sealer.run, takeouts.run)
    beside = [threading.Thread(target=work, args=(engine, stop)) for work in works]
    for thread in beside:
        thread.start()
    try:
        _tend(engine, stop)
    finally:
        stop.set()
        for thread in beside:
            thread.join()


def _tend(engine: Engine, stop: threading.Event) -> None:
    cleaned = dated = float("-inf")
    while not stop.is_set():
        rest = _LONGEST_REST
        try:
            fire_due(engine)
            deliver_due(engine)
            if time.monotonic() - dated > _MINUTE:
                dated = time.monotonic()
                bring_due_into_force(engine)
                start_revision_cases(engine)
            if time.monotonic() - cleaned > _HOUR:
                cleaned = time.monotonic()
                start_due_reviews(engine)
                clean_up(engine)
            rest = 0.0 if batch_slices.work(engine) else _until_next(engine)
        except Exception as error:
            log.warning("worker.failed", why=str(error), exc_info=not isinstance(error, AlurError))
        stop.wait(rest)


def _until_next(engine: Engine) -> float:
    """Give the seconds until a timer is due that is known of now; other processes may set an earlier one."""
    with engine.store.reading() as connection:
        known = (timers.next_try(connection), messages.next_try(connection))
    now = engine.clock.now()
    waits = [(due - now).total_seconds() for due in known if due is not None]
    return min(max(min(waits, default=_LONGEST_REST), 0.0), _LONGEST_REST)


def fire_due(engine: Engine) -> int:
    """Fire timers that are due now, a batch of them; gives how many."""
    now = engine.clock.now()
    with engine.store.reading() as connection:
        due = timers.next_try(connection)
    if due is None or due > now:  # nothing to lock for
        return 0
    with engine.store.transaction() as connection:
        claimed = timers.claim(connection, now, now + _CLAIM, _BATCH)
    done, left = 0, claimed
    while left:
        fired = _fire_together(engine, left, now)
        done += len(fired.done) + sum(_fire_alone(engine, timer, now) for timer in fired.left)
        left = fired.later
    return done


def _fire_together(engine: Engine, claimed: list[TimerRow], now: datetime) -> Fired:
    try:
        fired = fire(engine, claimed, now)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - whose fault it is shows when each is fired alone
        return Fired(left=claimed)
    for timer, error in fired.failed:
        _put_off(engine, timer, error)
    return fired


def _fire_alone(engine: Engine, timer: TimerRow, now: datetime) -> int:
    """Fire a timer whose case others were at, or that was in a batch with one that cannot be saved."""
    for _ in range(_RACES):
        try:
            fired = fire(engine, [timer], now)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - logged with its traceback
            fired = Fired(failed=[(timer, error)])
        for failed, why in fired.failed:
            _put_off(engine, failed, why)
        if not fired.left:
            return len(fired.done)
    return 0  # somebody is always first: it is claimed again in a while


def deliver_due(engine: Engine) -> int:
    """Deliver messages that are to be tried now, a batch of them; gives how many went through."""
    now = engine.clock.now()
    with engine.store.reading() as connection:
        due = messages.next_try(connection)
    if due is None or due > now:
        return 0
    with engine.store.transaction() as connection:
        claimed = messages.claim(connection, now, now + _CLAIM, _BATCH)
    return sum(deliver(engine, message).end is End.DELIVERED for message in claimed)


def _note(engine: Engine, timer: TimerRow, error: Exception) -> None:
    """Let the case show that it stands still; where even that fails, the timer is put off all the same."""
    try:
        note_timer(engine, timer, error)
    except Exception as other:
        log.warning("problem.not-noted", instance=timer.instance.hex, why=str(other), exc_info=True)


def _put_off(engine: Engine, timer: TimerRow, error: Exception) -> None:
    """Try a timer that failed again later. Never given up; after many tries the log calls it an error."""
    if isinstance(error, NotNow):  # tried again when the claim ends
        return
    _note(engine, timer, error)
    tries = timer.tries + 1
    # The exponent is bounded: a factor of thousands of digits would take longer than the delay.
    delay = min(_FIRST_DELAY * 2 ** min(timer.tries, _MANY_TRIES + 1), _LONGEST_DELAY)
    until = engine.clock.now() + delay
    with engine.store.transaction() as connection:
        timers.put_off(connection, timer.id, tries, until)
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
    with engine.store.transaction() as connection:
        timers.try_again(connection, now, now + _LONGEST_DELAY + _CLAIM)
        messages.forget(connection, now - _KEPT_MESSAGES)
        incidents.forget_seen(connection, now - _KEPT_SEEN)
        moved.forget_before(connection)
        rehearsals.forget(connection, now - _KEPT_REHEARSALS)
        takeout_rows.forget(connection, now - KEPT_TAKEOUTS)
    remove_unused(engine)
    engine.blobs.discard_unfinished(now - _KEPT_UNUSED)
    temporary.discard_left()
    tidy_archives(engine.store)
    empty_log(engine.store)


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
        left = set(names) - _in_use(connection, names)
    if not left:
        return 0
    with engine.store.transaction() as connection:
        left -= _in_use(connection, list(left))
    for name in left:
        engine.blobs.delete(name)
    return len(left)


def _in_use(connection: Connection, names: list[str]) -> set[str]:
    return documents.objects_in_use(connection, names) | takeout_rows.objects_in_use(connection, names)
