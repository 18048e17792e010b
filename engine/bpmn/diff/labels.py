"""How elements are named in sentences: by name, a flow by its ends, what has none by what is near."""

from __future__ import annotations

from engine.bpmn.diff.side import Part, Side
from engine.bpmn.diff.words import NONE, plain, short
from engine.bpmn.names import NODES
from engine.errors import Sentence, say

_KINDS = {
    "userTask": say("step"),
    "manualTask": say("step by hand"),
    "task": say("step without a kind"),
    "scriptTask": say("script"),
    "serviceTask": say("service"),
    "businessRuleTask": say("decision by a table"),
    "sendTask": say("sending step"),
    "receiveTask": say("receiving step"),
    "callActivity": say("call of a process"),
    "subProcess": say("subprocess"),
    "transaction": say("transaction"),
    "adHocSubProcess": say("subprocess without an order"),
    "exclusiveGateway": say("gateway, one way"),
    "parallelGateway": say("gateway, all ways"),
    "inclusiveGateway": say("gateway, one or more ways"),
    "eventBasedGateway": say("gateway, by the first event"),
    "complexGateway": say("complex gateway"),
    "startEvent": say("start"),
    "endEvent": say("end"),
    "intermediateCatchEvent": say("waiting event"),
    "intermediateThrowEvent": say("event"),
    "boundaryEvent": say("event at a step"),
    "collaboration": say("collaboration"),
    "process": say("process"),
    "participant": say("pool"),
    "lane": say("lane"),
    "sequenceFlow": say("way"),
    "messageFlow": say("message flow"),
    "association": say("association"),
    "textAnnotation": say("note in the diagram"),
    "group": say("frame in the diagram"),
    "dataObject": say("data object"),
    "dataObjectReference": say("data in the diagram"),
    "dataStore": say("data store"),
    "dataStoreReference": say("data store in the diagram"),
    "message": say("message"),
    "signal": say("signal"),
    "error": say("error"),
    "escalation": say("escalation"),
}


def kind_of(part: Part) -> Sentence:
    """Say what an element is."""
    return _KINDS.get(part.node.tag) or plain(part.node.tag)


def label(side: Side, part: Part) -> Sentence:
    """Name an element: by its name, a flow by its ends, and what has no name by its kind and id."""
    name = short(part.name)
    if part.node.tag in {"sequenceFlow", "messageFlow", "association"}:
        ends = {"source": end(side, part.says("sourceRef")), "target": end(side, part.says("targetRef"))}
        if name:
            return say("the way “%(name)s” from %(source)s to %(target)s", name=name, **ends)
        return say("the way from %(source)s to %(target)s", **ends)
    if part.id == "":
        return say("the file")
    if not name:
        return _beside_a_name(side, part) or say(
            "%(kind)s %(element)s", kind=kind_of(part), element=short(part.id)
        )
    if part.node.tag in NODES:
        return plain(name)
    return say("%(kind)s “%(name)s”", kind=kind_of(part), name=name)


def _beside_a_name(side: Side, part: Part) -> Sentence | None:
    """Name what has no name by what has one: what it is at, what comes before it, or behind it."""
    kind, at = kind_of(part), side.parts.get(part.says("attachedToRef"))
    if part.node.tag not in NODES:
        return None
    if at is not None and at.id and at.name:
        return say("event at “%(step)s”", step=short(at.name))
    before = side.named_before(part.id)
    if before:
        return say("%(kind)s after “%(step)s”", kind=kind, step=short(before))
    after = side.named_behind(part.id)
    return say("%(kind)s before “%(step)s”", kind=kind, step=short(after)) if after else None


def way_label(side: Side, part: Part) -> Sentence:
    """Name a flow beside what it comes from: by its name, else by where it leads."""
    if part.name:
        return say("the way “%(name)s”", name=short(part.name))
    return say("the way to %(target)s", target=end(side, part.says("targetRef")))


def end(side: Side, element: str) -> Sentence:
    """Name what a flow leads to or comes from."""
    if not element:
        return NONE
    part = side.parts.get(element)
    if part is None:
        return plain(short(element))
    if "sourceRef" not in part.node.attributes:
        return label(side, part)
    # A way by its name or its goal; no further: ways could lead to each other.
    goal = side.parts.get(part.says("targetRef"))
    if part.name or goal is None or "sourceRef" in goal.node.attributes:
        return say("the way “%(name)s”", name=short(part.name or element))
    return say("the way to %(target)s", target=label(side, goal))
