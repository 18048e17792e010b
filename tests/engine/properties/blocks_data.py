"""Blocks with data of their own: moved by associations, or in data objects that end with them."""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.bpmn.drawn import element
from tests.engine.properties.drawing import VARIABLES, Block, Drawer, Ends

FRAGILE = "6 // w % 5"


def _moved(draw: Drawer, block: Block, kind: str, body: str, **about: str) -> Ends:
    """Draw an activity that takes one variable as ``taken`` and leaves another from ``left``."""
    first, second = (VARIABLES[block.number // place % 4] for place in (1, 4))
    into, out = draw.name("in"), draw.name("out")
    data = (
        f'<bpmn:ioSpecification><bpmn:dataInput id="{into}" name="taken"/>'
        f'<bpmn:dataOutput id="{out}" name="left"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>'
        f"<bpmn:dataInputAssociation><bpmn:targetRef>{into}</bpmn:targetRef>"
        f"<bpmn:transformation>{first} + {block.number % 3}</bpmn:transformation></bpmn:dataInputAssociation>"
        f"<bpmn:dataOutputAssociation><bpmn:sourceRef>{out}</bpmn:sourceRef><bpmn:assignment>"
        f"<bpmn:from>(left or 0) % 5</bpmn:from><bpmn:to>{second}</bpmn:to></bpmn:assignment>"
        "</bpmn:dataOutputAssociation>"
    )
    activity = draw.put(kind, data + body, **about)
    return Ends(activity, activity)


def moved(draw: Drawer, block: Block) -> Ends:
    """Compute with what was moved in."""
    return _moved(draw, block, "scriptTask", "<bpmn:script>left = taken * 2</bpmn:script>")


def fragile(draw: Drawer, block: Block) -> Ends:
    """Fail where ``w`` is 0: only people make it so, who can also put it right."""
    task = draw.put("scriptTask", f"<bpmn:script>{VARIABLES[block.number % 4]} = {FRAGILE}</bpmn:script>")
    return Ends(task, task)


def moved_around(draw: Drawer, block: Block) -> Ends:
    """Move data into a subprocess and out of it."""
    with draw.scope() as body:
        sets = draw.put("scriptTask", "<bpmn:script>left = (taken or 0) + 1</bpmn:script>")
        ends = draw.chain(*map(draw.block, block.inside), Ends(sets, sets))
        draw.connect(draw.put("startEvent"), ends.first)
        draw.end(ends.last)
        text = "".join(body)
    return _moved(draw, block, "subProcess", text)


def own_objects(draw: Drawer, block: Block) -> Ends:
    """Draw a data object in a subprocess, named like a variable around it; a first step sets it."""
    name = VARIABLES[block.number % 4]
    with draw.scope() as body:
        draw.body.append(element("dataObject", draw.name("object"), name=name))
        sets = draw.put("scriptTask", f"<bpmn:script>{name} = {block.number % 5}</bpmn:script>")
        ends = draw.chain(Ends(sets, sets), *map(draw.block, block.inside))
        draw.connect(draw.put("startEvent"), ends.first)
        draw.end(ends.last)
        text = "".join(body)
    sub = draw.put("subProcess", text)
    return Ends(sub, sub)


ONE: dict[str, Callable[[Drawer, Block], Ends]] = {"moved": moved, "fragile": fragile}
AROUND: dict[str, Callable[[Drawer, Block], Ends]] = {
    "moved_around": moved_around,
    "own_objects": own_objects,
}
