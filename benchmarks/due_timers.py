"""Ten thousand timers due at once: how late real workers are, and how long an inbox takes meanwhile.

A timer is late until what it led to can be read: the commit counts, not when a worker took it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from benchmarks.browser import Browser, answer, application
from benchmarks.drawn import waiting
from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, Office, opened_office
from engine.actions import instances
from engine.actions.deployment import deploy
from engine.actions.instances import NewCase
from engine.actions.offices import operator
from engine.clock import Clock
from engine.ids import new_id
from engine.storage.tables import instance, timer
from tests.postgres import running_cluster

_WORKERS = 2
_WORKER = (sys.executable, "-m", "webapp.cli", "worker")
_BEFORE = 400  # timers fired before, so that each worker has read what it keeps
_NOTICE = timedelta(seconds=2)  # between setting the timers and their time
_PATIENCE = 120.0
_FAR = timedelta(days=1)  # what is set for then waits until all is ready
_THINKING = 0.05  # seconds between two pages
_LOOK = 0.01


def measure(size: Size) -> list[Figure]:
    """Let the same timers become due on both databases."""
    figures = _figures("SQLite", "", size)
    with running_cluster() as cluster, cluster.database() as address:
        return figures + _figures("PostgreSQL", address, size)


def _figures(database: str, address: str, size: Size) -> list[Figure]:
    with opened_office(address=address) as office:
        _fill(office, size.timers + _BEFORE)
        with _worker(office, address), _worker(office, address):
            _work_before(office, size.timers)
            late, pages = _watched(office, size.timers)
    storm = f"{size.timers:,} timers due at once on {database}, {_WORKERS} workers"
    return [
        Figure(name=f"{storm}: lateness p50", value=_percentile(late, 50), unit="s", target=2),
        Figure(name=f"{storm}: lateness p99", value=_percentile(late, 99), unit="s", target=2),
        Figure(name=f"{storm}: inbox p99", value=_percentile(pages, 99) * 1000, unit="ms", target=500),
    ]


def _fill(office: Office, count: int) -> None:
    """Copy a real case that waits for a timer."""
    deploy(office.engine, operator(office.id), waiting())
    new = NewCase(key="menunggu", year=DATA["year"], title="", attempt=new_id(), knowingly=True)
    office.clock.set(Clock().now() - timedelta(hours=2))  # as its state has it, it is due already
    case = instances.start(office.engine, office.actors["staf"], new).instance
    with office.engine.store.transaction() as connection:
        [one] = connection.execute(select(instance).where(instance.c.id == case)).mappings()
        [its] = connection.execute(select(timer).where(timer.c.instance == case)).mappings()
        ids = [new_id() for _ in range(count - 1)]
        cases = [{**one, "id": id_, "number": f"{number}"} for number, id_ in enumerate(ids)]
        connection.execute(insert(instance), cases)
        connection.execute(insert(timer), [{**its, "id": new_id(), "instance": id_} for id_ in ids])
        connection.execute(update(timer).values(next_try_at=Clock().now() + _FAR))


@contextmanager
def _worker(office: Office, address: str) -> Iterator[None]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALUR_")}
    places = {"ALUR_DATA_DIR": str(office.folder), "ALUR_DATABASE_URL": address, "ALUR_LOG_LEVEL": "error"}
    process = subprocess.Popen(_WORKER, env=mine | places)  # noqa: S603 - ourselves
    try:
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _work_before(office: Office, leaving: int) -> None:
    until = time.monotonic() + _PATIENCE
    with office.engine.store.transaction() as connection:
        some = select(timer.c.id).limit(_BEFORE)
        connection.execute(update(timer).where(timer.c.id.in_(some)).values(next_try_at=Clock().now()))
    while _waiting(office) > leaving:
        assert time.monotonic() < until, "the workers do not work"
        time.sleep(_LOOK)


def _waiting(office: Office) -> int:
    with office.engine.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(timer)) or 0


def _watched(office: Office, count: int) -> tuple[list[float], list[float]]:
    """Give the lateness of each timer and the time of each page that was opened meanwhile, in seconds."""
    due = Clock().now() + _NOTICE
    with office.engine.store.transaction() as connection:
        connection.execute(update(timer).values(due_at=due, next_try_at=due))
    late: list[float] = []
    watching = threading.Thread(target=_watch, args=(office, count, due, late))
    watching.start()
    request, pages = _inbox(office), []
    while watching.is_alive() or not pages:
        begun = time.perf_counter()
        status, _page = answer(request[0], dict(request[1]))
        assert status.startswith("200"), status
        if Clock().now() > due:
            pages.append(time.perf_counter() - begun)
        time.sleep(_THINKING)
    assert len(late) == count, "the workers were not done in time"
    return late, pages


def _inbox(office: Office) -> tuple[Any, dict[str, Any]]:
    app = application(office)
    browser = Browser(app, office, "staf")
    browser.get("/tasks")
    return app, browser.reading("/tasks")


def _watch(office: Office, count: int, due: datetime, late: list[float]) -> None:
    """Note when timers are gone; as late as that the tasks they opened can be seen."""
    until = time.monotonic() + _PATIENCE
    while len(late) < count and time.monotonic() < until:
        left = _waiting(office)
        since = max((Clock().now() - due).total_seconds(), 0.0)
        late += [since] * (count - left - len(late))
        time.sleep(_LOOK)


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]
