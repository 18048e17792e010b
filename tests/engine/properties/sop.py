"""Makes a whole SOP of a tree of blocks, to be deployed: lanes, forms, and steps to go back to."""

from __future__ import annotations

import json

from lxml import etree

from engine.actions.deployment import Package
from engine.bpmn.drawing import Drawing
from engine.bpmn.guard import read_tree
from engine.bpmn.lint_returns import check_returns
from engine.bpmn.names import PEOPLE_TASKS, bpmn
from tests.drawn_sops import SOP, form, give_lanes
from tests.engine.bpmn.drawn import diagram, element, start_end
from tests.engine.properties.blocks import MAKERS
from tests.engine.properties.blocks_rules import DRAWN
from tests.engine.properties.drawing import GIVEN, SIGNALS, Block, Drawer, Ends, signal

SHARED = ("v0", "w", "v1", "v2", "w", "v3")  # what a form sets besides its own number: each one of them
_MOST_RETURNS = 3  # that a step names


def sop_of(block: Block, key: str) -> Package:
    """Draw it: everything is done by one role, a first step begins, and a form is filled in everywhere."""
    tree = read_tree(_drawn(block))
    give_lanes(tree)
    for number, task in enumerate(tree.getroot().iter(*map(bpmn, PEOPLE_TASKS))):
        _say(task, formKey=SHARED[number % len(SHARED)])
    _give_returns(tree)
    forms = {name: form(name) for name in SHARED}
    return Package(key=key, bpmn=etree.tostring(tree), forms=forms, decisions={"a.dmn": DRAWN})


def _drawn(block: Block) -> bytes:
    drawer = Drawer(MAKERS)
    given = "\n".join(f"{name} = {json.dumps(value)}" for name, value in GIVEN.items())
    sets, first = drawer.put("scriptTask", f"<bpmn:script>{given}</bpmn:script>"), drawer.put("userTask")
    ends = drawer.chain(Ends(sets, sets), Ends(first, first), drawer.block(block))
    drawer.connect("start", ends.first)
    drawer.connect(ends.last, "end")
    drawn = diagram(start_end(), *drawer.body, beside="".join(drawer.beside), after="".join(drawer.after))
    # Nobody can be asked for a task of which nothing says how it is done.
    return drawn.replace(b"<bpmn:task ", b"<bpmn:userTask ").replace(b"</bpmn:task>", b"</bpmn:userTask>")


def _say(task: etree._Element, **about: str) -> None:
    """Say something of a task in the SOP's own element."""
    holder = task.find(bpmn("extensionElements"))
    if holder is None:
        holder = etree.Element(bpmn("extensionElements"))
        task.insert(0, holder)
    own = holder.find(f"{{{SOP}}}Task")
    if own is None:
        own = etree.SubElement(holder, f"{{{SOP}}}Task")
    for name, value in about.items():
        own.set(name, value)


def _give_returns(tree: etree._ElementTree) -> None:
    """Let each step go back to others of its scope: those that the lint lets it."""
    people = list(tree.getroot().iter(*map(bpmn, PEOPLE_TASKS)))
    wanted = {
        task.get("id", ""): [
            other.get("id", "")
            for other in people
            if other is not task and other.getparent() is task.getparent()
        ][:_MOST_RETURNS]
        for task in people
    }
    for task in people:
        _say(task, returnTo=" ".join(wanted[task.get("id", "")]))
    drawing = Drawing(tree.getroot())
    check_returns(drawing)
    wrong = {(one.element, str(one.sentence.values["step"])) for one in drawing.findings}
    for task in people:
        id_ = task.get("id", "")
        _say(task, returnTo=" ".join(other for other in wanted[id_] if (id_, other) not in wrong))


def radio() -> Package:
    """Draw an SOP that throws the signal somebody asks for: others hear it."""
    drawer = Drawer(MAKERS)
    task = drawer.put("userTask", extension_of("v0"))
    chooses, closes = drawer.name("exclusiveGateway"), drawer.put("exclusiveGateway")
    drawer.connect("start", task)
    drawer.connect(task, chooses)
    for number in range(SIGNALS):
        throws = drawer.put("intermediateThrowEvent", signal(number))
        drawer.connect(chooses, throws, f"v0 == {number}")
        drawer.connect(throws, closes)
    default = drawer.connect(chooses, closes)
    drawer.body.append(element("exclusiveGateway", chooses, default=default))
    drawer.connect(closes, "end")
    tree = read_tree(diagram(start_end(), *drawer.body, beside="".join(drawer.beside)))
    give_lanes(tree)
    return Package(key="radio", bpmn=etree.tostring(tree), forms={"v0": form("v0")})


def extension_of(form_key: str) -> str:
    """Name the form of a task."""
    return f'<bpmn:extensionElements><sop:Task formKey="{form_key}"/></bpmn:extensionElements>'
