"""A BPMN diagram as SVG, plain or with the states of one case."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from engine.model.definition import Bounds, Diagram, Edge, Shape
from webapp.drawing import svg
from webapp.drawing.activities import draw_activity, draw_activity_name
from webapp.drawing.badges import Badge, draw_badge, draw_stop, draw_tick, lay_badges
from webapp.drawing.edges import draw_edge, draw_edge_name, edge_name_place, middle
from webapp.drawing.events import draw_event
from webapp.drawing.marks import DiagramMarks, ElementMark, FlowKind, MarkState
from webapp.drawing.nodes import draw_artifact, draw_container, draw_gateway, draw_outer_name, outer_extent
from webapp.drawing.svg import NOTHING, element, group

SMALLEST_SCALE = 0.75  # of the type; a wider diagram scrolls
_MARGIN = 14.0
_MOST = 3000  # shapes and flows that are drawn; an accepted file has fewer
_FURTHEST = 100_000.0  # units; a shape beyond is not drawn
_CONTAINERS = {"participant", "lane", "group"}
_ARTIFACTS = {
    "textAnnotation",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataInput",
    "dataOutput",
}
_NAMED_OUTSIDE = ("Event", "Gateway", "Reference", "dataObject", "dataInput", "dataOutput")
_NOT_REACHED = ElementMark(state=MarkState.NOT_REACHED)


def draw_diagram(
    diagram: Diagram, marks: DiagramMarks | None = None, *, title: str = "", description: str = ""
) -> Markup:
    """Draw a diagram in a container that scrolls when it would become too small to read.

    The same facts must stand beside it as text; ``description`` is what a screen reader is told.
    """
    shapes = [shape for shape in diagram.shapes[:_MOST] if _drawable(shape.bounds)]
    edges = [edge for edge in diagram.edges[:_MOST] if _drawable_way(edge)]
    if not shapes:
        return element("p", gettext("This diagram has no drawing."), class_="diagram-none")
    marked = marks or DiagramMarks()
    stopped = [(shape, marked.stopped[shape.element]) for shape in shapes if shape.element in marked.stopped]
    badges = lay_badges(_with_badges(shapes, marked), stopped, _on_flows(edges, marked), _above_edges(shapes))
    drawing = svg.together(
        (
            *(draw_container(shape) for shape in shapes if shape.type in _CONTAINERS),
            *(_node(shape, marked) for shape in _open_subprocesses(shapes)),
            *(_edge(edge, marked) for edge in edges),
            *(_node(shape, marked) for shape in _above_edges(shapes)),
            *(_name(shape) for shape in shapes if shape.type not in _CONTAINERS),
            *(draw_edge_name(edge) for edge in edges),
            *(draw_tick(shape) for shape in shapes if _is_ticked(shape, marked)),
            *(draw_badge(badge) for badge in badges),
            *(draw_stop(shape) for shape, _words in stopped),
        )
    )
    kind = "bpmn" if marks is None else "bpmn marked"
    label = ". ".join(part for part in (title or gettext("Diagram"), description) if part)
    extent = _extent(shapes, edges, badges)
    return scrolling(_picture(drawing, extent, kind, label), extent.width, label)


def scrolling(picture: Markup, width: float, label: str) -> Markup:
    """Put a drawing into its container: as wide as the page, never wider than drawn nor under the scale.

    The policy forbids inline styles, so two empty svg make the width: they break after the first.
    """
    least = int(width * SMALLEST_SCALE)
    ruler = element("div", _gap(least), " ", _gap(round(width) - least), class_="ruler", aria_hidden="true")
    sheet = element("div", ruler, picture, class_="diagram-sheet")
    return element("div", sheet, class_="diagram-scroll", role="group", aria_label=label, tabindex="0")


def _gap(width: int) -> Markup:
    return element("svg", width=width, height=1)


def _picture(drawing: Markup, extent: Bounds, kind: str, label: str) -> Markup:
    return element(
        "svg",
        drawing,
        class_=kind,
        width=round(extent.width),
        height=round(extent.height),
        viewBox=" ".join(svg.number(float(n)) for n in (extent.x, extent.y, extent.width, extent.height)),
        role="img",
        aria_label=label,
        focusable="false",
    )


def _node(shape: Shape, marks: DiagramMarks) -> Markup:
    state = marks.elements.get(shape.element, _NOT_REACHED).state
    return group(_drawn(shape), class_=f"node {MarkState(state).value}")


def _drawn(shape: Shape) -> Markup:
    if shape.type.endswith("Event"):
        return draw_event(shape)
    if shape.type.endswith("Gateway"):
        return draw_gateway(shape)
    if shape.type in _ARTIFACTS:
        return draw_artifact(shape)
    return draw_activity(shape)


def _name(shape: Shape) -> Markup:
    if shape.type.endswith(("Event", "Gateway")):
        return draw_outer_name(shape)
    if shape.type in _ARTIFACTS:
        return NOTHING if shape.type == "textAnnotation" else draw_outer_name(shape)
    return draw_activity_name(shape)


def _edge(edge: Edge, marks: DiagramMarks) -> Markup:
    kind = str(marks.flows.get(edge.element, MarkState.NOT_REACHED))
    return draw_edge(edge, kind if kind in set(FlowKind) else "waiting")


def _open_subprocesses(shapes: list[Shape]) -> list[Shape]:
    """Find what other shapes stand on, the largest first."""
    found = [shape for shape in shapes if _is_open_subprocess(shape)]
    return sorted(found, key=lambda shape: -shape.bounds.width * shape.bounds.height)


def _above_edges(shapes: list[Shape]) -> list[Shape]:
    """Find what stands on the flows; boundary events last, on their activity's edge."""
    found = [shape for shape in shapes if shape.type not in _CONTAINERS and not _is_open_subprocess(shape)]
    return sorted(found, key=lambda shape: shape.type == "boundaryEvent")


