"""Working time as SOPs and timers write it: ``PT2H`` and ``PT1H30M`` inside the hours, ``P4D`` whole days."""

from __future__ import annotations

import re

from lxml import etree

from engine.bpmn.names import bpmn, sop
from engine.model.definition import StandardTime, TimeUnit

WORKING = "working"
TIMES = ("calendar", WORKING)  # what a timer can count

_STANDARD_TIME = re.compile(r"P(?:(\d{1,4})D|T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)", re.ASCII)


def read_standard_time(text: str) -> StandardTime | None:
    """Read ``PT10M``, ``PT2H``, ``PT1H30M`` (working time), ``P4D`` (working days); None for all else."""
    match = _STANDARD_TIME.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    if days:
        return StandardTime(value=days, unit=TimeUnit.WORKING_DAY)
    total = 60 * hours + minutes
    return StandardTime(value=total, unit=TimeUnit.MINUTE) if total else None


def counts_working_time(event: etree._Element) -> bool:
    """Tell whether the timer of an event counts the office's working time: ``sop:Timer time="working"``."""
    own = event.find(f"{bpmn('extensionElements')}/{sop('Timer')}")
    return own is not None and own.get("time") == WORKING
