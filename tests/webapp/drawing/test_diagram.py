"""Diagrams drawn on the server: every kind of shape, the states of a case, and nothing hostile."""

from __future__ import annotations

from math import inf, nan

import pytest
from lxml import etree

from engine.model.definition import Bounds, Diagram, Edge, Shape
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, FlowKind, MarkState

SVG = "{http://www.w3.org/2000/svg}"
EVENTS = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent")
MARKERS = ("timer", "message", "signal", "error", "escalation", "terminate", "conditional", "compensation")
ACTIVITIES = (
    "task", "userTask", "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask",
    "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
)  # fmt: skip
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
OTHERS = (
    "participant", "lane", "group", "textAnnotation", "dataObjectReference", "dataStoreReference",
    "dataInput", "dataOutput", "somethingNew",
)  # fmt: skip
HOSTILE = "</text></svg><script>alert(1)</script>\"' onload=x & <img src=x>"


def a_shape(kind: str = "userTask", element: str = "a", **more: object) -> Shape:
    given = {"name": "Membuat draft", "bounds": Bounds(x=100, y=100, width=118, height=68), **more}
    return Shape(element=element, type=kind, **given)  # type: ignore[arg-type]


def an_edge(kind: str = "sequenceFlow", element: str = "f", **more: object) -> Edge:
    given = {
        "name": "",
        "source": "a",
        "target": "b",
        "waypoints": ((0.0, 0.0), (50.0, 0.0), (50.0, 60.0)),
        **more,
    }
    return Edge(element=element, type=kind, **given)  # type: ignore[arg-type]


def drawn(diagram: Diagram, marks: DiagramMarks | None = None) -> etree._Element:
    """Read the drawing back: it must be well-formed, and hold nothing the policy forbids."""
    markup = draw_diagram(diagram, marks, title="Diagram")
    root = etree.fromstring(markup)
    for node in root.iter():
        assert node.tag not in {"script", "style", "a", "foreignObject", "use", "image"}
        assert not [name for name in node.attrib if name == "style" or str(name).startswith("on")]
    return root


def marks(**elements: ElementMark) -> DiagramMarks:
    return DiagramMarks(elements=elements)


def texts(root: etree._Element) -> str:
    return " ".join(" ".join(node.itertext()) for node in root.iter("text"))


def of_class(root: etree._Element, *names: str) -> list[etree._Element]:
    return [node for node in root.iter() if set(names) <= set(str(node.get("class", "")).split())]


@pytest.mark.parametrize("kind", [*ACTIVITIES, *GATEWAYS, *EVENTS, *OTHERS])
def test_every_kind_of_shape_is_drawn_with_its_name(kind: str) -> None:
    assert "Membuat draft" in texts(drawn(Diagram(shapes=(a_shape(kind),))))


def test_what_undoes_another_has_its_mark_and_an_event_subprocess_a_dotted_edge() -> None:
    plain, undoing = (drawn(Diagram(shapes=(a_shape("task", undoes=undoes),))) for undoes in (False, True))
    assert len(of_class(undoing, "marker")) == len(of_class(plain, "marker")) + 1
    handler = drawn(Diagram(shapes=(a_shape("subProcess", interrupting=False),)))
    assert "2 4" in [node.get("stroke-dasharray") for node in of_class(handler, "shape")]


@pytest.mark.parametrize("kind", ["userTask", "exclusiveGateway", "boundaryEvent"])
def test_a_step_that_could_not_go_on_has_a_sign_and_says_since_when(kind: str) -> None:
    """Shape and words, not colour alone; whatever else is said of the step stays."""
    given = DiagramMarks(
        elements={"a": ElementMark(state=MarkState.OPEN, badge="Kasub")}, stopped={"a": f"terhenti {HOSTILE}"}
    )
    root = drawn(Diagram(shapes=(a_shape(kind),)), given)
    [stop] = of_class(root, "stop")
    assert [node.get("class") for node in stop] == ["plate", "sign"]
    assert "terhenti" in texts(root)
    assert "Kasub" in texts(root)
    stopped, other = of_class(root, "flag", "stopped")[0][0], of_class(root, "flag", "open")[0][0]
    bottom = float(str(stopped.get("y"))) + float(str(stopped.get("height")))
    assert bottom < 100 < float(str(other.get("y"))), "above the shape, and the other badge below it"


