"""Timers that have no time, or none that makes sense."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import children, local_name, text_of
from engine.bpmn.timers import TimerRefused, literal_time, read_cycle, read_duration, read_instant
from engine.errors import say

_FALSE = ("false", "0")


def check_timer(drawing: Drawing, event: etree._Element, definition: etree._Element) -> None:
    """Find what is wrong with one timer; a repetition that cannot take effect is noted."""
    times = list(children(definition, "timeDate", "timeDuration", "timeCycle"))
    if len(times) != 1 or not text_of(times[0]):
        drawing.find(
            "timer-without-time",
            event,
            say("The timer %(name)s needs exactly one date, duration or cycle", name=what(event)),
        )
        return
    local, text = local_name(times[0]), text_of(times[0])
    if local == "timeCycle" and not _can_repeat(event):
        drawing.note(
            "timer-cycle",
            event,
            say("The timer %(name)s happens once here: its repetition has no effect", name=what(event)),
        )
    literal = literal_time(text)
    if literal is not None and not _readable(local, literal):
        drawing.find(
            "timer-time",
            event,
            say("The timer %(name)s has no sensible time: %(found)s", name=what(event), found=literal[:60]),
        )


def _can_repeat(event: etree._Element) -> bool:
    """Tell whether it goes on waiting after it happened."""
    if local_name(event) == "boundaryEvent":
        return event.get("cancelActivity") in _FALSE
    scope = event.getparent()
    if local_name(event) != "startEvent" or scope is None:
        return False
    return local_name(scope) == "process" or event.get("isInterrupting") in _FALSE


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
