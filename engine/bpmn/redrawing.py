"""Changes of a diagram that keep it a good drawing: a step goes to another lane, a flow leads elsewhere.

What the change touches is drawn anew, everything else stays where it is; where there is no room a column
is put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from lxml import etree

from engine.bpmn.editing import write_box, write_way
from engine.bpmn.names import BPMNDI, DC, DI, GATEWAYS, NODES, SUBPROCESSES, bpmn, children, local_name, plain
from engine.bpmn.routing import Box, Way, around, crosses, routed
from engine.bpmn.sop import extension

_BETWEEN, _NEAR = 23.0, 8.0  # of two shapes side by side
_HOLDING = SUBPROCESSES | {"lane", "participant", "group"}
_MOST = 100  # flows drawn anew
_LABEL = (8.0, 18.0)  # from a line that stands, above one that lies


class Redrawing:
    """The tree of a file that is being changed."""

    def __init__(self, root: etree._Element) -> None:
        """Look once at what is where."""
        self.root = root
        self.by_id = {one.get("id", ""): one for one in root.iter("*") if local_name(one) and one.get("id")}
        self.shapes = _drawn(root, "BPMNShape")
        self.edges = _drawn(root, "BPMNEdge")

    def to_lane(self, id_: str, lane_id: str) -> None:
        """Let a step belong to another lane, with the events at it and the gateway that decides for it."""
        node, lane = self.by_id.get(id_), self.by_id.get(lane_id)
        if node is None or lane is None or local_name(lane) != "lane" or self._stands_in(lane, id_):
            return
        moved = [id_, *self._deciding(id_), *(one.get("id", "") for one in self._at(id_))]
        for other in self.root.iter(bpmn("lane")):
            for reference in list(children(other, "flowNodeRef")):
                if (reference.text or "").strip() in moved:
                    other.remove(reference)
        for one in moved:
            self._name_in(lane, one)
        self._not_handed_to_itself(node, lane)
        self._draw_in(lane_id, moved)

    def lead_to(self, flow_id: str, target_id: str) -> None:
        """Let a flow lead to another element."""
        flow, target = self.by_id.get(flow_id), self.by_id.get(target_id)
        if flow is None or target is None or local_name(flow) != "sequenceFlow":
            return
        if flow.get("targetRef") == target_id or target.getparent() is not flow.getparent():
            return
        before = self.by_id.get(flow.get("targetRef", ""))
        for reference in [] if before is None else list(children(before, "incoming")):
            if (reference.text or "").strip() == flow_id and before is not None:
                before.remove(reference)
        flow.set("targetRef", target_id)
        _add_incoming(target, flow_id)
        self._route([flow])

    def _stands_in(self, lane: etree._Element, id_: str) -> bool:
        return any((one.text or "").strip() == id_ for one in children(lane, "flowNodeRef"))

    def _at(self, id_: str) -> Iterator[etree._Element]:
        return (one for one in self.root.iter(bpmn("boundaryEvent")) if one.get("attachedToRef") == id_)

    def _deciding(self, id_: str) -> list[str]:
        """Find the gateway that only this step leads to: in an SOP's table both are one diamond."""
        following = {flow.get("targetRef", "") for flow in self._flows() if flow.get("sourceRef") == id_}
        return [
            one
            for one in following
            if one in self.by_id
            and local_name(self.by_id[one]) in GATEWAYS
            and self._lane_of(one) is self._lane_of(id_)
            and {flow.get("sourceRef") for flow in self._flows() if flow.get("targetRef") == one} == {id_}
        ]

    def _lane_of(self, id_: str) -> etree._Element | None:
        return next((lane for lane in self.root.iter(bpmn("lane")) if self._stands_in(lane, id_)), None)

    def _name_in(self, lane: etree._Element, id_: str) -> None:
        reference = etree.Element(bpmn("flowNodeRef"))
        reference.text = id_
        inner = lane.find(bpmn("childLaneSet"))
        if inner is not None:
            inner.addprevious(reference)
        else:
            lane.append(reference)

    def _not_handed_to_itself(self, node: etree._Element, lane: etree._Element) -> None:
        own, names = extension(node, "Task"), extension(lane, "Lane")
        role = "" if names is None else names.get("role", "")
        if own is not None and own.get("delegableTo"):
            others = [one for one in own.get("delegableTo", "").split() if one != role]
            own.set("delegableTo", " ".join(others))
            if not others:
                del own.attrib["delegableTo"]

    def _draw_in(self, lane_id: str, moved: list[str]) -> None:
        box, room = self._box(moved[0]), self._box(lane_id)
        if box is None or room is None:
            return
        down = room.y + (room.height - box.height) / 2 - box.y
        boxes = [drawn for id_ in moved if (drawn := self._box(id_)) is not None]
        aside = self._make_room(moved, around(boxes).moved(0, down))
        for one in moved:
            self._move(one, aside, down)
        now = [drawn.moved(aside, down) for drawn in boxes]
        self._route([flow for flow in self._flows() if self._is_touched(flow, moved, now)])

    def _make_room(self, moved: list[str], wanted: Box) -> float:
        """Put a column where a step is to stand in the place of another; gives how far it goes aside.

        It goes behind one that leads to it, and before any other.
        """
        taken = {id_: box for id_, box in self._nodes(moved).items() if box.meets(wanted, _NEAR)}
        if not taken:
            return 0.0
        before = {flow.get("sourceRef") for flow in self._flows() if flow.get("targetRef") in moved}
        behind = [box.right for id_, box in taken.items() if id_ in before]
        aside = max(behind) + _BETWEEN - wanted.x if behind else 0.0
        self._put_column(wanted.x + aside, wanted.width + _BETWEEN, moved)
        return aside

    def _is_touched(self, flow: etree._Element, moved: list[str], now: list[Box]) -> bool:
        edge = self.edges.get(flow.get("id", ""))
        ends = {flow.get("sourceRef"), flow.get("targetRef")}
        return bool(ends & set(moved)) or (edge is not None and crosses(_points(edge), now))

    def _flows(self) -> list[etree._Element]:
        return list(self.root.iter(bpmn("sequenceFlow")))

    def _nodes(self, but: list[str]) -> dict[str, Box]:
        """Give the boxes of all nodes that are drawn, but some and what those stand in."""
        around = {
            above.get("id")
            for id_ in but
            if id_ in self.by_id
            for above in self.by_id[id_].iterancestors("*")
        }
        found = {}
        for id_, element in self.by_id.items():
            if local_name(element) in NODES and id_ not in but and id_ not in around:
                box = self._box(id_)
                if box is not None:
                    found[id_] = box
        return found

    def _box(self, id_: str) -> Box | None:
        shape = self.shapes.get(id_)
        bounds = None if shape is None else shape.find(f"{{{DC}}}Bounds")
        return None if bounds is None else _read_box(bounds)

    def _move(self, id_: str, dx: float, dy: float) -> None:
        shape = self.shapes.get(id_)
        for bounds in () if shape is None else list(shape.iter(f"{{{DC}}}Bounds")):
            write_box(bounds, _read_box(bounds).moved(dx, dy))

    def _put_column(self, x: float, width: float, but: list[str]) -> None:
        """Move what stands at or behind a place to the right, and make lanes and pools as much longer."""
        for id_, shape in self.shapes.items():
            element = self.by_id.get(id_)
            bounds = shape.find(f"{{{DC}}}Bounds")
            if element is None or bounds is None or element.get("id") in but:
                continue
            box = _read_box(bounds)
            if box.x >= x - _NEAR:
                self._move(element.get("id", ""), width, 0)
            elif box.right > x and local_name(element) in _HOLDING:
                write_box(bounds, Box(box.x, box.y, box.width + width, box.height))
        self._stretch(x, width)

    def _stretch(self, x: float, width: float) -> None:
        for edge in self.edges.values():
            for point in edge.iter(f"{{{DI}}}waypoint"):
                if _number(point, "x") >= x:
                    point.set("x", f"{_number(point, 'x') + width:g}")
            for bounds in edge.iter(f"{{{DC}}}Bounds"):
                if _number(bounds, "x") >= x:
                    write_box(bounds, _read_box(bounds).moved(width, 0))

    def _route(self, flows: list[etree._Element]) -> None:
        """Draw flows anew, the short ones first; those still to come are in nobody's way.

        Where there are more than anybody could follow they are drawn straight: a way is looked for each.
        """
        waiting = {flow.get("id", "") for flow in flows}
        for flow in sorted(flows, key=self._distance):
            edge = self.edges.get(flow.get("id", ""))
            ends = [flow.get("sourceRef", ""), flow.get("targetRef", "")]
            source, target = (self._box(one) for one in ends)
            if edge is None or source is None or target is None:
                continue
            if len(flows) > _MOST:
                way: Way = (source.middle, target.middle)
            else:
                way = routed(source, target, list(self._nodes(ends).values()), self._lines(waiting))
            before = _points(edge)
            write_way(edge, way)
            waiting.discard(flow.get("id", ""))
            if before[:2] != way[:2]:
                _label(edge, way)

    def _distance(self, flow: etree._Element) -> float:
        source, target = (self._box(flow.get(name, "")) for name in ("sourceRef", "targetRef"))
        if source is None or target is None:
            return 0.0
        (ax, ay), (bx, by) = source.middle, target.middle
        return abs(ax - bx) + abs(ay - by)

    def _lines(self, but: AbstractSet[str]) -> list[Way]:
        return [_points(edge) for id_, edge in self.edges.items() if id_ not in but]


