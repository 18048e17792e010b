"""A step that many do at the same time: completing one of a thousand must cost what one of a hundred does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from statistics import median

from benchmarks.cpu import Meter
from benchmarks.drawn import at_once, at_once_inside
from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, Office, opened_office
from engine.actions import completion, instances
from engine.actions.completion import Completion
from engine.actions.deployment import Package, deploy
from engine.actions.instances import NewCase
from engine.actions.offices import operator
from engine.ids import new_id

_BY = "staf"
_TURNS = 3


def measure(size: Size) -> list[Figure]:
    """Complete all instances of one step, one by one, in a case with few and in one with many."""
    few, many = size.at_once
    drawn = {"instances": at_once, "subprocesses": at_once_inside}
    with opened_office() as office:
        for draw, count in product(drawn.values(), size.at_once):
            deploy(office.engine, operator(office.id), draw(count))
        return [
            Figure(
                name=f"one of {many:,} parallel {what} against one of {few}",
                value=_ratio(office, draw, size),
                unit="times the CPU",
                target=1.5,
            )
            for what, draw in drawn.items()
        ]


def _ratio(office: Office, draw: Callable[[int], Package], size: Size) -> float:
    cases = [(draw(count).key, count) for count in size.at_once]
    costs = [[_per_item(office, *case) for case in cases] for _ in range(min(size.blocks, _TURNS))]
    return median(many / few for few, many in costs)


def _per_item(office: Office, key: str, count: int) -> float:
    new = NewCase(key=key, year=DATA["year"], title="", attempt=new_id(), knowingly=True)
    case = instances.start(office.engine, office.actors[_BY], new).instance
    tasks = office.open_task_ids(case)
    assert len(tasks) == count
    with Meter() as meter:
        for task in tasks:
            work = Completion(fields={}, attempt=new_id())
            done = completion.complete(office.engine, office.actors[_BY], task, work)
    assert done.finished
    return meter.seconds / count
