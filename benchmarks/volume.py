"""Years of history at once: every page that they make long, a sample, the seals, the export, and their bytes.

A long run takes another number of events: ``python -m benchmarks volume --events 10000000``.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cpu import Meter
from benchmarks.demo_office import DemoOffice
from benchmarks.figures import Figure, Size
from benchmarks.history import Growing
from benchmarks.office import LIBRARY, checkpoint
from benchmarks.volume_pages import visits
from engine.actions.offices import operator
from engine.clock import Clock
from engine.core import Engine
from engine.demo import fill
from engine.model.event_log import LogFormat, Selection
from engine.opening import open_engine
from engine.record.checkpoints import bring_due, keep_due
from engine.record.event_logs.formats import write
from engine.record.event_logs.log import opened_log
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked, verify
from engine.storage.migrating import migrate
from tests.postgres import running_cluster
from webapp.commands.opening import places
from webapp.settings import Settings

_EVENTS_OF_A_CASE = 36  # of most copies
_PASSWORD = "untuk-ukur-saja-17"  # noqa: S105 - of demo accounts
_SAMPLE = 60  # cases
_EXPORTED = (LogFormat.CSV, LogFormat.XLSX, LogFormat.OCEL_SQLITE)
_TIMES = 3  # a page is asked for
_QUICK = 1.0  # seconds, up to which it is


def measure(size: Size) -> list[Figure]:
    """Fill an office with so many events, and ask it for everything; its pages on PostgreSQL too."""
    with filled(size.history_events) as (office, settings):
        of = f"at {office.known.of_all:,} events"
        found = [
            *pages(office, of),
            _sample(office, of),
            *_record(office.engine, settings, of),
            *_exports(office, Path(settings.data_dir), of),
            _bytes(office, settings, of),
        ]
    with (
        running_cluster() as cluster,
        cluster.database() as address,
        filled(size.history_events, address) as (office, _settings),
    ):
        return [*found, *pages(office, f"{of} on PostgreSQL", of_the_clock=True)]


@contextmanager
def filled(events: int, address: str = "") -> Iterator[tuple[DemoOffice, Settings]]:
    """Make the demo with a history of some so many events, on SQLite or at an address."""
    with TemporaryDirectory(prefix="alur-volume-") as folder:
        settings = Settings(data_dir=Path(folder), database_url=address, demo=True)
        engine = open_engine(places(settings))
        try:
            migrate(engine.store)
            fill(places(settings), LIBRARY, _PASSWORD, Clock().now(), lambda _step: None)
            Growing(engine).grow(max(1, events // _EVENTS_OF_A_CASE))
            yield DemoOffice(engine, settings), settings
        finally:
            engine.close()


def pages(office: DemoOffice, of: str, *, of_the_clock: bool = False) -> list[Figure]:
    """Ask for each page: seconds of CPU, or by the clock where the database works in processes of its own."""
    found = []
    for visit in visits(office.known):
        took = []
        for _ in range(_TIMES):
            cpu, clock, _page = office.page(visit.account, visit.address)
            took.append(clock if of_the_clock else cpu)
            if min(took) > _QUICK:
                break
        unit = "s" if of_the_clock else "s CPU"
        found.append(Figure(name=f"{visit.name}, {of}", value=min(took), unit=unit, target=visit.most))
    return found


def _sample(office: DemoOffice, of: str) -> Figure:
    took = office.draw_sample("auditor", _SAMPLE)
    return Figure(name=f"a sample drawn, {of}", value=took, unit="s CPU", target=5)


def _record(engine: Engine, settings: Settings, of: str) -> Iterator[Figure]:
    """Seal everything, and verify it."""
    with Meter() as meter:
        events = seal(engine)
    yield _rate(f"events sealed, {of}", events, meter.seconds, 2_000)
    keep_due(engine)
    bring_due(engine)
    keys = public_keys(public_file(settings.seal_file))
    with Meter() as meter:  # copies share the bytes of their documents: reading them would say nothing
        found = verify(engine, Asked(keys=keys, folders=[settings.checkpoint_folder], read_documents=False))
    if found.findings.total:
        raise SystemExit(f"The record was not verified: {found.findings.listed[0].sentence}")
    yield _rate(f"events verified, {of}", found.events, meter.seconds, 20_000)


def _exports(office: DemoOffice, folder: Path, of: str) -> Iterator[Figure]:
    """Write everything as files, and see by how much memory grew."""
    before = _peak()
    for form in _EXPORTED:
        path = folder / form.value
        path.touch()
        begun = time.process_time()
        with opened_log(office.engine, operator(office.id), Selection()) as log:
            write(form, log, path)
            events = log.events
        yield _rate(f"export {form.value}, {of}", events, time.process_time() - begun, 4_000)
        path.unlink()
    grown = _peak() - before
    yield Figure(name=f"memory that exports took more, {of}", value=grown, unit="MB", target=64)


def _bytes(office: DemoOffice, settings: Settings, of: str) -> Figure:
    checkpoint(office.engine.store)
    size = (settings.data_dir / "alur.db").stat().st_size
    return Figure(
        name=f"database per case of {_EVENTS_OF_A_CASE} events, sealed, {of}",
        value=size / office.known.cases / 1024,
        unit="KB",
        target=12,
    )


def _rate(name: str, count: int, seconds: float, least: float) -> Figure:
    return Figure(name=name, value=count / seconds, unit="per s CPU", target=least, at_least=True)


def _peak() -> float:
    """Give the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