def _drawn(root: etree._Element, kind: str) -> dict[str, etree._Element]:
    return {plain(one.get("bpmnElement")): one for one in root.iter(f"{{{BPMNDI}}}{kind}")}


def _add_incoming(target: etree._Element, flow_id: str) -> None:
    reference = etree.Element(bpmn("incoming"))
    reference.text = flow_id
    before = [*children(target, "documentation", "extensionElements", "incoming")]
    if before:
        before[-1].addnext(reference)
        reference.tail = before[-1].tail
    else:
        target.insert(0, reference)


def _label(edge: etree._Element, way: Way) -> None:
    bounds = edge.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
    if bounds is None:
        return
    (ax, ay), (bx, by) = way[:2]
    box, beside, above = _read_box(bounds), *_LABEL
    stands = abs(ax - bx) < abs(ay - by)
    x = ax + beside if stands else (ax + bx - box.width) / 2
    y = (ay + by - box.height) / 2 if stands else ay - above
    write_box(bounds, Box(x, y, box.width, box.height))


def _points(edge: etree._Element) -> Way:
    return tuple((_number(one, "x"), _number(one, "y")) for one in edge.iterchildren(f"{{{DI}}}waypoint"))


def _read_box(bounds: etree._Element) -> Box:
    return Box(*(_number(bounds, name) for name in ("x", "y", "width", "height")))


def _number(element: etree._Element, name: str) -> float:
    try:
        return float(element.get(name) or 0)
    except ValueError:
        return 0.0
