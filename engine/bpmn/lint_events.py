"""Events: which are supported where, timers that make no sense, errors that nobody catches."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import EVENTS, bpmn, children, local_name, text_of
from engine.bpmn.timers import TimerRefused, literal_time, read_cycle, read_duration, read_instant
from engine.errors import say

_SUFFIX = "EventDefinition"
_SUPPORTED = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminate", "error", "escalation", "cancel"}),
    "intermediateCatchEvent": frozenset({"timer", "signal"}),
    "intermediateThrowEvent": frozenset({"signal", "escalation"}),
    "boundaryEvent": frozenset({"timer", "signal", "error", "escalation", "cancel"}),
}
_MUST_HAVE = frozenset({"intermediateCatchEvent", "boundaryEvent"})


def check_events(drawing: Drawing) -> None:
    """Find unsupported events, events without what they wait for, and senseless times."""
    for event in drawing.nodes(*EVENTS):
        kinds = [
            local_name(child).removesuffix(_SUFFIX)
            for child in event.iterchildren()
            if local_name(child).endswith(_SUFFIX)
        ]
        _kinds(drawing, event, kinds)
        for definition in children(event, "timerEventDefinition"):
            _timer(drawing, event, definition)
        if "signal" in kinds:
            _signal(drawing, event)
        if "error" in kinds and local_name(event) == "endEvent":
            _error_end(drawing, event)
        if "cancel" in kinds:
            _cancel(drawing, event)


def _kinds(drawing: Drawing, event: etree._Element, kinds: list[str]) -> None:
    local = local_name(event)
    if next(children(event, "eventDefinitionRef"), None) is not None:
        drawing.find(
            "unsupported-event",
            event,
            say("%(name)s: event definitions by reference are not supported", name=what(event)),
        )
    elif len(kinds) > 1 or event.get("parallelMultiple") in ("true", "1"):
        drawing.find(
            "several-event-definitions",
            event,
            say("%(name)s waits for more than one kind of event", name=what(event)),
        )
    elif not kinds and local in _MUST_HAVE:
        drawing.find(
            "event-without-definition",
            event,
            say("%(name)s does not say what it waits for", name=what(event)),
        )
    for kind in kinds:
        if kind not in _SUPPORTED[local]:
            drawing.find(
                "unsupported-event",
                event,
                say(
                    "%(name)s: %(kind)s events are not supported here (%(place)s)",
                    name=what(event),
                    kind=kind,
                    place=local,
                ),
            )
    if "error" in kinds and event.get("cancelActivity") in ("false", "0"):
        drawing.find(
            "error-must-interrupt",
            event,
            say("%(name)s: an error event must interrupt its activity", name=what(event)),
        )


def _timer(drawing: Drawing, event: etree._Element, definition: etree._Element) -> None:
    times = list(children(definition, "timeDate", "timeDuration", "timeCycle"))
    if len(times) != 1 or not text_of(times[0]):
        drawing.find(
            "timer-without-time",
            event,
            say("The timer %(name)s needs exactly one date, duration or cycle", name=what(event)),
        )
        return
    local, text = local_name(times[0]), text_of(times[0])
    if local == "timeCycle" and (
        local_name(event) != "boundaryEvent" or event.get("cancelActivity") not in ("false", "0")
    ):
        drawing.find(
            "timer-cycle",
            event,
            say(
                "The timer %(name)s repeats, but only a non-interrupting boundary event can", name=what(event)
            ),
        )
    literal = literal_time(text)
    if literal is not None and not _readable(local, literal):
        drawing.find(
            "timer-time",
            event,
            say("The timer %(name)s has no sensible time: %(found)s", name=what(event), found=literal[:60]),
        )


def _readable(local: str, text: str) -> bool:
    try:
        if local == "timeDate":
            read_instant(text)
        elif local == "timeDuration":
            read_duration(text)
        else:
            read_cycle(text)
    except TimerRefused:
        return False
    return True


def _signal(drawing: Drawing, event: etree._Element) -> None:
    for definition in children(event, "signalEventDefinition"):
        signal = drawing.by_id.get((definition.get("signalRef") or "").split(":")[-1])
        if not definition.get("signalRef") or (signal is not None and not signal.get("name")):
            drawing.find("signal-without-name", event, say("%(name)s names no signal", name=what(event)))


def _error_end(drawing: Drawing, event: etree._Element) -> None:
    """Find an error that leaves a process which nobody calls."""
    code = _error_code(drawing, event)
    scope = event.getparent()
    while scope is not None and local_name(scope) != "process":
        outer = scope.getparent()
        for boundary in children(outer, "boundaryEvent") if outer is not None else ():
            caught = boundary.find(bpmn("errorEventDefinition"))
            if boundary.get("attachedToRef") != scope.get("id") or caught is None:
                continue
            if not caught.get("errorRef") or _error_code(drawing, boundary) == code:
                return
        scope = outer
    if scope is not None and scope.get("id") not in drawing.called:
        drawing.find(
            "uncaught-error", event, say("The error of %(name)s is caught nowhere", name=what(event))
        )


def _error_code(drawing: Drawing, event: etree._Element) -> str:
    definition = event.find(bpmn("errorEventDefinition"))
    reference = "" if definition is None else (definition.get("errorRef") or "").split(":")[-1]
    error = drawing.by_id.get(reference)
    return reference if error is None else error.get("errorCode") or reference


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
