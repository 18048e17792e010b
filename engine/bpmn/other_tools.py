"""What a file from another program needs before it is a draft: a drawing, and roles for its lanes."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.bpmn.blank import case_number_of, case_title_of
from engine.bpmn.drawing import Drawing
from engine.bpmn.editing import holder_of, written
from engine.bpmn.guard import read_file_tree
from engine.bpmn.layout import laid_out
from engine.bpmn.names import bpmn, name_of, sop
from engine.bpmn.sop import extension


def received(content: bytes, names: Mapping[str, str]) -> bytes:
    """Give a file as a draft begins with it; ``names`` are what roles are called, with the role's key.

    A file that needs nothing stays as it is, byte for byte.
    """
    drawn = laid_out(content) or content
    tree = read_file_tree(drawn)
    keys = {name.casefold(): key for name, key in names.items()}
    bound = [_bind(lane, keys) for lane in tree.getroot().iter(bpmn("lane"))]
    return written(tree) if any(bound) else drawn


def with_header(content: bytes, name: str, institution: str) -> bytes:
    """Give a file whose process has a header, as every SOP needs; one that has it stays as it is."""
    tree = read_file_tree(content)
    root = tree.getroot()
    if root.find(bpmn("process")) is None or extension(Drawing(root).main, "Document") is not None:
        return content
    header = etree.SubElement(holder_of(Drawing(root).main), sop("Document"), title=name)
    header.set("caseNumber", case_number_of(name))
    header.set("caseTitle", case_title_of(name))
    etree.SubElement(header, sop("institution")).text = institution
    return written(tree)


def _bind(lane: etree._Element, keys: Mapping[str, str]) -> bool:
    key = keys.get(name_of(lane).casefold())
    if key is None or extension(lane, "Lane") is not None or lane.find(bpmn("childLaneSet")) is not None:
        return False
    etree.SubElement(holder_of(lane), sop("Lane"), role=key)
    return True
