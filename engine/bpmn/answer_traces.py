"""What an answer changed by the way, kept with the question: another answer takes exactly that back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from lxml import etree

from engine.bpmn.names import sop
from engine.bpmn.sop import extension

ATTRIBUTE = "was"  # of sop:Question: [[id of a step, place, value before, value after], …]
_PARTS = 4
_HANDED, _NOTES = "delegableTo", "notes"

_Values = Mapping[tuple[str, str], str | None]


def values_of(steps: Iterable[etree._Element]) -> dict[tuple[str, str], str | None]:
    """Read what an answer may change by the way: who may be handed a step, its remarks, what is printed."""
    found: dict[tuple[str, str], str | None] = {}
    for step in steps:
        own, id_ = extension(step, "Task"), step.get("id", "")
        if own is not None:
            found[id_, _HANDED] = own.get(_HANDED)
            found[id_, _NOTES] = own.findtext(sop("notes"))
            for part in own.iterchildren(sop("input"), sop("output")):
                found[id_, _place(part)] = part.get("printed")
    return found


def _place(part: etree._Element) -> str:
    return f"{str(part.tag).rpartition('}')[2]} {part.get('name', '')}"


def keep(question: etree._Element, before: _Values, after: _Values, *, says_texts: bool) -> None:
    """Write down what became another value; nothing where the answer says what is drawn already."""
    changed = [
        [*place, value, after.get(place)] for place, value in before.items() if value != after.get(place)
    ]
    if changed or says_texts:
        question.set(ATTRIBUTE, json.dumps(changed, ensure_ascii=False))


def take_back(question: etree._Element, steps: Iterable[etree._Element]) -> bool:
    """Give the values back that are still as the answer left them; False where nothing was kept of it."""
    if ATTRIBUTE not in question.attrib:
        return False
    by_id = {step.get("id", ""): step for step in steps}
    for id_, place, before, after in _kept(question):
        step = by_id.get(id_ or "")
        own = None if step is None else extension(step, "Task")
        if step is not None and own is not None and values_of([step]).get((id_ or "", place or "")) == after:
            _give(own, place or "", before)
    del question.attrib[ATTRIBUTE]
    return True


def _kept(question: etree._Element) -> list[list[str | None]]:
    """Read leniently: it stands in a file."""
    try:
        read = json.loads(question.get(ATTRIBUTE) or "")
    except (ValueError, RecursionError):
        return []
    return [
        one
        for one in (read if isinstance(read, list) else [])
        if isinstance(one, list) and len(one) == _PARTS and all(isinstance(part, str | None) for part in one)
    ]


def _give(own: etree._Element, place: str, value: str | None) -> None:
    if place == _NOTES:
        notes = own.find(sop("notes"))
        if notes is None:
            notes = etree.SubElement(own, sop("notes"))
        notes.text = value
        if value is None:
            own.remove(notes)
        return
    for part in [own] if place == _HANDED else [one for one in own if _place(one) == place]:
        attribute = _HANDED if place == _HANDED else "printed"
        if value is not None:
            part.set(attribute, value)
        elif attribute in part.attrib:
            del part.attrib[attribute]
