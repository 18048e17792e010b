"""Telling what two large contents differ in, from their bytes to the last sentence."""

from __future__ import annotations

from benchmarks.cpu import Meter
from benchmarks.drawn import blocks
from benchmarks.figures import Figure, Size
from engine.bpmn.diff import differences, read_side, work_by_role
from engine.bpmn.package import Package

_WIDE = 20


def measure(size: Size) -> list[Figure]:
    """Compare a diagram with itself where one step takes longer, and where every step does."""
    package = blocks(size.tasks_drawn // _WIDE, _WIDE)
    one = package.bpmn.replace(b'"PT1H"', b'"PT2H"', 1)
    every = package.bpmn.replace(b'"PT1H"', b'"PT2H"')
    count = len(read_side(package.bpmn).parts)
    return [
        Figure(
            name=f"difference of two diagrams of {count:,} elements, {what} changed",
            value=_seconds(package, changed, expected),
            unit="s CPU",
            target=1,
        )
        for what, changed, expected in (("one step", one, 1), ("each step", every, size.tasks_drawn))
    ]


def _seconds(package: Package, changed: bytes, expected: int) -> float:
    with Meter() as meter:
        old, new = read_side(package.bpmn), read_side(changed)
        found = differences(old, new)
        work_by_role(old, new, found)
        said = [str(one.sentence) for one in found]
    assert len(said) == expected
    return meter.seconds
