"""Activities and gateways: what is supported, and what in them would be absurd."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.implicit_throws import BEHAVIORS, SUPPORTED, thrown_by
from engine.bpmn.names import ACTIVITIES, child_text, children, local_name
from engine.bpmn.repetition import MOST_INSTANCES
from engine.errors import say

_UNSUPPORTED = {
    "complexGateway": ("unsupported-gateway", say("Complex gateways are not supported")),
    "adHocSubProcess": ("unsupported-ad-hoc", say("Ad hoc subprocesses are not supported")),
}


def check_activities(drawing: Drawing) -> None:
    """Find unsupported kinds, token quantities and repetitions."""
    for node in drawing.nodes():
        if local_name(node) in _UNSUPPORTED:
            drawing.find(_UNSUPPORTED[local_name(node)][0], node, _UNSUPPORTED[local_name(node)][1])
        if local_name(node) in ACTIVITIES:
            _activity(drawing, node)


def _activity(drawing: Drawing, node: etree._Element) -> None:
    for quantity in ("startQuantity", "completionQuantity"):
        if node.get(quantity, "1").strip() != "1":
            drawing.find(
                "token-quantity",
                node,
                say(
                    "%(name)s: %(attribute)s other than 1 is not supported",
                    name=what(node),
                    attribute=quantity,
                ),
            )
    if len(list(children(node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"))) > 1:
        drawing.find(
            "two-repetitions",
            node,
            say("%(name)s can be repeated in one way only", name=what(node)),
        )
    for loop in children(node, "standardLoopCharacteristics"):
        _loop(drawing, node, loop)
    for several in children(node, "multiInstanceLoopCharacteristics"):
        _multi_instance(drawing, node, several)


def _loop(drawing: Drawing, node: etree._Element, loop: etree._Element) -> None:
    maximum = loop.get("loopMaximum")
    if maximum is None and not child_text(loop, "loopCondition"):
        drawing.find(
            "loop-without-end",
            node,
            say("The loop %(name)s has neither a condition nor a maximum", name=what(node)),
        )
    if maximum is not None and not _count(maximum, 1):
        drawing.find(
            "loop-maximum",
            node,
            say(
                "The loop %(name)s needs a maximum from 1 to %(most)s, found %(found)s",
                name=what(node),
                most=MOST_INSTANCES,
                found=maximum[:40],
            ),
        )


def _multi_instance(drawing: Drawing, node: etree._Element, several: etree._Element) -> None:
    count = child_text(several, "loopCardinality")
    items = child_text(several, "loopDataInputRef")
    if bool(count) == bool(items):
        drawing.find(
            "multi-instance",
            node,
            say("%(name)s needs either a number of instances or a list to go through", name=what(node)),
        )
    if count and _is_number(count) and not _count(count, 0):
        drawing.find(
            "multi-instance-count",
            node,
            say(
                "%(name)s needs a number of instances from 0 to %(most)s, found %(found)s",
                name=what(node),
                most=MOST_INSTANCES,
                found=count[:40],
            ),
        )
    _throws(drawing, node, several)


def _throws(drawing: Drawing, node: etree._Element, several: etree._Element) -> None:
    behavior = several.get("behavior", "All")
    if behavior not in ("All", "Complex", *BEHAVIORS):
        drawing.find(
            "multi-instance-behavior",
            node,
            say(
                "%(name)s: behavior must be None, One, All or Complex, found %(found)s",
                name=what(node),
                found=behavior[:40] or '""',
            ),
        )
    for _, _, definition in thrown_by(several, drawing.by_id):
        if definition is None:
            drawing.find(
                "dangling-event",
                node,
                say("%(name)s throws an event that does not exist", name=what(node)),
            )
        elif local_name(definition) not in SUPPORTED:
            drawing.find(
                "unsupported-multi-instance",
                node,
                say(
                    "%(name)s: its instances can throw signals, errors and escalations, found %(found)s",
                    name=what(node),
                    found=local_name(definition),
                ),
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _count(text: str, least: int) -> bool:
    digits = text.strip()
    return digits.isascii() and digits.isdigit() and least <= int(digits[:9]) <= MOST_INSTANCES
