"""What the saved diagram of a desk says: the rows of its steps, where they stand, and what leads where."""

from __future__ import annotations

import re

from playwright.sync_api import FloatRect

from tests.journeys.desk import Desk


def numbers(desk: Desk) -> dict[str, str]:
    """Read the row numbers of the saved diagram, by the id of the step."""
    steps = re.findall(r'<bpmn:userTask id="(\w+)".*?</bpmn:userTask>', desk.saved_diagram(), re.DOTALL)
    bodies = re.findall(r"<bpmn:userTask .*?</bpmn:userTask>", desk.saved_diagram(), re.DOTALL)
    found = (re.search(r'<sop:Task[^>]* number="(\d+)"|<sop:Task number="(\d+)"', body) for body in bodies)
    return {step: (one[1] or one[2]) if one else "" for step, one in zip(steps, found, strict=True)}


def boxes(desk: Desk) -> dict[str, FloatRect]:
    """Read where the saved diagram has its steps, gateways, events, lanes and pool."""
    found = re.findall(
        r'<bpmndi:BPMNShape [^>]*bpmnElement="(\w+)"[^>]*>\s*'
        r'<dc:Bounds x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"',
        desk.saved_diagram(),
    )
    return {
        one: {"x": float(x), "y": float(y), "width": float(width), "height": float(height)}
        for one, x, y, width, height in found
    }


def ways(desk: Desk) -> set[tuple[str, str]]:
    """Read which element leads to which in the saved diagram."""
    return set(re.findall(r'sourceRef="(\w+)" targetRef="(\w+)"', desk.saved_diagram()))


def inserted(
    desk: Desk, before: str, after: str, was: tuple[dict[str, FloatRect], set[tuple[str, str]]]
) -> str:
    """Check that one step stands between these two, on nothing else, within its pool; its id."""
    now = boxes(desk)
    [new] = set(now) - set(was[0])
    assert ways(desk) == was[1] - {(before, after)} | {(before, new), (new, after)}
    frames = {one for one in now if one.startswith("lajur_")} | {"dinas_pendidikan"}
    nodes = sorted(set(now) - frames)
    assert not [
        (one, other) for one in nodes for other in nodes if one < other and overlap(now[one], now[other])
    ]
    pool = now["dinas_pendidikan"]
    assert all(now[one]["x"] + now[one]["width"] < pool["x"] + pool["width"] for one in nodes)
    return new


def overlap(one: FloatRect, other: FloatRect) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )
