"""How every diagram of the library is drawn, so that people can read it in any tool."""

from __future__ import annotations

from itertools import combinations

from tests.processes.drawing import Drawing

LANE_HEIGHT = 116
TASK_SIZE = (118, 68)
LETTER = 7  # units that a letter of a label needs in any tool's typeface, at 11 px


def test_everything_is_drawn(drawing: Drawing) -> None:
    shapes = {one.get("id") for one in drawing.all("participant", "lane")} | set(drawing.nodes)
    assert shapes <= set(drawing.boxes)
    assert {flow.get("id") for flow in drawing.flows} <= set(drawing.waypoints)


def test_nothing_is_drawn_that_is_not_there(drawing: Drawing) -> None:
    assert (set(drawing.boxes) | set(drawing.waypoints)) <= set(drawing.elements)


def test_no_two_shapes_overlap(drawing: Drawing) -> None:
    for one, other in combinations(drawing.nodes, 2):
        if not drawing.stands_in(one, other) and not drawing.stands_in(other, one):
            assert not drawing.boxes[one].overlaps(drawing.boxes[other]), (one, other)


def test_lanes_fill_their_pool_and_do_not_overlap(drawing: Drawing) -> None:
    [pool] = [drawing.boxes[one.get("id")] for one in drawing.all("participant")]
    lanes = [drawing.boxes[one.get("id")] for one in drawing.all("lane")]
    assert all(pool.holds(lane) for lane in lanes)
    assert not any(one.overlaps(other) for one, other in combinations(lanes, 2))
    assert sum(lane.height for lane in lanes) == pool.height
    assert all(lane.height >= LANE_HEIGHT for lane in lanes)


def test_every_node_stands_in_its_lane(drawing: Drawing) -> None:
    for lane in drawing.all("lane"):
        box = drawing.boxes[lane.get("id")]
        nodes = [ref.text for ref in lane.iter() if ref.tag.endswith("flowNodeRef")]
        assert all(box.holds(drawing.boxes[node]) for node in nodes)


def test_user_tasks_have_one_size(drawing: Drawing) -> None:
    boxes = [drawing.boxes[task.get("id")] for task in drawing.all("userTask")]
    assert {(box.width, box.height) for box in boxes} == {TASK_SIZE}


def test_flows_run_straight_from_edge_to_edge(drawing: Drawing) -> None:
    for flow in drawing.flows:
        points = drawing.waypoints[flow.get("id")]
        assert all(line.is_straight for line in drawing.lines(flow.get("id"))), flow.get("id")
        assert drawing.boxes[flow.get("sourceRef")].has_on_edge(points[0]), flow.get("id")
        assert drawing.boxes[flow.get("targetRef")].has_on_edge(points[-1]), flow.get("id")


def test_no_flow_crosses_a_shape(drawing: Drawing) -> None:
    for flow in drawing.flows:
        holders = {one.get("id") for one in flow.iterancestors()}
        for node in set(drawing.nodes) - holders:
            for line in drawing.lines(flow.get("id")):
                assert not line.crosses(drawing.boxes[node]), (flow.get("id"), node)


def test_named_events_gateways_and_flows_say_where_their_label_stands(drawing: Drawing) -> None:
    with_label_outside = [
        element
        for element in (*drawing.nodes, *(flow.get("id") for flow in drawing.flows))
        if drawing.elements[element].tag.endswith(("Event", "Gateway", "Flow"))
        and drawing.elements[element].get("name")
    ]
    assert set(with_label_outside) <= set(drawing.labels)


def test_labels_touch_no_shape_no_flow_and_no_other_label(drawing: Drawing) -> None:
    for element, label in drawing.labels.items():
        touched = [node for node in drawing.nodes if label.overlaps(drawing.boxes[node])]
        touched += [
            name for name, other in drawing.labels.items() if name != element and label.overlaps(other)
        ]
        touched += [
            flow.get("id")
            for flow in drawing.flows
            if any(line.crosses(label) for line in drawing.lines(flow.get("id")))
        ]
        assert not touched, element


def test_labels_stand_in_the_pool_and_have_room_for_their_words(drawing: Drawing) -> None:
    [pool] = [drawing.boxes[one.get("id")] for one in drawing.all("participant")]
    for element, label in drawing.labels.items():
        assert pool.holds(label), element
        longest = max(drawing.elements[element].get("name", "").split(), key=len, default="")
        assert label.width >= LETTER * len(longest), element


def test_no_two_flows_run_on_top_of_each_other(drawing: Drawing) -> None:
    """Flows may cross, and meet where they begin or end; a stretch of one line is never two."""
    lines = [(flow.get("id"), line) for flow in drawing.flows for line in drawing.lines(flow.get("id"))]
    for (one, first), (other, second) in combinations(lines, 2):
        if one != other:
            assert not first.covers(second), (one, other)
