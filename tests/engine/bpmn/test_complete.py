"""Nothing of an accepted diagram is missing from what runs: what reads it wrongly is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from engine.bpmn import parse
from engine.bpmn.complete import differences
from engine.bpmn.guard import read_tree
from engine.bpmn.lint import problems_of
from engine.bpmn.names import GENERATED, bpmn, sop
from engine.bpmn.normalise import normalised
from engine.bpmn.reader import spec_text
from engine.bpmn.trace import trace
from engine.errors import Refused
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flow, flows, script, service, start_end, tasks, timer

SEVERAL = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
    "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
    "<bpmn:completionCondition>nrOfCompletedInstances == 2</bpmn:completionCondition>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
AGAIN = (
    '<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="5"><bpmn:loopCondition>n &lt; 3'
    "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
INSIDE = element("startEvent", "s") + tasks("t") + element("endEvent", "e") + flows("s", "t", "e")
CALLED = element("process", "q", element("startEvent", "qs") + element("endEvent", "qe") + flows("qs", "qe"))


def everything() -> bytes:
    """Draw one of each that could get lost; ``split`` and ``way`` also ask without a gateway."""
    return diagram(
        start_end(),
        element("exclusiveGateway", "choice", default="choice_b"),
        element("parallelGateway", "both"),
        element("parallelGateway", "met"),
        element("exclusiveGateway", "merge"),
        tasks("a", "b", "way", "late"),
        element("userTask", "each", SEVERAL),
        element("scriptTask", "again", f"{AGAIN}<bpmn:script>n = n + 1</bpmn:script>"),
        script("makes", "n = 1\nm = 2"),
        service("posts", url="n", body="m"),
        element("subProcess", "sub", INSIDE),
        element("callActivity", "call", calledElement="q"),
        element("boundaryEvent", "bell", timer("timeDuration", "PT1H"), attachedToRef="sub"),
        element("intermediateCatchEvent", "rest", timer("timeDate", "2026-12-01T09:00:00Z")),
        element("intermediateThrowEvent", "rings", '<bpmn:signalEventDefinition signalRef="bell_"/>'),
        element("endEvent", "stop", "<bpmn:terminateEventDefinition/>"),
        flows("start", "makes", "choice"),
        flow("choice", "a", "n > 1"),
        flow("choice", "b"),
        flows("a", "merge"),
        flows("b", "merge", "both", "each", "met"),
        flows("both", "again", "met", "sub", "call", "rest", "rings", "posts", "way"),
        flow("way", "end", "m > 1"),
        flow("way", "stop"),
        flow("way", "stop", id_="twin"),
        flows("bell", "late", "end"),
        beside='<bpmn:signal id="bell_" name="Bell"/>' + CALLED,
    )


def by_id(root: etree._Element, id_: str) -> etree._Element:
    return next(one for one in root.iter() if one.get("id") == id_)


def drop(root: etree._Element, id_: str) -> None:
    one = by_id(root, id_)
    one.getparent().remove(one)  # type: ignore[union-attr] # it stands in something


def drop_inside(root: etree._Element, id_: str, local: str) -> None:
    for one in list(by_id(root, id_).iter(bpmn(local))):
        one.getparent().remove(one)  # type: ignore[union-attr]


def skip_node(root: etree._Element) -> None:
    """Lead the flow past the script, and leave the script out."""
    by_id(root, "start_makes").set("targetRef", "choice")
    drop(root, "makes_choice")
    drop(root, "makes")


def make_default(root: etree._Element) -> None:
    """Take the condition of a gateway's flow for the default."""
    drop_inside(root, "choice_a", "conditionExpression")
    drop_inside(root, "choice_b", "conditionExpression")
    by_id(root, "choice").set("default", "choice_a")
    etree.SubElement(by_id(root, "choice_b"), bpmn("conditionExpression")).text = "True"


def lead_astray(root: etree._Element) -> None:
    by_id(root, "both_again").set("targetRef", "met")
    drop(root, "again_met")
    drop(root, "again")


def empty_subprocess(root: etree._Element) -> None:
    by_id(root, "s_t").set("targetRef", "e")
    drop(root, "t_e")
    drop(root, "t")


def attach_elsewhere(root: etree._Element) -> None:
    by_id(root, "bell").set("attachedToRef", "call")


