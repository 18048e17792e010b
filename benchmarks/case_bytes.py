"""How much of the database a finished case takes, its whole record included; and once it is archived."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

from benchmarks.figures import Figure, Size
from benchmarks.office import Office, checkpoint, opened_office
from engine.actions.offices import operator
from engine.core import Sealing
from engine.record.archiving import Asked, Phase, archive
from engine.record.sealing import seal
from engine.storage.space import compact
from engine.storage.transaction import open_store

_NAMES = {False: "without tables", True: "three tables of 12 rows"}
_TARGETS = {False: 12, True: 20}  # kilobytes
_KILOBYTE = 1024


def measure(size: Size) -> list[Figure]:
    """Work cases one after the other: what a running case needs for a while is used again by the next."""
    found = [(tables, _of_cases(size.cases * 2, tables=tables)) for tables in (False, True)]
    return [
        *(
            Figure(
                name=f"database per finished case of 13 steps, {_NAMES[tables]}",
                value=whole / _KILOBYTE,
                unit="KB",
                target=_TARGETS[tables],
            )
            for tables, (whole, _, _) in found
        ),
        *(
            Figure(
                name=f"the same, archived and without gaps, {_NAMES[tables]}",
                value=archived / _KILOBYTE,
                unit="KB",
                target=_TARGETS[False],
            )
            for tables, (_, archived, _) in found
        ),
        Figure(name="archiving 1,000 cases", value=found[0][1][2] * 1_000, unit="s", target=60),
    ]


def _of_cases(count: int, *, tables: bool) -> tuple[float, float, float]:
    """Give bytes of a case before and after, and the seconds of archiving one."""
    with opened_office() as office:
        steps = office.steps(tables=tables)
        office.work(office.start(), steps)
        compact(office.engine.store)  # else the gaps of the library would count as what archiving brings
        before = _bytes(office)
        for _ in range(count):
            office.work(office.start(), steps)
        whole = (_bytes(office) - before) / count
        seconds = _archived(office)
        return whole, (_bytes(office) - before) / count, seconds / count


def _archived(office: Office) -> float:
    """Archive every case, and give what became free back to the disk."""
    folder = office.folder / "archive"
    store = open_store(f"sqlite:///{office.database}", folder)
    sealed = replace(office.engine, store=store, sealing=Sealing(key=office.folder / "seal.key"))
    seal(sealed)
    begun = time.perf_counter()
    archive(sealed, operator(office.id), Asked(before=date(2099, 1, 1)), _unseen)
    seconds = time.perf_counter() - begun
    compact(store)
    store.close()
    return seconds


def _unseen(_phase: Phase, _done: int, _total: int) -> None:
    """Show nothing."""


def _bytes(office: Office) -> int:
    checkpoint(office.engine.store)
    return office.database.stat().st_size
