"""One thing of a file is made another: an attribute, a text, an element, a value of JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lxml import etree

DRAWN = ("DI}", "DC}", "DMNDI", "/DI/", "/DC/", "biodi")
OF_THE_PROGRAM = {"exporter", "exporterVersion", "schemaLocation"}
SAID_ELSEWHERE = {"incoming", "outgoing"}
HOLDERS = {"extensionElements", "laneSet", "childLaneSet", "Task", "Document", "Lane", "Service", "Timer"}


class Mutation(NamedTuple):
    """What was done, the file after it, and the ids of which one must be named."""

    what: str
    content: bytes
    named: frozenset[str]


def is_drawn(element: etree._Element) -> bool:
    tag = str(element.tag)
    return any(part in tag for part in DRAWN) or "/BPMN/20100524/DI}" in tag


def places(root: etree._Element) -> list[tuple[int, str, str]]:
    """Name every place that means something: (number of the element, what to do, attribute)."""
    referred = {
        word.rpartition("#")[2].rpartition(":")[2]
        for element in root.iter("*")
        if not is_drawn(element)
        for text in (*(str(v) for k, v in element.attrib.items() if k != "id"), element.text or "")
        for word in text.split()
    }
    found = []
    for number, element in enumerate(root.iter("*")):
        local = etree.QName(element).localname
        if is_drawn(element) or any(map(is_drawn, element.iterancestors())) or local in SAID_ELSEWHERE:
            continue
        found += [(number, *what) for what in _attributes(element, referred, whole=number == 0)]
        if element.text and element.text.strip():
            found.append((number, "text", ""))
        says = bool(element.attrib or (element.text or "").strip() or len(element))
        if number and (says or local not in HOLDERS) and not _is_empty(element):
            found.append((number, "remove", ""))
        if (
            number and local != "flowNodeRef"
        ):  # twice the same reference, or an attribute of one, says nothing
            found += [(number, "add", ""), (number, "attribute", "")]
    return found


def _attributes(element: etree._Element, referred: set[str], *, whole: bool) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        nothing = name == "id" and (value not in referred or whole)
        if nothing or etree.QName(name).localname in OF_THE_PROGRAM or "biodi" in str(name):
            continue
        yield "change", str(name)
        if name != "id" and value:
            yield "drop", str(name)


def _is_empty(element: etree._Element) -> bool:
    """Tell whether nothing is said by an element: a holder of nothing, or of what is said elsewhere."""
    local = etree.QName(element).localname
    if local in SAID_ELSEWHERE or (local == "documentation" and not (element.text or "").strip()):
        return True
    return local in HOLDERS and not element.attrib and all(map(_is_empty, element.iterchildren("*")))


def mutate(
    content: bytes, place: tuple[int, str, str], owner: Callable[[etree._Element], str]
) -> Mutation | None:
    """Do it; None where the value said the same before."""
    number, act, name = place
    root = etree.fromstring(content)
    element = list(root.iter("*"))[number]
    named = {owner(element)}
    if etree.QName(element).localname == "flowNodeRef":
        named.add((element.text or "").strip())
    if act == "change":
        element.set(name, _other(element.get(name, "")))
        named.add(owner(element))
    elif act == "drop":
        if _says_the_same(element, name):
            return None
        del element.attrib[name]
    elif act == "text":
        element.text = (element.text or "").rstrip() + " lain"
        named.add((element.text or "").strip())
    elif act == "attribute":
        element.set("tambahan", "1")
    elif act == "add":
        _add(element)
        named.add(f"{element.get('id')}_lagi")
    else:
        above = element.getparent()
        assert above is not None
        named |= {owner(above), *(one.get("id", "") for one in element.iter("*"))}
        above.remove(element)
    what = f"{act} {name} of {etree.QName(element).localname} {element.get('id') or owner(element)}"
    return Mutation(what, etree.tostring(root), frozenset(named))


def _other(value: str) -> str:
    return {"true": "false", "false": "true", "1": "false", "0": "true"}.get(value, f"{value}x")


_BY_DEFAULT = {
    "isSequential": "false",
    "cancelActivity": "true",
    "isInterrupting": "true",
    "triggeredByEvent": "false",
    "isForCompensation": "false",
    "parallelMultiple": "false",
    "testBefore": "false",
    "instantiate": "false",
    "required": "true",
    "source": "upload",
    "signed": "false",
    "clock": "arrival",
    "hitPolicy": "UNIQUE",
    "isClosed": "false",
    "isCollection": "false",
    "eventGatewayType": "Exclusive",
    "processType": "None",
    "startQuantity": "1",
    "completionQuantity": "1",
    "gatewayDirection": "Unspecified",
}


def _says_the_same(element: etree._Element, name: str) -> bool:
    value = element.get(name, "")
    local = etree.QName(name).localname
    return (
        _BY_DEFAULT.get(local) == value
        or (local == "printed" and value == element.get("name"))
        or (local == "type" and value.endswith("tFormalExpression"))
    )


def _add(element: etree._Element) -> None:
    """Add another element of the kind beside it, with an id of its own."""
    other = copy.deepcopy(element)
    for one in other.iter("*"):
        if one.get("id"):
            one.set("id", f"{one.get('id')}_lagi")
    other.set("tambahan", "lagi")
    element.addnext(other)


def json_places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Name every place of a form that means something."""
    if isinstance(value, dict):
        for key, one in value.items():
            if not _says_nothing(key, one, path):
                yield (*path, key), "change"
                yield (*path, key), "drop"
                yield from json_places(one, (*path, key))
        yield (*path, "tambahan"), "add"
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield (*path, place), "drop"
            yield from json_places(one, (*path, place))


_OF_THE_FILE = {"$schema", "exporter", "generated", "schemaVersion", "executionPlatform"}


def _says_nothing(key: str, value: object, path: tuple[Any, ...]) -> bool:
    if key in _OF_THE_FILE or key == "id" or (key == "row" and path[-1:] == ("layout",)):
        return True
    return value is None or value is False or value in ("", [], {})


def mutate_json(text: str, path: tuple[Any, ...], act: str) -> str | None:
    """Do it; None where it cannot be done or says the same."""
    whole = json.loads(text)
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    last = path[-1]
    if act == "drop":
        if isinstance(holder[last], dict) and not _says_anything(holder[last]):
            return None
        del holder[last]
    elif act == "add":
        holder[last] = "lain"
    else:
        value = holder[last]
        if isinstance(value, dict | list):
            return None
        holder[last] = (
            not value if isinstance(value, bool) else f"{value}x" if isinstance(value, str) else value + 1
        )
    return json.dumps(whole)


def _says_anything(value: dict[str, Any]) -> bool:
    return any(key != "row" and one not in (None, False, "", [], {}) for key, one in value.items())
