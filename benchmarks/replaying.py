"""Cases rebuilt from their events and compared with their rows, as ``alur audit replay --all`` does."""

from __future__ import annotations

import os
import time

from benchmarks.figures import Figure, Size
from benchmarks.history import Growing
from benchmarks.office import Office, opened_office, places
from engine.queries.stored_case import Listed, cases_after
from engine.record.rebuild import Rebuilder, Same
from webapp.commands.rebuilding import rebuilt

_AT_ONCE = 50


def measure(size: Size) -> list[Figure]:
    """Rebuild finished cases of 13 steps: one after the other, and by a process for each core."""
    with opened_office() as office:
        for case in [office.start() for _ in range(min(2, size.cases))]:
            office.work(case, office.steps())
        Growing(office.engine).grow(3 * size.past_cases)
        pieces = _pieces(office)
        cpu, many = _cpu(office, pieces), os.cpu_count() or 1
        begun = time.perf_counter()
        answers = [answer for _, answer in rebuilt(places(office.folder), iter(pieces), many)]
        took = time.perf_counter() - begun
    assert all(isinstance(one, Same) for one in answers), answers
    return [
        Figure(name="a case of 13 steps rebuilt and compared, CPU", value=cpu, unit="ms", target=10),
        Figure(
            name=f"cases rebuilt by {many} processes, their start included",
            value=len(answers) / took,
            unit="/s",
            target=200,
            at_least=True,
        ),
    ]


def _pieces(office: Office) -> list[list[Listed]]:
    with office.engine.store.reading() as connection:
        found = cases_after(connection, None, 1_000_000)
    return [found[place : place + _AT_ONCE] for place in range(0, len(found), _AT_ONCE)]


def _cpu(office: Office, pieces: list[list[Listed]]) -> float:
    """Give the milliseconds of CPU of a case, of the quietest piece."""
    rebuilder, costs = Rebuilder(office.engine), []
    for piece in pieces:
        begun = time.process_time()
        count = len(list(rebuilder.rebuild([one.id for one in piece])))
        costs.append((time.process_time() - begun) / count * 1000)
    return min(costs)
