"""How much of the database a finished case takes, its whole record included."""

from __future__ import annotations

from benchmarks.figures import Figure, Size
from benchmarks.office import Office, checkpoint, opened_office

_NAMES = {False: "without tables", True: "three tables of 12 rows"}
_TARGETS = {False: 12, True: 20}  # kilobytes
_KILOBYTE = 1024


def measure(size: Size) -> list[Figure]:
    """Work cases one after the other: what a running case needs for a while is used again by the next."""
    return [
        Figure(
            name=f"database per finished case of 13 steps, {_NAMES[tables]}",
            value=_of_cases(size.cases * 2, tables=tables) / _KILOBYTE,
            unit="KB",
            target=_TARGETS[tables],
        )
        for tables in (False, True)
    ]


def _of_cases(count: int, *, tables: bool) -> float:
    with opened_office() as office:
        steps = office.steps(tables=tables)
        office.work(office.start(), steps)
        before = _bytes(office)
        for _ in range(count):
            office.work(office.start(), steps)
        return (_bytes(office) - before) / count


def _bytes(office: Office) -> int:
    checkpoint(office.engine.store)
    return office.database.stat().st_size
