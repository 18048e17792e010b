"""Pools and lanes: who does what, and messages that are drawn only."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.definitions import kinds_of
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import ACTIVITIES, NODES, bpmn, children, local_name, plain
from engine.bpmn.normalise_events import pool_flows
from engine.bpmn.sop import extension
from engine.errors import say

MOST_OF_POOL = 100  # message flows of a whole pool: every message of its process is read with all of them


def check_pools(drawing: Drawing) -> None:
    """Find lanes and pools of what does not exist, elements in two lanes, messages within a pool."""
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
    for (process, _end), drawn in pool_flows(drawing.root).items():
        if len(drawn) > MOST_OF_POOL and process in drawing.run_ids:
            drawing.find(
                "too-many-message-flows",
                drawing.by_id[process],
                say(
                    "%(name)s has %(found)s message flows at its pool; at most %(most)s can be told apart",
                    name=what(drawing.by_id[process]),
                    found=len(drawn),
                    most=MOST_OF_POOL,
                ),
            )


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
            elif other is not lane and other not in lane.iterancestors() and _part_alike(lane, other):
                drawing.find("two-lanes", node, say("%(name)s stands in two lanes", name=what(node)))
            if node is not None:
                _in_lane(drawing, lane, node)
            placed[id_] = lane


def _part_alike(lane: etree._Element, other: etree._Element) -> bool:
    """Tell whether two lanes part the same: another lane set may part the elements otherwise (10.7).

    Two that name a role would leave open who does it.
    """
    if all(extension(one, "Lane") is not None for one in (lane, other)):
        return True
    return _lane_set(lane) is _lane_set(other)


def _lane_set(lane: etree._Element) -> etree._Element | None:
    return next(lane.iterancestors(bpmn("laneSet")), None)


def _in_lane(drawing: Drawing, lane: etree._Element, node: etree._Element) -> None:
    """Note an element of another process in a lane (10.7), and what is no part of the flow."""
    process = next(lane.iterancestors(bpmn("process")), None)
    if local_name(node) not in NODES:
        drawing.note(
            "no-effect",
            lane,
            say("%(name)s lists %(id)s, which is no part of the flow", name=what(lane), id=what(node)),
        )
    elif process is not None and process not in list(node.iterancestors()):
        drawing.note(
            "lane-elsewhere",
            lane,
            say("%(name)s lists %(id)s, which stands in another process", name=what(lane), id=what(node)),
        )


def _multiplicity(drawing: Drawing, participant: etree._Element) -> None:
    for several in children(participant, "participantMultiplicity"):
        if {several.get("minimum", "0"), several.get("maximum", "1")} - {"0", "1"}:
            drawing.find(
                "unsupported-participant",
                participant,
                say("%(name)s: several participants of one pool are not supported", name=what(participant)),
            )


def _message(drawing: Drawing, flow: etree._Element) -> None:
    """Find a message flow to nowhere or within a pool; note one that nothing sends or awaits."""
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
    inside = [_process_of(drawing, id_) for id_ in ends]
    if (inside[0] and inside[0] == inside[1]) or (ends[0] and ends[0] == ends[1]):
        drawing.find(
            "message-flow-within",
            flow,
            say("The message flow %(name)s does not lead from one pool to another", name=what(flow)),
        )
    source, target = (drawing.by_id.get(id_) for id_ in ends)
    for end, kinds in ((source, _FROM), (target, _TO)):
        if end is not None and local_name(end) not in kinds:
            drawing.find(
                "message-flow-end",
                flow,
                say(
                    "The message flow %(name)s cannot begin or end at %(end)s (%(kind)s): BPMN joins pools,"
                    " activities, events that throw and events that catch",
                    name=what(flow),
                    end=what(end),
                    kind=local_name(end),
                ),
            )
    if not _takes_part(source, _SENDING) and not _takes_part(target, _RECEIVING):
        drawing.note(
            "no-effect",
            flow,
            say("The message flow %(name)s is drawn only: nothing is sent or awaited", name=what(flow)),
        )


# BPMN 2.0, 7.5.2, table 7.4
_TALKS = ACTIVITIES | {"participant", "conversation", "subConversation", "callConversation"}
_FROM = _TALKS | {"endEvent", "intermediateThrowEvent"}
_TO = _TALKS | {"startEvent", "intermediateCatchEvent", "boundaryEvent"}
_SENDING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_RECEIVING = frozenset({"receiveTask", "intermediateCatchEvent", "startEvent", "boundaryEvent"})


def _takes_part(node: etree._Element | None, locals_: frozenset[str]) -> bool:
    """Tell whether a node sends or receives messages, rather than only being drawn so."""
    if node is None or local_name(node) not in locals_:
        return False
    return local_name(node) in ("sendTask", "receiveTask") or "message" in kinds_of(node)


def _process_of(drawing: Drawing, id_: str) -> str:
    element = drawing.by_id.get(id_)
    if element is None:
        return ""
    if local_name(element) == "participant":
        return plain(element.get("processRef"))
    return next((above.get("id", "") for above in element.iterancestors(bpmn("process"))), "")
