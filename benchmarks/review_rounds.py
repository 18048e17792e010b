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
        old, young = office.start(), office.start()
        for case in (old, young):
            office.work(case, before)
        first, last = max(0, 10 - size.window // 2), size.rounds - size.window
        for case, rounds in ((old, last), (young, first)):
            for number in range(rounds):
                _round(office, case, loop, number)
        # In turns, so that what else the machine does falls on both alike.
        costs = [
            (_round(office, old, loop, last + number), _round(office, young, loop, first + number))
            for number in range(size.window)
        ]
    return [
        Figure(
            name=f"round {size.rounds:,} of the review loop against round 10",
            value=median(cost for cost, _ in costs) / median(cost for _, cost in costs),
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
