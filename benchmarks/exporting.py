"""Event logs of many cases: events a second (of CPU) in each format, and memory that does not grow."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, Size
from benchmarks.history import Growing
from benchmarks.office import Office, opened_office
from engine.actions.offices import operator
from engine.model.event_log import LogFormat, Selection
from engine.record.event_logs.formats import write
from engine.record.event_logs.log import opened_log
from tests.postgres import running_cluster

_TARGET = 4_000  # events a second: a million in some four minutes
_MEMORY = 64  # MB


def measure(size: Size) -> list[Figure]:
    """Write the same cases on both databases."""
    figures = _figures("SQLite", "", size)
    with running_cluster() as cluster, cluster.database() as address:
        return figures + _figures("PostgreSQL", address, size)


def _figures(database: str, address: str, size: Size) -> list[Figure]:
    with opened_office(address=address) as office, TemporaryDirectory() as folder:
        case = office.start()
        office.work(case, office.steps())
        Growing(office.engine).grow(max(1, size.exported_cases // 20))
        _written(office, LogFormat.JSONL, Path(folder))  # what is loaded once is loaded
        Growing(office.engine).grow(size.exported_cases)
        before = _peak()
        taken = {form: _written(office, form, Path(folder)) for form in LogFormat}
        grown = _peak() - before
    events = next(iter(taken.values()))[0]
    about = f"{events:,} events on {database}"
    return [
        *(
            Figure(
                name=f"export {form.value}: {about}",
                value=count / seconds,
                unit="events/s",
                target=_TARGET,
                at_least=True,
            )
            for form, (count, seconds) in taken.items()
        ),
        Figure(name=f"export: memory for {about}", value=grown, unit="MB", target=_MEMORY),
    ]


def _written(office: Office, form: LogFormat, folder: Path) -> tuple[int, float]:
    """Write a log; gives events of the record, and seconds of this process."""
    path = folder / form.value
    path.unlink(missing_ok=True)
    begun = time.process_time()
    with opened_log(office.engine, operator(office.id), Selection()) as log:
        path.touch()
        write(form, log, path)
        events = log.events
    took = time.process_time() - begun
    assert path.stat().st_size > events
    return events, took


def _peak() -> float:
    """Give the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
