"""Timers that have no time, or none that makes sense."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import children, local_name, text_of
from engine.bpmn.timers import (
    TimerRefused,
    literal_time,
    read_cycle,
    read_duration,
    read_instant,
    read_working,
)
from engine.bpmn.working_time import counts_working_time
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
    literal, working = literal_time(text), counts_working_time(event)
    if literal is not None and working and not _readable(local, literal, working=True):
        drawing.find(
            "timer-time",
            event,
            say(
                "The timer %(name)s counts working time: minutes, hours or days such as PT90M or P3D,"
                " found %(found)s.",
                name=what(event),
                found=literal[:60],
            ),
        )
    elif literal is not None and not working and not _readable(local, literal, working=False):
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


def _readable(local: str, text: str, *, working: bool) -> bool:
    try:
        if local == "timeDate":
            read_instant(text)
        elif local == "timeDuration":
            read_working(text) if working else read_duration(text)
        else:
            read_cycle(text, working=working)
    except TimerRefused:
        return False
    return True
