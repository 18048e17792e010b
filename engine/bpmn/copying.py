"""An SOP's diagram under another name: a new SOP that begins as a copy."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.blank import Named, case_number_of, case_title_of, process_id_of
from engine.bpmn.drawing import Drawing
from engine.bpmn.editing import free_id, written
from engine.bpmn.guard import read_file_tree
from engine.bpmn.names import bpmn, local_name, name_of, plain
from engine.bpmn.sop import extension
from engine.errors import Finding, Refused, say

# What an office settles for each SOP on its own: a copy has none of it yet.
_SETTLED = ("number", "createdOn", "revisedOn", "effectiveOn", "approverName", "approverPost", "approverNip")
_REFERRING = {"processRef", "calledElement", "bpmnElement"}


def renamed(content: bytes, named: Named) -> bytes:
    """Give a diagram as that of a new SOP: its own id, name and numbering, nothing approved of it.

    Refused where the file has no process.
    """
    tree = read_file_tree(content)
    root = tree.getroot()
    process = Drawing(root).main if root.find(bpmn("process")) is not None else None
    if process is None:
        sentence = say("The diagram has no process")
        raise Refused((Finding(code="no-process", element="", name="", sentence=sentence),), sentence)
    _give_id(root, process, named.key)
    before = name_of(process)
    process.set("name", named.name)
    header = extension(process, "Document")
    if header is not None:
        _head(header, before, named.name)
    return written(tree)


def _give_id(root: etree._Element, process: etree._Element, key: str) -> None:
    old = process.get("id", "")
    process.set("id", "")
    new = free_id(root, process_id_of(key))
    process.set("id", new)
    for element in root.iter("*"):
        for attribute in _REFERRING:
            value = element.get(attribute)
            if old and value is not None and plain(value) == old and _means_process(element, attribute):
                element.set(attribute, new)


def _means_process(element: etree._Element, attribute: str) -> bool:
    return attribute == "bpmnElement" or local_name(element) in {"participant", "callActivity"}


def _head(header: etree._Element, before: str, name: str) -> None:
    for attribute in _SETTLED:
        if header.get(attribute):
            header.set(attribute, "")
    title = header.get("title") or before
    template = header.get("caseTitle", "")
    header.set("title", name)
    header.set("caseTitle", template.replace(title, name) if title in template else case_title_of(name))
    header.set("caseNumber", case_number_of(name))
