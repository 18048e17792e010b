"""A step that many do at the same time: completing one of a thousand must cost what one of a hundred does."""

from __future__ import annotations

from statistics import median

from benchmarks.cpu import Meter
from benchmarks.drawn import at_once
from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, Office, opened_office
from engine.actions import completion, instances
from engine.actions.completion import Completion
from engine.actions.deployment import deploy
from engine.actions.instances import NewCase
from engine.actions.offices import operator
from engine.ids import new_id

_BY = "staf"
_TURNS = 3


def measure(size: Size) -> list[Figure]:
    """Complete all instances of one step, one by one, in a case with few and in one with many."""
    with opened_office() as office:
        for count in size.at_once:
            deploy(office.engine, operator(office.id), at_once(count))
        costs = [
            [_per_item(office, count) for count in size.at_once] for _ in range(min(size.blocks, _TURNS))
        ]
    few, many = size.at_once
    return [
        Figure(
            name=f"one of {many:,} parallel instances against one of {few}",
            value=median(block[1] / block[0] for block in costs),
            unit="times the CPU",
            target=1.5,
        )
    ]


def _per_item(office: Office, count: int) -> float:
    new = NewCase(key=f"serentak-{count}", year=DATA["year"], title="", attempt=new_id(), knowingly=True)
    case = instances.start(office.engine, office.actors[_BY], new).instance
    tasks = office.open_task_ids(case)
    assert len(tasks) == count
    with Meter() as meter:
        for task in tasks:
            work = Completion(fields={}, attempt=new_id())
            done = completion.complete(office.engine, office.actors[_BY], task, work)
    assert done.finished
    return meter.seconds / count
