"""Many at work on PostgreSQL: threads of one process, then processes; nobody may meet an error."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from benchmarks.figures import Figure, Size
from benchmarks.office import Office, opened_office, places
from engine.opening import open_engine
from tests.postgres import running_cluster

_THREADS, _PROCESSES = 8, 4
_PATIENCE = 120  # seconds until all have begun
# A throughput that stays the same is none that grows, and would reach 1. Threads share one interpreter and
# were measured at 1.5, processes share two cores with the database at 2.1; a busy machine has less of both.
_GROWS = 1.2
_here: list[Office] = []  # of this process


def measure(size: Size) -> list[Figure]:
    """Work the same number of cases with one and with several; whatever fails ends the measurement."""
    with (
        running_cluster() as cluster,
        cluster.database() as address,
        opened_office(address=address) as office,
    ):
        threads = [_threads(office, count, size) for count in (1, _THREADS)]
        processes = [_processes(office, address, count, size) for count in (1, _PROCESSES)]
    return [
        _growth(f"{_THREADS} threads", threads),
        _growth(f"{_PROCESSES} processes", processes),
    ]


def _growth(many: str, rates: Sequence[float]) -> Figure:
    return Figure(
        name=f"completions a second on PostgreSQL, {many} against one",
        value=rates[1] / rates[0],
        unit="times as many",
        target=_GROWS,
        at_least=True,
    )


def _threads(office: Office, count: int, size: Size) -> float:
    ready = (office, "", threading.Barrier(count))
    with ThreadPoolExecutor(count, initializer=_begin, initargs=ready) as pool:
        return _rate(pool, count, size)


def _processes(office: Office, address: str, count: int, size: Size) -> float:
    context = get_context("spawn")
    # Each opens an engine of its own: what connects and caches does not pass from one to another.
    ready = (replace(office, engine=None), address, context.Barrier(count))
    with ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=ready) as pool:
        return _rate(pool, count, size)


def _begin(office: Office, address: str, barrier: Any) -> None:  # noqa: ANN401 - of threads or of processes
    """Work two cases to warm up, then wait for the others."""
    if address:
        engine = open_engine(replace(places(office.folder), database=address), office.clock)
        office = replace(office, engine=engine)
    _here[:] = [office]
    _work(2)
    barrier.wait(_PATIENCE)


def _work(cases: int) -> int:
    [office] = _here
    steps = office.steps()
    for _ in range(cases):
        office.work(office.start(), steps)
    return cases * len(steps)


def _rate(pool: Executor, count: int, size: Size) -> float:
    """Give completions a second of wall time."""
    list(pool.map(_work, [0] * count))
    each = max(size.cases * size.blocks // count, 1)
    begun = time.monotonic()
    done = sum(pool.map(_work, [each] * count))
    return done / (time.monotonic() - begun)
