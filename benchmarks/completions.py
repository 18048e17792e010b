"""Completions through the action layer, record included, against the bare writes of the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID

from benchmarks.bare_writes import Writes, recorded
from benchmarks.cpu import Meter
from benchmarks.figures import Figure, Size
from benchmarks.office import Office, Step, opened_office, places
from engine.opening import open_engine
from engine.storage.transaction import open_store
from tests.postgres import running_cluster


def measure(size: Size) -> list[Figure]:
    """Work cases on SQLite, then on PostgreSQL, whose own CPU does not count."""
    on_sqlite = _on("SQLite", "", size, 1_200)
    with running_cluster() as cluster, cluster.database() as address:
        return [*on_sqlite, *_on("PostgreSQL", address, size, 600)]


def _on(database: str, address: str, size: Size, target: int) -> list[Figure]:
    """Work cases from end to end, all of them one step further at a time, as an office does."""
    with opened_office(address=address) as office:
        steps = office.steps()
        office.work(office.start(), steps)
        blocks = [_block(office, steps, size.cases, number) for number in range(size.blocks)]
    return [
        Figure(
            name=f"completions through the action layer on {database}, whole record included",
            value=max(completions / through for through, _bare, completions in blocks),
            unit="a second of CPU",
            target=target,
            at_least=True,
        ),
        Figure(
            name="the same against the bare Core writes of the same rows",
            value=median(through / bare for through, bare, _completions in blocks),
            unit="times the CPU",
            target=2,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class _Written:
    """What one step of all cases wrote: on the way to it, and by completing it."""

    before: Writes
    completing: Writes


def _block(office: Office, steps: Sequence[Step], count: int, number: int) -> tuple[float, float, int]:
    """Give CPU seconds through the actions, of the bare writes, and the number of completions.

    The rows are recorded in a rehearsal on a copy, so that neither side is measured while it is recorded.
    """
    cases = [office.start() for _ in range(count)]
    rehearsal, bare = office.copied(f"rehearsal-{number}"), open_store(office.copied(f"bare-{number}"))
    written = _rehearse(office, rehearsal, cases, steps)
    through, again = Meter(), Meter()
    for step, was in zip(steps, written, strict=True):
        tasks = [office.arrive(case, step) for case in cases]
        with through:
            for task in tasks:
                office.complete(task, step)
        was.before.again(bare)
        with again:
            was.completing.again(bare)
    bare.close()
    return through.seconds, again.seconds, len(cases) * len(steps)


def _rehearse(office: Office, address: str, cases: Sequence[UUID], steps: Sequence[Step]) -> list[_Written]:
    engine = open_engine(replace(places(office.folder), database=address), office.clock)
    copy = replace(office, engine=engine)
    written = []
    for step in steps:
        with recorded(engine.store) as before:
            tasks = [copy.arrive(case, step) for case in cases]
        with recorded(engine.store) as completing:
            for task in tasks:
                copy.complete(task, step)
        written.append(_Written(before=before, completing=completing))
    engine.close()
    return written
