"""Errors and escalations that are thrown: which, and whether anybody catches them."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from engine.bpmn.definitions import definition_elements
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import bpmn, children, local_name, plain
from engine.errors import say

_TRUE = ("true", "1")
_THROWS = frozenset({"endEvent", "intermediateThrowEvent"})


def check_thrown(drawing: Drawing, event: etree._Element, kinds: Iterable[str]) -> None:
    """Find what is thrown without a name; note an error that nobody catches."""
    if local_name(event) in _THROWS:
        _code(drawing, event)
    if local_name(event) == "endEvent" and "error" in kinds:
        _error_end(drawing, event)


def is_marked_executable(event: etree._Element) -> bool:
    """Tell whether the process of an event says that it is to be run: BPMN then asks for more."""
    process = next(event.iterancestors(bpmn("process")), None)
    return process is not None and process.get("isExecutable") in _TRUE


def _code(drawing: Drawing, event: etree._Element) -> None:
    """Find an error or escalation that is thrown without saying which (BPMN 2.0, 8.3.3 and 8.3.4).

    What is thrown needs a code in a process that is marked as executable; a drawing may leave it out.
    """
    marked = is_marked_executable(event)
    for definition in definition_elements(event):
        kind = local_name(definition).removesuffix("EventDefinition")
        if kind not in ("error", "escalation") or definition.get(f"{kind}Ref", "").strip():
            continue
        if marked:
            sentence = say(
                "%(name)s does not say what it throws (%(attribute)s)",
                name=what(event),
                attribute=f"{kind}Ref",
            )
            drawing.find("thrown-without-name", event, sentence)
        else:
            sentence = say(
                "%(name)s does not say what it throws (%(attribute)s): only who asks for none catches it",
                name=what(event),
                attribute=f"{kind}Ref",
            )
            drawing.note("thrown-without-name", event, sentence)


def _error_end(drawing: Drawing, event: etree._Element) -> None:
    """Note an error that leaves a process which nobody calls: what then happens BPMN leaves open (10.5.3)."""
    code = _code_of(drawing, event)
    scope = event.getparent()
    while scope is not None and local_name(scope) != "process":
        outer = scope.getparent()
        if outer is None:
            return
        around = [
            one for one in children(outer, "boundaryEvent") if one.get("attachedToRef") == scope.get("id")
        ]
        if any(_catches(drawing, one, code) for one in [*around, *_handlers(scope)]):
            return
        scope = outer
    if scope is not None and scope.get("id") not in drawing.called:
        if any(_catches(drawing, one, code) for one in _handlers(scope)):
            return
        drawing.note(
            "uncaught-error",
            event,
            say("The error of %(name)s is caught nowhere: the case ends there", name=what(event)),
        )


def _handlers(scope: etree._Element) -> list[etree._Element]:
    return [
        start
        for sub in children(scope, "subProcess")
        if sub.get("triggeredByEvent") in _TRUE
        for start in children(sub, "startEvent")
    ]


def _catches(drawing: Drawing, event: etree._Element, code: str) -> bool:
    return any(
        local_name(one) == "errorEventDefinition"
        and (not one.get("errorRef") or _code_of(drawing, event) == code)
        for one in definition_elements(event)
    )


def _code_of(drawing: Drawing, event: etree._Element) -> str:
    definition = event.find(bpmn("errorEventDefinition"))
    return "" if definition is None else error_code(drawing, definition)


def error_code(drawing: Drawing, definition: etree._Element) -> str:
    """Give by what an error is known: its code, else the id that is referred to; empty for any."""
    reference = plain(definition.get("errorRef"))
    error = drawing.by_id.get(reference)
    return reference if error is None else error.get("errorCode") or reference