def test_what_stops_somewhere_else_is_not_drawn() -> None:
    assert not of_class(drawn(Diagram(shapes=(a_shape(),)), DiagramMarks(stopped={"b": "terhenti"})), "stop")


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("marker", MARKERS)
def test_every_event_shows_what_it_waits_for(kind: str, marker: str) -> None:
    plain, marked = (drawn(Diagram(shapes=(a_shape(kind, marker=m),))) for m in ("", marker))
    assert not of_class(plain, "marker")
    assert of_class(marked, "marker")


@pytest.mark.parametrize("repeats", ["loop", "parallel", "sequential"])
def test_an_activity_that_repeats_shows_it(repeats: str) -> None:
    assert of_class(drawn(Diagram(shapes=(a_shape("task", repeats=repeats),))), "marker")


def test_a_user_task_has_its_number_and_no_person() -> None:
    root = drawn(Diagram(shapes=(a_shape(number=9),)))
    assert [node.text for node in of_class(root, "step-number")] == ["9"]
    assert not of_class(root, "marker")


@pytest.mark.parametrize("kind", ["sequenceFlow", "messageFlow", "association", "dataOutputAssociation"])
def test_every_kind_of_flow_is_drawn_with_its_name(kind: str) -> None:
    root = drawn(Diagram(shapes=(a_shape(),), edges=(an_edge(kind, name="Tidak"),)))
    assert of_class(root, "edge")
    assert "Tidak" in texts(root)


@pytest.mark.parametrize("state", list(MarkState))
def test_a_shape_has_the_class_of_its_state(state: MarkState) -> None:
    root = drawn(Diagram(shapes=(a_shape(),)), marks(a=ElementMark(state=state)))
    assert of_class(root, "node", state.value)


def test_only_done_activities_have_a_tick() -> None:
    shapes = (a_shape(element="a"), a_shape("startEvent", "b"), a_shape(element="c"))
    done = ElementMark(state=MarkState.DONE)
    assert len(of_class(drawn(Diagram(shapes=shapes), marks(a=done, b=done)), "tick")) == 1


def test_an_open_step_says_who_has_it_until_when() -> None:
    mark = ElementMark(state=MarkState.OPEN, badge="Kasub, putaran 2 · besok")
    root = drawn(Diagram(shapes=(a_shape(),)), marks(a=mark))
    assert of_class(root, "flag", "open")
    assert "Kasub, putaran 2 · besok" in texts(root)


def test_a_late_step_has_a_red_badge_and_its_shape_stays_open() -> None:
    mark = ElementMark(state=MarkState.OPEN, badge="terlambat 2 jam kerja", late=True)
    root = drawn(Diagram(shapes=(a_shape(),)), marks(a=mark))
    assert of_class(root, "flag", "late")
    assert of_class(root, "node", "open")
    assert not of_class(root, "node", "late")


def test_badges_of_neighbours_do_not_cover_each_other() -> None:
    shapes = tuple(
        a_shape(element=f"t{n}", bounds=Bounds(x=100 + 141 * n, y=100, width=118, height=68))
        for n in range(4)
    )
    mark = ElementMark(state=MarkState.OPEN, badge="Staf, menunggu bidang dan sekretariat")
    root = drawn(Diagram(shapes=shapes), marks(**{shape.element: mark for shape in shapes}))
    plates = [
        tuple(float(node.get(side, "0")) for side in ("x", "y", "width", "height"))
        for node in of_class(root, "plate")
    ]
    assert len(plates) == 4
    for count, (x, y, width, height) in enumerate(plates):
        for ox, oy, owidth, oheight in plates[:count]:
            assert x >= ox + owidth or ox >= x + width or y >= oy + oheight or oy >= y + height


def test_taken_flows_have_their_kind() -> None:
    diagram = Diagram(shapes=(a_shape(),), edges=tuple(an_edge(element=e) for e in ("f", "g", "h")))
    root = drawn(diagram, DiagramMarks(flows={"f": "done", "g": FlowKind.RETURNED, "h": "made up"}))
    assert [node.get("class") for node in of_class(root, "edge")] == [
        "edge done",
        "edge returned",
        "edge waiting",
    ]


def test_hostile_words_are_only_words() -> None:
    shapes = tuple(
        a_shape(kind, f"e{n}", name=HOSTILE, bounds=Bounds(x=0, y=200 * n, width=900, height=150))
        for n, kind in enumerate((*ACTIVITIES, *GATEWAYS, *EVENTS, *OTHERS))
    )
    mark = ElementMark(state=MarkState.OPEN, badge=HOSTILE)
    edges = (an_edge(name=HOSTILE),)
    root = drawn(Diagram(shapes=shapes, edges=edges), marks(e0=mark))
    assert "<script>alert(1)</script>" in texts(root)