def set_text(id_: str, local: str, text: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        next(by_id(root, id_).iter(bpmn(local))).text = text

    return change


def set_attribute(id_: str, name: str, value: str) -> Callable[[etree._Element], None]:
    return lambda root: by_id(root, id_).set(name, value)


def invent(root: etree._Element) -> None:
    """Put a task into a flow that the diagram does not have."""
    process = by_id(root, "p")
    by_id(root, "b_merge").set("targetRef", "invented")
    etree.SubElement(process, bpmn("manualTask"), id="invented")
    etree.SubElement(process, bpmn("sequenceFlow"), id="f", sourceRef="invented", targetRef="merge")


BROKEN: dict[str, tuple[Callable[[etree._Element], None], set[str]]] = {
    "a node is passed by": (skip_node, {"makes", "start_makes", "makes_choice", "start"}),
    "a branch is lost": (lead_astray, {"both_again", "again", "again_met", "both"}),
    "a flow of an implicit split is lost": (lambda root: drop(root, "twin"), {"twin"}),
    "a condition is lost": (make_default, {"choice_a", "choice_b", "choice"}),
    "another condition is asked": (
        set_text("choice_a", "conditionExpression", "n > 2"),
        {"choice_a", "choice"},
    ),
    "an implicit condition is another": (set_text("way_end", "conditionExpression", "x"), {"way_end", "way"}),
    "an end no longer terminates": (
        lambda root: drop_inside(root, "stop", "terminateEventDefinition"),
        {"stop"},
    ),
    "a signal is not thrown": (lambda root: drop_inside(root, "rings", "signalEventDefinition"), {"rings"}),
    "a timer is another": (set_text("rest", "timeDate", '"2027-12-01T09:00:00Z"'), {"rest"}),
    "an event interrupts no more": (set_attribute("bell", "cancelActivity", "false"), {"bell"}),
    "an event stands elsewhere": (attach_elsewhere, {"bell"}),
    "a loop is lost": (lambda root: drop_inside(root, "again", "standardLoopCharacteristics"), {"again"}),
    "a loop asks afterwards": (
        lambda root: next(root.iter(bpmn("standardLoopCharacteristics"))).set("testBefore", "false"),
        {"again"},
    ),
    "an end condition is lost": (lambda root: drop_inside(root, "each", "completionCondition"), {"each"}),
    "the instances are another number": (set_text("each", "loopCardinality", "4"), {"each"}),
    "a script is another": (set_text("makes", "script", "n = 1"), {"makes"}),
    "a connector is no longer called": (
        lambda root: drop_inside(root, "posts", "extensionElements"),
        {"posts"},
    ),
    "a connector gets something else": (
        lambda root: next(by_id(root, "posts").iter(sop("input"))).set("name", "uri"),
        {"posts"},
    ),
    "what is inside is lost": (
        empty_subprocess,
        {"s", "s_t", "t", "t_e"},
    ),
    "another element runs": (invent, {"b_merge", "b", "invented"}),
}


def test_a_diagram_that_is_read_whole_is_accepted(sandbox: Sandbox) -> None:
    tree = read_tree(everything())
    assert problems_of(tree, sandbox=sandbox) == ()
    assert differences(tree, "p", spec_text(normalised(tree), "p")) == ()


@pytest.mark.parametrize("why", BROKEN)
def test_a_reading_that_loses_something_is_refused_with_the_element(
    why: str, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    broken, named = BROKEN[why]

    def wrongly_normalised(tree: etree._ElementTree) -> etree._ElementTree:
        read = normalised(tree)
        broken(read.getroot())
        return read

    monkeypatch.setattr(parse, "normalised", wrongly_normalised)
    with pytest.raises(Refused) as refused:
        parse.read_spec(read_tree(everything()), "p")
    assert {one.code for one in refused.value.findings} == {"lost-in-reading"}
    assert {one.element for one in refused.value.findings} == named
    told = trace(everything(), sandbox=sandbox)
    assert (told.status, {one.code for one in told.findings}) == ("refused", {"lost-in-reading"})


def test_flows_without_an_id_are_compared_by_where_they_lead() -> None:
    content = everything().replace(b'id="both_again" ', b"")
    tree = read_tree(content)
    read = normalised(tree)
    assert differences(tree, "p", spec_text(read, "p")) == ()
    [nameless] = [one for one in read.getroot().iter(bpmn("sequenceFlow")) if one.get(GENERATED) == "id"]
    nameless.set("targetRef", "met")
    drop(read.getroot(), "again_met")
    drop(read.getroot(), "again")
    found = differences(tree, "p", spec_text(read, "p"))
    assert {"again", "both"} <= {one.element for one in found}
    assert "again: the element (scriptTask) would be missing from what runs" in {
        str(one.sentence) for one in found
    }
