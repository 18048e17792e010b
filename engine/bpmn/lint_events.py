"""Events: which may stand where (BPMN 2.0, tables 10.83 to 10.91), and what they lack."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.definitions import kinds_of
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.lint_thrown import check_thrown, is_marked_executable
from engine.bpmn.lint_timers import check_timer
from engine.bpmn.names import CATCHING, EVENTS, bpmn, child_text, children, local_name, plain
from engine.bpmn.normalise_events import begins_implicitly
from engine.errors import say

_TRUE, _FALSE = ("true", "1"), ("false", "0")
_WAITS = frozenset({"message", "timer", "conditional", "signal"})
_CAUGHT = _WAITS | {"error", "escalation"}
_SUPPORTED = {
    "startEvent": _WAITS,
    "endEvent": frozenset({"message", "error", "escalation", "cancel", "compensate", "signal", "terminate"}),
    "intermediateCatchEvent": _WAITS | {"link"},
    "intermediateThrowEvent": frozenset({"message", "escalation", "compensate", "link", "signal"}),
    "boundaryEvent": _CAUGHT | {"cancel", "compensate"},
}
_HANDLES = _CAUGHT | {"compensate"}  # start events of event subprocesses
_MUST_HAVE = frozenset({"intermediateCatchEvent", "boundaryEvent"})
_MUST_INTERRUPT = frozenset({"error", "cancel"})
_ALONE = frozenset({"link", "cancel"})  # never one of several
_CAUGHT_ALONE = frozenset({"link", "compensate", "cancel"})


def check_events(drawing: Drawing) -> None:
    """Find unsupported events, events without what they wait for, and senseless times."""
    for event in drawing.nodes(*EVENTS):
        kinds = [*kinds_of(event), *_referred(drawing, event)]
        _kinds(drawing, event, kinds)
        check_thrown(drawing, event, kinds)
        for definition in children(event, "timerEventDefinition"):
            check_timer(drawing, event, definition)
        for definition in children(event, "conditionalEventDefinition"):
            if not child_text(definition, "condition"):
                drawing.find(
                    "event-without-condition",
                    event,
                    say("%(name)s waits for a condition, but has none", name=what(event)),
                )
        if "signal" in kinds:
            _signal(drawing, event)
        if "cancel" in kinds:
            _cancel(drawing, event)
    if drawing.executable:
        _note_begun(drawing)


def _note_begun(drawing: Drawing) -> None:
    """Tell that a case has somebody who starts it, where only an event would begin the process (10.4.2)."""
    starts = list(children(drawing.main, "startEvent"))
    waiting = [one for one in starts if kinds_of(one) or one.find(bpmn("eventDefinitionRef")) is not None]
    if len(waiting) < len(starts) or begins_implicitly(drawing.main):
        return
    instantiating = [node for node in drawing.main.iterchildren() if node.get("instantiate") in _TRUE]
    for event in (*waiting, *instantiating):
        drawing.note(
            "begun-by-a-person",
            event,
            say(
                "%(name)s starts no case: a person starts it from the library, and it then waits here",
                name=what(event),
            ),
        )


def _referred(drawing: Drawing, event: etree._Element) -> list[str]:
    """Give the kinds of the definitions that stand apart and are referred to."""
    kinds = []
    for reference in children(event, "eventDefinitionRef"):
        target = drawing.by_id.get(plain(reference.text))
        if target is None or not local_name(target).endswith("EventDefinition"):
            drawing.find(
                "dangling-event",
                event,
                say(
                    "%(name)s refers to %(id)s, which does not exist",
                    name=what(event),
                    id=plain(reference.text) or "?",
                ),
            )
        else:
            kinds.append(local_name(target).removesuffix("EventDefinition"))
    return kinds


def _kinds(drawing: Drawing, event: etree._Element, kinds: list[str]) -> None:
    local = local_name(event)
    if not kinds and local in _MUST_HAVE:
        drawing.find(
            "event-without-definition",
            event,
            say("%(name)s does not say what it waits for", name=what(event)),
        )
    if len(kinds) > 1:
        _several(drawing, event, kinds)
    elif kinds and event.get("parallelMultiple") in _TRUE:
        drawing.note(
            "parallel-multiple",
            event,
            say("%(name)s waits for one event only: parallelMultiple has no effect", name=what(event)),
        )
    supported = _supported(event)
    for kind in kinds:
        if kind not in supported:
            drawing.find(
                "unsupported-event",
                event,
                say(
                    "%(name)s: BPMN has no %(kind)s event here (%(place)s)",
                    name=what(event),
                    kind=kind,
                    place=local,
                ),
            )
    beside = event.get("cancelActivity") in _FALSE or (
        local == "startEvent" and _in_handler(event) and event.get("isInterrupting") in _FALSE
    )
    for kind in _MUST_INTERRUPT.intersection(kinds):
        if beside:
            drawing.find(
                f"{kind}-must-interrupt",
                event,
                say("%(name)s: an event of the kind %(kind)s must interrupt", name=what(event), kind=kind),
            )


def _several(drawing: Drawing, event: etree._Element, kinds: list[str]) -> None:
    if kinds.count("timer") > 1:
        drawing.find("several-timers", event, say("%(name)s waits for more than one timer", name=what(event)))
    alone = _CAUGHT_ALONE if local_name(event) in CATCHING else _ALONE
    for kind in sorted(alone.intersection(kinds)):
        drawing.find(
            "several-event-definitions",
            event,
            say("%(name)s: %(kind)s cannot be one of several events", name=what(event), kind=kind),
        )


def _supported(event: etree._Element) -> frozenset[str]:
    scope = event.getparent()
    if local_name(event) != "startEvent" or scope is None or local_name(scope) == "process":
        return _SUPPORTED[local_name(event)]
    return _HANDLES if _in_handler(event) else frozenset()


def _in_handler(event: etree._Element) -> bool:
    scope = event.getparent()
    return scope is not None and scope.get("triggeredByEvent") in _TRUE


def _signal(drawing: Drawing, event: etree._Element) -> None:
    """Find a signal that is not named where the process is to be run; a drawing may leave it out."""
    if all(one.get("signalRef") for one in children(event, "signalEventDefinition")):
        return
    sentence = say("%(name)s names no signal", name=what(event))
    if is_marked_executable(event):
        drawing.find("signal-without-name", event, sentence)
    else:
        drawing.note("signal-without-name", event, sentence)


def _cancel(drawing: Drawing, event: etree._Element) -> None:
    if local_name(event) == "endEvent":
        place = event.getparent()
    else:
        place = drawing.by_id.get(event.get("attachedToRef", ""))
    if place is None or local_name(place) != "transaction":
        drawing.find(
            "cancel-outside-transaction",
            event,
            say("%(name)s: cancel events belong to a transaction", name=what(event)),
        )
