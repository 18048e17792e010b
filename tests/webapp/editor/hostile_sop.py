"""What a hostile process owner writes: the same attacks at every place of a diagram and its forms.

And how a page is looked at: nothing of it may have become an element, an attribute, an address or a script.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import lxml.html
from lxml import etree

from engine.bpmn.guard import read_file_tree
from engine.bpmn.layout import laid_out
from engine.bpmn.names import BPMN, SOP, bpmn, local_name, sop
from tests.offices import SAMPLES

IZIN = (SAMPLES / "izin" / "process.bpmn").read_bytes()
_ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "{xlink}href",
    "xlink:href",
}
_NAMED = (
    "participant",
    "process",
    "lane",
    "userTask",
    "exclusiveGateway",
    "sequenceFlow",
    "startEvent",
    "endEvent",
)


def attack(place: str, templates: str = "{{7*7}}{% print(7*7) %}${7*7}") -> str:
    """Write every attack at once, marked with where it stands."""
    return (
        f"xss-{place}-here \"'><xss-{place} onmouseover=xss()><script>xss()</script><img src=x onerror=xss()>"
        "</script></textarea></title></style><svg onload=xss()>"
        + templates
        + "[klik](javascript:xss()) <a href='javascript:xss()'>x</a>\u202e\u200b"
    )


def hostile_diagram() -> bytes:
    """Write the attacks at every place of the sample's diagram where an owner may write words."""
    drawn = laid_out(IZIN)
    assert drawn is not None
    tree = read_file_tree(drawn)
    root = tree.getroot()
    for element in root.iter(*map(bpmn, _NAMED)):
        element.set("name", f"Menguji {attack(local_name(element))}")
    for text in root.iter(bpmn("documentation")):
        text.text = attack("documentation")
    for kind in ("input", "output"):
        for one in root.iter(sop(kind)):
            one.set("name", attack("document"))  # the same, else a needed document is never left
            one.set("printed", attack(f"printed-{kind}"))
    for task in root.iter(sop("Task")):
        etree.SubElement(task, sop("notes")).text = attack("notes")
    [header] = root.iter(sop("Document"))
    header.set("title", attack("title"))
    for name in (
        "institution",
        "legalBasis",
        "qualification",
        "related",
        "equipment",
        "warning",
        "recording",
    ):
        etree.SubElement(header, sop(name)).text = attack(name)
    _condition(root)
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True)


def _condition(root: etree._Element) -> None:
    words = attack("condition").replace('"', "'").replace("'", "\\'")
    [flow] = [one for one in root.iter(bpmn("sequenceFlow")) if one.get("id") == "f_tidak"]
    [condition] = flow.iter(f"{{{BPMN}}}conditionExpression")
    condition.text = f"memeriksa[\"keputusan\"] in ['Tidak', '{words}']"
    assert SOP in root.nsmap.values()


def _in_form(place: str) -> str:
    return attack(place, templates="")  # which forms are refused for


def hostile_form() -> str:
    """Write the attacks at every place of a form."""
    said = {name: _in_form(name) for name in ("label", "description", "option", "default", "text", "unit")}
    fields = [
        {"type": "text", "id": "t", "text": said["text"]},
        {"type": "textfield", "id": "a", "key": "a", "label": said["label"],
         "description": said["description"], "defaultValue": said["default"]},
        {"type": "radio", "id": "b", "key": "b", "label": said["label"],
         "values": [{"value": said["option"], "label": said["option"]}]},
        {"type": "number", "id": "c", "key": "c", "label": said["label"],
         "appearance": {"prefixAdorner": said["unit"], "suffixAdorner": said["unit"]}},
        {"type": "group", "id": "g", "label": _in_form("group"), "components": [
            {"type": "select", "id": "d", "key": "d", "label": said["label"],
             "values": [{"value": said["option"], "label": said["option"]}]}]},
        {"type": "dynamiclist", "id": "l", "path": "l", "label": _in_form("list"), "components": [
            {"type": "textfield", "id": "e", "key": "e", "label": _in_form("column")}]},
    ]  # fmt: skip
    return json.dumps(
        {
            "type": "default",
            "id": "mengajukan",
            "schemaVersion": 19,
            "title": _in_form("form"),
            "components": fields,
        }
    )


def came_alive(page: str) -> Iterator[str]:
    """Name what of the attacks became more than text."""
    if "{{7*7}}" not in page and "49{%" in page:
        yield "a template was run"
    for element in lxml.html.document_fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag.startswith("xss"):
            yield f"an element: {element.tag}"
        if element.tag == "script":
            yield from _script(element)
        yield from _attributes(element)


def _attributes(element: lxml.html.HtmlElement) -> Iterator[str]:
    for name, value in element.attrib.items():
        address = "".join(value.lower().split()) if name in _ADDRESSES else ""
        if name.startswith(("on", "style")):
            yield f"an attribute: {element.tag} {name}"
        if "javascript:" in address or address.startswith(("//", "data:text")):
            yield f"an address: {element.tag} {name}={value[:60]}"


def _script(element: lxml.html.HtmlElement) -> Iterator[str]:
    if element.get("type") == "application/json":
        json.loads(element.text or "null")
    elif element.get("src") is None:
        yield f"a script: {(element.text or '')[:60]}"


def places_in(page: str) -> set[str]:
    """Name the places whose words are on a page."""
    return {part.split("-here")[0] for part in page.split("xss-") if "-here" in part[:40]}
