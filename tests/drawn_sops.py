"""SOPs that are drawn in a test: what a diagram needs beside its flows to be deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from lxml import etree

from engine.actions.deployment import Package
from engine.bpmn.guard import read_tree
from engine.bpmn.names import PEOPLE_TASKS, bpmn
from tests.engine.bpmn.drawn import element

SOP = "urn:alur:sop:1"


def package(key: str, drawn: bytes, forms: Mapping[str, str] | None = None) -> Package:
    """Make an SOP of a diagram; all of it is done by the role *staf*."""
    tree = read_tree(drawn)
    give_lanes(tree)
    return Package(key=key, bpmn=etree.tostring(tree), forms=forms or {})


@cache
def form(shared: str) -> str:
    """Make a form with a number of the step's own, and one that is shared."""
    fields = [
        {"type": "number", "id": "n", "key": "n", "label": "N"},
        {"type": "number", "id": "s", "key": "s", "label": "S", "properties": {"shared": shared}},
    ]
    return json.dumps(
        {"type": "default", "id": shared, "schemaVersion": 19, "title": shared, "components": fields}
    )


def give_lanes(tree: etree._ElementTree) -> None:
    """Put the tasks for people of every process into a lane."""
    for number, process in enumerate(tree.getroot().iter(bpmn("process"))):
        tasks = [task.get("id", "") for task in process.iter(*map(bpmn, PEOPLE_TASKS))]
        refs = "".join(f"<bpmn:flowNodeRef>{id_}</bpmn:flowNodeRef>" for id_ in tasks)
        own = '<bpmn:extensionElements><sop:Lane role="staf"/></bpmn:extensionElements>'
        lanes = element("laneSet", f"lanes_{number}", element("lane", f"lane_{number}", own + refs))
        process.insert(0, _read(lanes))


def _read(text: str) -> etree._Element:
    names = f'xmlns:bpmn="{etree.QName(bpmn("x")).namespace}" xmlns:sop="{SOP}"'
    return etree.fromstring(f"<x {names}>{text}</x>")[0]
