"""Putting a large diagram into the library: reading, every check, writing."""

from __future__ import annotations

from benchmarks.cpu import Meter
from benchmarks.drawn import blocks
from benchmarks.figures import Figure, Size
from benchmarks.office import opened_office
from engine.actions.deployment import deploy
from engine.actions.offices import operator

_WIDE = 20


def measure(size: Size) -> list[Figure]:
    """Deploy blocks of 20 tasks between gateways: nothing is read before, as by ``alur deploy``."""
    package = blocks(size.tasks_drawn // _WIDE, _WIDE)
    with opened_office() as office, Meter() as meter:
        deployed = deploy(office.engine, operator(office.id), package)
    assert deployed.new
    return [
        Figure(
            name=f"deployment of a diagram of {size.tasks_drawn} tasks, lint included",
            value=meter.seconds,
            unit="s CPU",
            target=2,
        )
    ]
