"""Ids, and what refers to them."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine.bpmn.definitions import definition_elements
from engine.bpmn.drawing import Drawing, Scope, target_of_call, what
from engine.bpmn.names import ACTIVITIES, BPMN, TASKS, bpmn, local_name
from engine.bpmn.normalise_events import begins_implicitly
from engine.errors import say

MOST_PROCESSES = 250
_EVENT_REFERENCES = {
    "signalEventDefinition": ("signalRef", "signal"),
    "errorEventDefinition": ("errorRef", "error"),
    "escalationEventDefinition": ("escalationRef", "escalation"),
    "messageEventDefinition": ("messageRef", "message"),
    "sendTask": ("messageRef", "message"),
    "receiveTask": ("messageRef", "message"),
}


def check_references(drawing: Drawing) -> None:
    """Find missing, doubled and dangling ids, and processes that cannot be told apart or run."""
    _processes(drawing)
    _duplicates(drawing)
    for scope in drawing.scopes:
        _flows(drawing, scope)
        _defaults(drawing, scope)
        _boundaries(drawing, scope)
    _calls(drawing)
    _events(drawing)
    for extension in drawing.root.iterchildren(bpmn("extension")):
        if extension.get("mustUnderstand") in ("true", "1"):
            drawing.find(
                "must-understand", extension, say("The file demands an extension that is not known here")
            )


def _processes(drawing: Drawing) -> None:
    if not drawing.processes:
        drawing.find("no-process", drawing.root, say("The file has no process"))
    elif all(process.get("isExecutable") in ("false", "0") for process in drawing.processes):
        drawing.note(
            "not-executable",
            drawing.processes[0],
            say("No process of the file is marked as executable (isExecutable): they are run nevertheless"),
        )


def _duplicates(drawing: Drawing) -> None:
    seen: set[str] = set()
    for element in drawing.root.iter(f"{{{BPMN}}}*"):
        id_ = element.get("id")
        if id_ and id_ in seen:
            drawing.find(
                "duplicate-id",
                element,
                say("The id %(id)s is used more than once, line %(line)s", id=id_, line=element.sourceline),
            )
        if id_:
            seen.add(id_)


def _flows(drawing: Drawing, scope: Scope) -> None:
    for flow in scope.flows:
        for end, where in (("sourceRef", "source"), ("targetRef", "target")):
            id_ = flow.get(end)
            if not id_:
                drawing.find(
                    f"flow-without-{where}",
                    flow,
                    say("The flow %(name)s has no %(end)s", name=what(flow), end=end),
                )
            elif id_ in scope.nodes:
                continue
            elif id_ in drawing.by_id:
                drawing.find(
                    "flow-crosses",
                    flow,
                    say(
                        "The flow %(name)s leads to or from %(id)s, which is not a node of the same process",
                        name=what(flow),
                        id=id_,
                    ),
                )
            else:
                drawing.find(
                    "dangling-flow",
                    flow,
                    say("The flow %(name)s refers to %(id)s, which does not exist", name=what(flow), id=id_),
                )


def _defaults(drawing: Drawing, scope: Scope) -> None:
    for id_, node in scope.nodes.items():
        default = node.get("default")
        if default and all(flow.get("id") != default for flow in scope.outgoing.get(id_, ())):
            drawing.find(
                "dangling-default",
                node,
                say(
                    "The default flow %(id)s of %(name)s is not one of its flows", id=default, name=what(node)
                ),
            )


def _boundaries(drawing: Drawing, scope: Scope) -> None:
    for node in scope.nodes.values():
        if local_name(node) != "boundaryEvent":
            continue
        activity = scope.nodes.get(node.get("attachedToRef", ""))
        if activity is None or local_name(activity) not in ACTIVITIES:
            drawing.find(
                "dangling-boundary",
                node,
                say(
                    "The boundary event %(name)s is attached to %(id)s, which is no activity here",
                    name=what(node),
                    id=node.get("attachedToRef") or "?",
                ),
            )


def _calls(drawing: Drawing) -> None:
    if len(drawing.run) > MOST_PROCESSES:
        drawing.find(
            "too-many-processes",
            drawing.run[-1],
            say("The file has more than %(most)s processes that run", most=MOST_PROCESSES),
        )
        return
    calls: dict[str, list[tuple[str, etree._Element]]] = {}
    ids = {process.get("id") for process in drawing.processes}
    for process in drawing.run:
        for call in process.iter(bpmn("callActivity")):
            target = target_of_call(call)
            _called(drawing, call, target, known=target in ids)
            calls.setdefault(process.get("id", ""), []).append((target, call))
    for process_id, own in calls.items():
        for target, call in own:
            if _reaches(target, process_id, lambda id_: [to for to, _ in calls.get(id_, ())]):
                drawing.find(
                    "call-ring",
                    call,
                    say("%(name)s calls its own process again, without end", name=what(call)),
                )


def _called(drawing: Drawing, call: etree._Element, target: str, *, known: bool) -> None:
    if not known:
        drawing.find(
            "unknown-called-process",
            call,
            say(
                "%(name)s calls the process %(id)s, which is not in this file",
                name=what(call),
                id=target or "?",
            ),
        )
    elif not _can_be_called(drawing, target):
        drawing.find(
            "called-without-start",
            call,
            say(
                "%(name)s calls %(id)s, which begins only by an event of its own", name=what(call), id=target
            ),
        )


def _can_be_called(drawing: Drawing, process_id: str) -> bool:
    """Tell whether a process begins without waiting for something (BPMN 2.0, 13.2)."""
    scope = next((one for one in drawing.scopes if one.element.get("id") == process_id), None)
    if scope is None or not scope.nodes:
        return True
    waits = [start for start in scope.starts if next(definition_elements(start), None) is not None]
    return len(waits) < len(scope.starts) or bool(begins_implicitly(scope.element))


def _reaches(start: str, goal: str, onwards: Callable[[str], list[str]]) -> bool:
    todo, seen = [start], {start}
    while todo:
        current = todo.pop()
        if current == goal:
            return True
        for following in onwards(current):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return False


def _events(drawing: Drawing) -> None:
    for process in drawing.run:
        for local, (attribute, kind) in _EVENT_REFERENCES.items():
            for definition in process.iter(bpmn(local)):
                reference = (definition.get(attribute) or "").split(":")[-1]
                target = drawing.by_id.get(reference)
                event = definition if local in TASKS else definition.getparent()
                if reference and event is not None and (target is None or local_name(target) != kind):
                    drawing.find(
                        "dangling-event",
                        event,
                        say(
                            "%(name)s refers to %(id)s, which does not exist", name=what(event), id=reference
                        ),
                    )