def _is_open_subprocess(shape: Shape) -> bool:
    return shape.expanded and shape.type in {"subProcess", "transaction", "adHocSubProcess"}


def _is_activity(shape: Shape) -> bool:
    return not shape.type.endswith(("Event", "Gateway")) and shape.type not in _CONTAINERS | _ARTIFACTS


def _is_ticked(shape: Shape, marks: DiagramMarks) -> bool:
    return marks.elements.get(shape.element, _NOT_REACHED).state == MarkState.DONE and _is_activity(shape)


def _with_badges(shapes: list[Shape], marks: DiagramMarks) -> list[tuple[Shape, ElementMark]]:
    found = ((shape, marks.elements.get(shape.element, _NOT_REACHED)) for shape in shapes)
    return [(shape, mark) for shape, mark in found if mark.badge.strip()]


def _on_flows(edges: list[Edge], marks: DiagramMarks) -> list[tuple[Shape, ElementMark]]:
    """Give what is written on flows, in the middle of their longest stretch."""
    found = []
    for edge in edges:
        words = marks.flow_badges.get(edge.element, "")
        if words:
            x, y = middle(edge.waypoints)
            spot = Shape(
                element=edge.element, type=edge.type, name="", bounds=Bounds(x=x, y=y, width=0, height=0)
            )
            state = MarkState(str(marks.flows.get(edge.element, MarkState.CHANGED)))
            found.append((spot, ElementMark(state=state, badge=words)))
    return found


def _extent(shapes: list[Shape], edges: list[Edge], badges: list[Badge]) -> Bounds:
    """Find the room that everything drawn takes, with a margin."""
    named = (shape for shape in shapes if shape.name and shape.type.endswith(_NAMED_OUTSIDE))
    rooms: list[Bounds] = [
        *(shape.bounds for shape in shapes),
        *(outer_extent(shape) for shape in named),
        *(edge_name_place(edge) for edge in edges if edge.name),
        *(badge.place for badge in badges),
        *(Bounds(x=x, y=y, width=0, height=0) for edge in edges for x, y in edge.waypoints),
    ]
    left, top = min(room.x for room in rooms), min(room.y for room in rooms)
    right = max(room.x + room.width for room in rooms)
    bottom = max(room.y + room.height for room in rooms)
    return Bounds(
        x=left - _MARGIN, y=top - _MARGIN, width=right - left + 2 * _MARGIN, height=bottom - top + 2 * _MARGIN
    )


def _drawable(bounds: Bounds) -> bool:
    """Leave out what no screen shows; comparisons with NaN are false too."""
    numbers = (bounds.x, bounds.y, bounds.width, bounds.height)
    return all(-_FURTHEST < n < _FURTHEST for n in numbers) and bounds.width > 0 and bounds.height > 0


def _drawable_way(edge: Edge) -> bool:
    return bool(edge.waypoints) and all(-_FURTHEST < n < _FURTHEST for point in edge.waypoints for n in point)
