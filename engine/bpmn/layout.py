"""A drawing for a file that has none: a row per lane, columns in the order of the flow.

For one process with plain nodes. What has subprocesses, events at steps, notes or data is left as it is:
a drawing that hides something would be worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from lxml import etree

from engine.bpmn.editing import free_id, put_edge, put_shape, written
from engine.bpmn.guard import read_file_tree
from engine.bpmn.names import (
    BPMNDI,
    DC,
    DI,
    EVENTS,
    GATEWAYS,
    NODES,
    SUBPROCESSES,
    bpmn,
    children,
    local_name,
    name_of,
)
from engine.bpmn.routing import Box, Way, routed

_LEFT, _TOP, _HEAD, _LANE = 160.0, 80.0, 30.0, 116.0
_COLUMN, _FIRST, _START = 141.0, 303.0, 262.0
_BEFORE = -1  # the column of starts
_SIZES = {**dict.fromkeys(EVENTS, (36.0, 36.0)), **dict.fromkeys(GATEWAYS, (50.0, 50.0))}
_TASK = (118.0, 68.0)
_MOST = 200  # nodes
_NOT_DRAWN = {"sequenceFlow", "laneSet", "extensionElements", "documentation", "ioSpecification", "property"}


def is_drawn(root: etree._Element) -> bool:
    """Tell whether a file has a drawing."""
    return next(root.iter(f"{{{BPMNDI}}}BPMNShape"), None) is not None


def laid_out(content: bytes) -> bytes | None:
    """Give a file without a drawing with one; None where it has one, or is not simple enough."""
    tree = read_file_tree(content)
    root = tree.getroot()
    processes = list(root.iterchildren(bpmn("process")))
    if is_drawn(root) or len(processes) != 1 or not _is_simple(processes[0]):
        return None
    _draw(root, processes[0])
    return written(tree)


def _is_simple(process: etree._Element) -> bool:
    nodes, flows = list(_nodes(process)), list(children(process, "sequenceFlow"))
    kinds = {local_name(child) for child in process.iterchildren("*")} - {""}
    plain = (NODES - SUBPROCESSES - {"boundaryEvent"}) | _NOT_DRAWN
    return (
        0 < len(nodes) <= _MOST
        and kinds <= plain
        and all(node.get("id") for node in nodes)
        and next(process.iter(bpmn("childLaneSet")), None) is None
        and len(list(children(process, "laneSet"))) <= 1
        and all(flow.get("id") for flow in flows)
        and len(flows) <= _MOST
    )


def _nodes(process: etree._Element) -> Iterator[etree._Element]:
    return (child for child in process.iterchildren("*") if local_name(child) in NODES)


def _draw(root: etree._Element, process: etree._Element) -> None:
    lanes = list(process.iter(bpmn("lane")))
    rows = {
        (reference.text or "").strip(): row
        for row, lane in enumerate(lanes)
        for reference in children(lane, "flowNodeRef")
    }
    nodes = {node.get("id", ""): node for node in _nodes(process)}
    flows = [
        flow
        for flow in children(process, "sequenceFlow")
        if flow.get("sourceRef") in nodes and flow.get("targetRef") in nodes
    ]
    ends = [(flow.get("sourceRef", ""), flow.get("targetRef", "")) for flow in flows]
    starts = {id_ for id_, node in nodes.items() if local_name(node) == "startEvent"}
    cells = _cells(list(nodes), ends, rows, starts)
    boxes = {id_: _box(local_name(nodes[id_]), cell) for id_, cell in cells.items()}
    last = max(column for _row, column in cells.values())
    width = _FIRST - _LEFT + (last + 1) * _COLUMN
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)  # an empty one
    plane = _plane(root, process)
    pool = _pool(root, process, plane)
    if pool:
        put_shape(plane, pool, Box(_LEFT, _TOP, width, _LANE * max(1, len(lanes))), horizontal=True)
    for row, lane in enumerate(lanes):
        box = Box(_LEFT + _HEAD, _TOP + row * _LANE, width - _HEAD, _LANE)
        put_shape(plane, lane.get("id", ""), box, horizontal=True)
    for id_, box in boxes.items():
        put_shape(plane, id_, box)
    lines: list[Way] = []
    for flow, (source, target) in zip(flows, ends, strict=True):
        others = [box for id_, box in boxes.items() if id_ not in {source, target}]
        lines.append(routed(boxes[source], boxes[target], others, lines))
        put_edge(plane, flow.get("id", ""), lines[-1])


def _plane(root: etree._Element, process: etree._Element) -> etree._Element:
    spaces = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=spaces, id=free_id(root, "diagram"))
    id_ = free_id(root, "bidang_gambar")
    return etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=id_, bpmnElement=process.get("id", ""))


def _pool(root: etree._Element, process: etree._Element, plane: etree._Element) -> str:
    """Find the pool of the process, or give it one where it has lanes; the plane shows the collaboration."""
    collaboration = root.find(bpmn("collaboration"))
    if collaboration is None:
        if process.find(bpmn("laneSet")) is None:
            return ""
        collaboration = etree.Element(bpmn("collaboration"), id=free_id(root, "kolaborasi"))
        process.addprevious(collaboration)
    pools = list(children(collaboration, "participant"))
    own = next((pool for pool in pools if pool.get("processRef") == process.get("id")), None)
    if own is None:
        own = etree.SubElement(collaboration, bpmn("participant"), id=free_id(root, "kantor"))
        own.set("name", name_of(process))
        own.set("processRef", process.get("id", ""))
    plane.set("bpmnElement", collaboration.get("id", ""))
    return own.get("id", "")


def _cells(
    nodes: Sequence[str], ends: Sequence[tuple[str, str]], rows: dict[str, int], starts: AbstractSet[str]
) -> dict[str, tuple[int, int]]:
    """Give row and column of each node: a hand-over keeps the column, work in one lane goes right.

    Starts stand before the first column.
    """
    order = _ordered(nodes, ends)
    place = {id_: number for number, id_ in enumerate(order)}
    cells: dict[str, tuple[int, int]] = {}
    for id_ in order:
        row = rows.get(id_, 0)
        before = [source for source, target in ends if target == id_ and place[source] < place[id_]]
        columns = [_column(cells, source, row, ends) for source in before]
        column = max(columns, default=_BEFORE if id_ in starts else 0)
        while not _is_free(cells, row, column, before):
            column += 1
        cells[id_] = (row, column)
    return cells


def _column(cells: dict[str, tuple[int, int]], source: str, row: int, ends: Sequence[tuple[str, str]]) -> int:
    from_row, column = cells[source]
    hands_over = column != _BEFORE and from_row != row and sum(one == source for one, _to in ends) == 1
    return column if hands_over else column + 1


def _is_free(cells: dict[str, tuple[int, int]], row: int, column: int, before: Sequence[str]) -> bool:
    taken = {cell: id_ for id_, cell in cells.items()}
    if (row, column) in taken:
        return False
    above = [cells[id_][0] for id_ in before if cells[id_][1] == column]
    between = {one for start in above for one in range(min(start, row) + 1, max(start, row))}
    return not any((one, column) in taken for one in between)


def _ordered(nodes: Sequence[str], ends: Sequence[tuple[str, str]]) -> list[str]:
    """Order nodes so that each stands behind those that lead to it, as far as loops let them."""
    out: dict[str, list[str]] = {}
    for source, target in ends:
        out.setdefault(source, []).append(target)
    found: list[str] = []
    seen: set[str] = set()
    targets = {target for _source, target in ends}
    for start in sorted(nodes, key=lambda id_: id_ in targets):  # what nothing leads to comes first
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(out.get(start, ())))]
        while stack:  # depth first: a node is finished behind all it leads to
            id_, following = stack[-1]
            step = next((one for one in following if one not in seen), None)
            if step is None:
                found.append(id_)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(out.get(step, ()))))
    return found[::-1]


def _box(kind: str, cell: tuple[int, int]) -> Box:
    row, column = cell
    width, height = _SIZES.get(kind, _TASK)
    middle = _START if column == _BEFORE else _FIRST + _TASK[0] / 2 + column * _COLUMN
    return Box(middle - width / 2, _TOP + row * _LANE + (_LANE - height) / 2, width, height)
