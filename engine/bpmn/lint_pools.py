"""Pools and lanes: who does what, and messages between pools that would have to run."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import bpmn, children, local_name, plain
from engine.errors import say


def check_pools(drawing: Drawing) -> None:
    """Find lanes and pools of what does not exist, elements in two lanes, pools and messages not run."""
    _lanes(drawing)
    for participant in drawing.root.iter(bpmn("participant")):
        id_ = plain(participant.get("processRef"))
        if id_ and id_ not in drawing.by_id:
            drawing.find(
                "dangling-participant",
                participant,
                say("%(name)s refers to %(id)s, which does not exist", name=what(participant), id=id_),
            )
        if id_ in drawing.run_ids:
            _multiplicity(drawing, participant)
    for message_flow in drawing.root.iter(bpmn("messageFlow")):
        _message(drawing, message_flow)


def _lanes(drawing: Drawing) -> None:
    placed: dict[str, etree._Element] = {}
    for lane in drawing.root.iter(bpmn("lane")):
        for reference in children(lane, "flowNodeRef"):
            id_ = plain(reference.text)
            node = drawing.by_id.get(id_)
            other = placed.setdefault(id_, lane)
            if node is None:
                drawing.find(
                    "dangling-lane",
                    lane,
                    say("%(name)s refers to %(id)s, which does not exist", name=what(lane), id=id_ or "?"),
                )
            elif other is not lane and other not in lane.iterancestors():
                drawing.find("two-lanes", node, say("%(name)s stands in two lanes", name=what(node)))
            placed[id_] = lane


def _multiplicity(drawing: Drawing, participant: etree._Element) -> None:
    for several in children(participant, "participantMultiplicity"):
        if {several.get("minimum", "0"), several.get("maximum", "1")} - {"0", "1"}:
            drawing.find(
                "unsupported-participant",
                participant,
                say("%(name)s: several participants of one pool are not supported", name=what(participant)),
            )


def _message(drawing: Drawing, flow: etree._Element) -> None:
    """Find a message between two pools that run; from and to a pool that does not, it is drawn only."""
    ends = [plain(flow.get(end)) for end in ("sourceRef", "targetRef")]
    for id_ in ends:
        if id_ not in drawing.by_id:
            drawing.find(
                "dangling-message-flow",
                flow,
                say(
                    "The flow %(name)s refers to %(id)s, which does not exist", name=what(flow), id=id_ or "?"
                ),
            )
    if all(_process_of(drawing, id_) in drawing.run_ids for id_ in ends):
        drawing.find(
            "unsupported-message-flow",
            flow,
            say("The message flow %(name)s: messages between processes are not supported", name=what(flow)),
        )
    else:
        drawing.note(
            "no-effect",
            flow,
            say("The message flow %(name)s is drawn only: nothing is sent or awaited", name=what(flow)),
        )


def _process_of(drawing: Drawing, id_: str) -> str:
    element = drawing.by_id.get(id_)
    if element is None:
        return ""
    if local_name(element) == "participant":
        return plain(element.get("processRef"))
    return next((above.get("id", "") for above in element.iterancestors(bpmn("process"))), "")
