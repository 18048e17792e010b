"""What stands apart from the flow: event subprocesses, links, and what undoes activities."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from engine.bpmn.definitions import kinds_of
from engine.bpmn.drawing import Drawing, Scope, what
from engine.bpmn.names import ACTIVITIES, TASKS, bpmn, children, local_name, plain
from engine.bpmn.normalise_events import handlers_of, link_name
from engine.errors import say

_TRUE = ("true", "1")


def check_apart(drawing: Drawing) -> None:
    """Find event subprocesses, links and compensation that could never take effect, or would twice."""
    for scope in drawing.scopes:
        _links(drawing, scope)
        _handlers(drawing, scope)
        for node in scope.nodes.values():
            if node.get("triggeredByEvent") in _TRUE:
                _event_subprocess(drawing, scope, node)
            if local_name(node) == "receiveTask" and node.get("instantiate") in _TRUE:
                _instantiating(drawing, scope, node)
            for definition in children(node, "compensateEventDefinition"):
                _what_is_undone(drawing, node, definition)


def _event_subprocess(drawing: Drawing, scope: Scope, node: etree._Element) -> None:
    id_ = node.get("id", "")
    if scope.incoming.get(id_) or scope.outgoing.get(id_) or scope.beside.get(id_):
        drawing.find(
            "event-subprocess-in-flow",
            node,
            say("The event subprocess %(name)s must have neither flows nor boundary events", name=what(node)),
        )
    if (
        next(children(node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"), None)
        is not None
    ):
        drawing.find(
            "event-subprocess-in-flow",
            node,
            say("The event subprocess %(name)s cannot be repeated: its event begins it", name=what(node)),
        )
    starts = list(children(node, "startEvent"))
    if len(starts) != 1:
        drawing.find(
            "event-subprocess-start",
            node,
            say(
                "The event subprocess %(name)s needs exactly one start event, found %(found)s",
                name=what(node),
                found=len(starts),
            ),
        )
    elif not kinds_of(starts[0]) and next(children(starts[0], "eventDefinitionRef"), None) is None:
        drawing.find(
            "event-subprocess-start",
            node,
            say("The event subprocess %(name)s does not say which event starts it", name=what(node)),
        )


def _instantiating(drawing: Drawing, scope: Scope, node: etree._Element) -> None:
    if scope.incoming.get(node.get("id", "")):
        drawing.find(
            "flow-into-start",
            node,
            say("%(name)s begins the process, so that no flow may lead to it", name=what(node)),
        )
    if local_name(scope.element) != "process":
        drawing.find(
            "instantiate-inside",
            node,
            say("%(name)s can begin a process only, not a subprocess", name=what(node)),
        )


def _links(drawing: Drawing, scope: Scope) -> None:
    ends = {
        local: [
            node
            for node in scope.nodes.values()
            if local_name(node) == local and node.find(bpmn("linkEventDefinition")) is not None
        ]
        for local in ("intermediateThrowEvent", "intermediateCatchEvent")
    }
    thrown = {link_name(node) for node in ends["intermediateThrowEvent"]}
    caught = Counter(link_name(node) for node in ends["intermediateCatchEvent"])
    for node in ends["intermediateThrowEvent"]:
        if not link_name(node) or caught[link_name(node)] != 1:
            drawing.find(
                "link",
                node,
                say(
                    "The link %(name)s needs exactly one event of its name that catches it, found %(found)s",
                    name=what(node),
                    found=caught[link_name(node)] if link_name(node) else 0,
                ),
            )
        if scope.outgoing.get(node.get("id", "")):
            drawing.find(
                "link",
                node,
                say("A flow leads on from the link %(name)s, which leads elsewhere", name=what(node)),
            )
    for node in ends["intermediateCatchEvent"]:
        if link_name(node) not in thrown:
            drawing.find("link", node, say("No event leads to the link %(name)s", name=what(node)))
        if scope.incoming.get(node.get("id", "")):
            drawing.find("link", node, say("A flow leads into the link %(name)s", name=what(node)))


def _handlers(drawing: Drawing, scope: Scope) -> None:
    found: dict[str, list[etree._Element]] = {}
    used: set[str] = set()
    for event, handler in handlers_of(scope.element, scope.nodes):
        found.setdefault(event.get("id", ""), []).append(handler)
        used.add(handler.get("id", ""))
    seen: Counter[str] = Counter()
    for id_, node in scope.nodes.items():
        if local_name(node) == "boundaryEvent" and "compensate" in kinds_of(node):
            seen[node.get("attachedToRef", "")] += 1
            _handler_of(drawing, scope, node, found.get(id_, []), seen[node.get("attachedToRef", "")])
        if node.get("isForCompensation") in _TRUE and local_name(node) in ACTIVITIES:
            if scope.incoming.get(id_) or scope.outgoing.get(id_):
                drawing.find(
                    "compensation-in-flow",
                    node,
                    say("%(name)s undoes another activity, so that it must have no flows", name=what(node)),
                )
            if id_ not in used:
                drawing.find(
                    "compensation-unused",
                    node,
                    say(
                        "No compensation event leads to %(name)s, which is to undo something", name=what(node)
                    ),
                )


def _handler_of(
    drawing: Drawing, scope: Scope, event: etree._Element, handlers: list[etree._Element], number: int
) -> None:
    if number > 1:
        drawing.find(
            "compensation-twice",
            event,
            say("%(name)s: an activity can be undone in one way only", name=what(event)),
        )
    if scope.outgoing.get(event.get("id", "")):
        drawing.find(
            "compensation-in-flow",
            event,
            say(
                "A flow leads on from %(name)s: what undoes an activity is joined by an association",
                name=what(event),
            ),
        )
    if len(handlers) != 1 or handlers[0].get("isForCompensation") not in _TRUE:
        drawing.find(
            "compensation-without-handler",
            event,
            say(
                "%(name)s needs one association to an activity that is marked as being for compensation",
                name=what(event),
            ),
        )


def _what_is_undone(drawing: Drawing, event: etree._Element, definition: etree._Element) -> None:
    reference = plain(definition.get("activityRef"))
    target = drawing.by_id.get(reference)
    if reference and (target is None or local_name(target) not in ACTIVITIES):
        drawing.find(
            "dangling-event",
            event,
            say("%(name)s refers to %(id)s, which does not exist", name=what(event), id=reference),
        )
    elif target is not None and target.getparent() not in list(event.iterancestors()):
        drawing.find(
            "compensation-out-of-reach",
            event,
            say(
                "%(name)s cannot undo %(activity)s, which stands in another process or subprocess",
                name=what(event),
                activity=what(target),
            ),
        )
    elif target is not None and local_name(target) in TASKS and not _undone_by_something(target):
        drawing.note(
            "no-effect",
            event,
            say(
                "%(name)s undoes %(activity)s, but nothing says how", name=what(event), activity=what(target)
            ),
        )


def _undone_by_something(task: etree._Element) -> bool:
    scope = task.getparent()
    return scope is not None and any(
        event.get("attachedToRef") == task.get("id") and "compensate" in kinds_of(event)
        for event in children(scope, "boundaryEvent")
    )
