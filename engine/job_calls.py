"""Calls the connectors of due jobs, in a few threads beside the worker's loop.

A call is made outside of any transaction, and at least once: its worker may be killed before what
came of it is saved. The lease then runs out, and the job is tried again under the same key.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

import structlog

from engine.actions import jobs as acts
from engine.connectors import CallFailed, call
from engine.core import Engine
from engine.errors import AlurError, Conflict, say
from engine.model.job import CALL_LIMIT, LEASE, MOST_TRIES
from engine.storage import jobs
from engine.storage.jobs import JobRow
from engine.storage.transaction import StoreUnavailable

_AT_ONCE = 4  # calls
_MOST_LEFT = 16  # calls that do not end; further ones then wait
_PAUSE = 1.0  # seconds between looks at the clock
_PATIENCE = 5.0  # seconds that running calls get when the worker is to stop

log = structlog.get_logger(__name__)


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop."""
    calls = Calls(engine)
    threads = [threading.Thread(target=_serve, args=(calls, stop), daemon=True) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    stop.wait()
    until = time.monotonic() + _PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _serve(calls: Calls, stop: threading.Event) -> None:
    """Do one job after the other; what fails is logged, and its job is tried again after its lease."""
    while not stop.is_set():
        try:
            done = calls.do_one()
        except Exception as error:
            done = False
            log.warning("jobs.failed", why=str(error), exc_info=not isinstance(error, AlurError))
        if not done:
            stop.wait(_PAUSE)


class Calls:
    """Does jobs, each within its time."""

    def __init__(self, engine: Engine, *, limit: float = CALL_LIMIT.total_seconds()) -> None:
        """Give each call so many seconds."""
        self._engine = engine
        self._limit = limit
        self._left: list[threading.Thread] = []  # whose call nobody waits for any more
        self._lock = threading.Lock()  # of that list

    def do_one(self) -> bool:
        """Do the job that is due for longest; False where there is none."""
        with self._lock:
            self._left = [one for one in self._left if one.is_alive()]
            stuck = len(self._left) >= _MOST_LEFT
        if stuck:
            log.error("jobs.stuck", calls=_MOST_LEFT)
            return False
        job = self._claim()
        if job is None:
            return False
        try:
            result = self._result(job)
        except CallFailed as failed:
            why = failed
            log.warning("job.failed", job=job.id.hex, connector=job.connector, tries=job.tries, why=str(why))
            self._save(lambda: acts.fail(self._engine, job, why))
        else:
            self._save(lambda: acts.finish(self._engine, job, result))
        return True

    def _claim(self) -> JobRow | None:
        now = self._engine.clock.now()
        with self._engine.store.reading() as connection:
            if not jobs.is_due(connection, now):
                return None
        with self._engine.store.transaction() as connection:
            return jobs.claim(connection, now, now + LEASE)

    def _result(self, job: JobRow) -> Any:  # noqa: ANN401 - JSON value
        if job.result is not None:  # answered before, but the case could not go on then
            return json.loads(job.result)
        if job.tries > MOST_TRIES:  # a failed last try gives it up: these ended with their workers
            raise CallFailed(say("The worker ended during each of the calls."), code="killed", final=True)
        box: SimpleQueue[tuple[Any, CallFailed | None]] = SimpleQueue()
        thread = threading.Thread(target=_call, args=(self._engine, job, box), daemon=True)
        thread.start()
        try:
            result, failed = box.get(timeout=self._limit)
        except Empty:
            with self._lock:
                self._left.append(thread)
            sentence = say("No answer within %(seconds)s seconds.", seconds=round(self._limit))
            raise CallFailed(sentence, code="timeout") from None
        if failed is not None:
            raise failed
        return result

    def _save(self, act: Callable[[], object]) -> None:
        """Save what came of a call: what is not saved before the lease ends, is called again."""
        until = time.monotonic() + (LEASE - CALL_LIMIT).total_seconds()
        while True:
            try:
                act()
            except (Conflict, StoreUnavailable):
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)
            else:
                return


def _call(engine: Engine, job: JobRow, box: SimpleQueue[tuple[Any, CallFailed | None]]) -> None:
    try:
        box.put((call(engine.connectors, job.connector, job.inputs, job.id.hex), None))
    except CallFailed as failed:
        box.put((None, failed))