@pytest.mark.parametrize("number", [nan, inf, -inf, 1e300])
def test_absurd_places_are_left_out(number: float) -> None:
    shapes = (a_shape(), a_shape(element="b", bounds=Bounds(x=number, y=0, width=10, height=10)))
    edges = (an_edge(waypoints=((0.0, 0.0), (number, 0.0))),)
    root = drawn(Diagram(shapes=shapes, edges=edges))
    assert len(of_class(root, "node")) == 1
    assert not of_class(root, "edge")


def test_degenerate_flows_and_shapes_do_no_harm() -> None:
    shapes = (a_shape(), a_shape(element="b", bounds=Bounds(x=0, y=0, width=0, height=0)), a_shape(name=""))
    edges = (
        an_edge(waypoints=((5.0, 5.0),)),
        an_edge(waypoints=((5.0, 5.0), (5.0, 5.0))),
        an_edge(waypoints=()),
        an_edge(name="Ya", label=None, default=True),
    )
    assert drawn(Diagram(shapes=shapes, edges=edges)) is not None


def test_names_are_cut_to_their_shape() -> None:
    root = drawn(Diagram(shapes=(a_shape(name="kata " * 10_000),)))
    lines = of_class(root, "name")
    assert 1 <= len(lines) <= 4
    assert str(lines[-1].text).endswith("…")


def test_a_diagram_without_a_drawing_says_so() -> None:
    assert draw_diagram(Diagram()) == '<p class="diagram-none">This diagram has no drawing.</p>'


def test_it_is_a_labelled_group_that_can_be_scrolled_by_keyboard() -> None:
    markup = draw_diagram(
        Diagram(shapes=(a_shape(),)), title="Berkas 012", description="Sekarang: Membuat draft"
    )
    root = etree.fromstring(markup)
    assert (root.get("role"), root.get("tabindex")) == ("group", "0")
    assert root.get("aria-label") == "Berkas 012. Sekarang: Membuat draft"


def test_it_never_shrinks_below_three_quarters() -> None:
    wide = Diagram(shapes=(a_shape("lane", bounds=Bounds(x=0, y=0, width=2000, height=100)),))
    root = drawn(wide)
    least, rest = (int(node.get("width", "0")) for node in of_class(root, "ruler")[0])
    [picture] = of_class(root, "bpmn")
    assert least + rest == int(picture.get("width", "0"))
    assert least == int(0.75 * (least + rest))


def test_everything_drawn_is_inside_the_picture() -> None:
    label = Bounds(x=-80, y=300, width=60, height=14)
    shapes = (a_shape(), a_shape("endEvent", "b", label=label))
    mark = ElementMark(state=MarkState.OPEN, badge="x" * 60)
    root = drawn(Diagram(shapes=shapes), marks(a=mark))
    [picture] = of_class(root, "bpmn")
    x, y, width, height = (float(n) for n in str(picture.get("viewBox")).split())
    [plate] = of_class(root, "plate")
    assert x <= float(plate.get("x", "0"))
    assert x + width >= float(plate.get("x", "0")) + float(plate.get("width", "0"))
    assert y <= label.y <= y + height
    assert x <= label.x


def test_a_difference_is_said_on_shapes_and_beside_flows() -> None:
    """What is gone is dashed by its class; the words on a flow lie on no shape."""
    right = a_shape(element="b", bounds=Bounds(x=241, y=100, width=118, height=68))
    between = an_edge(waypoints=((218.0, 134.0), (241.0, 134.0)))
    marks = DiagramMarks(
        elements={
            "a": ElementMark(state=MarkState.CHANGED, badge="2 hari kerja"),
            "b": ElementMark(state=MarkState.REMOVED, badge="dihapus"),
        },
        flows={"f": FlowKind.REMOVED},
        flow_badges={"f": "dihapus"},
    )
    drawn = etree.fromstring(
        str(draw_diagram(Diagram(shapes=(a_shape(), right), edges=(between,)), marks)).replace("&nbsp;", " ")
    )
    kinds = [group.get("class") for group in drawn.iter(f"{SVG}g", "g")]
    assert {"node changed", "node removed", "edge removed", "flag changed", "flag removed"} <= set(kinds)
    assert kinds.count("flag removed") == 2
    for group in drawn.iter(f"{SVG}g", "g"):
        if (group.get("class") or "").startswith("flag"):
            plate = next(group.iter(f"{SVG}rect", "rect"))
            top, height = float(plate.get("y", "0")), float(plate.get("height", "0"))
            assert top + height <= 100 or top >= 168
