"""Rounds of the review loop: the thousandth must cost what the tenth did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import median
from uuid import UUID

from benchmarks.cpu import Meter
from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, Office, Step, opened_office

_DRAFTING, _REVIEWING = "membuat_draft", "mereviu_draft"


def measure(size: Size) -> list[Figure]:
    """Refuse one draft after the other, of one case, with the table of 12 rows in it."""
    with opened_office() as office:
        steps = office.steps(tables=True)
        office.work(office.start(), steps)
        elements = [step.element for step in steps]
        before = steps[: elements.index(_DRAFTING)]
        loop = [
            steps[elements.index(_DRAFTING)],
            replace(steps[elements.index(_REVIEWING)], fields=office.typed(DATA["refusal"])),
        ]
        case = office.start()
        office.work(case, before)
        costs = [_round(office, case, loop, number) for number in range(size.rounds)]
    early = costs[max(0, 10 - size.window // 2) : 10 + size.window // 2]
    return [
        Figure(
            name=f"round {size.rounds:,} of the review loop against round 10",
            value=median(costs[-size.window :]) / median(early),
            unit="times the CPU",
            target=1.2,
        )
    ]


def _round(office: Office, case: UUID, loop: list[Step], number: int) -> float:
    meter = Meter()
    for step in loop:
        task = office.arrive(case, step, step.at + timedelta(hours=number))
        with meter:
            office.complete(task, step)
    return meter.seconds
