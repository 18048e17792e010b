"""From the files of an SOP to one of the two contents that are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.bpmn.diff.canonical import Reading, elements, is_part
from engine.bpmn.diff.side import WHOLE, Part, Side
from engine.bpmn.guard import read_file_tree
from engine.bpmn.names import local_name
from engine.bpmn.step_rows import rows_of_file

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def read_side(
    bpmn: bytes,
    *,
    forms: Mapping[str, str] = _NOTHING,
    decisions: Mapping[str, bytes] = _NOTHING,
    notes: str = "",
    labels: Mapping[str, str] = _NOTHING,
) -> Side:
    """Read a content; Refused only where the diagram is no readable BPMN file."""
    tree = read_file_tree(bpmn)
    root = tree.getroot()
    parts = _parts(root)
    lanes, astray = _lanes(root, parts)
    return Side(
        parts=parts,
        lanes=lanes,
        astray=astray,
        forms=forms,
        decisions=decisions,
        notes=notes,
        labels=labels,
        rows=rows_of_file(tree),
    )


def _parts(root: etree._Element) -> dict[str, Part]:
    reading = Reading(root)
    whole = reading.node(root)
    parts: dict[str, Part] = {WHOLE: Part(id=WHOLE, node=whole, inside=WHOLE, place=0)}
    counts: Counter[str] = Counter()
    for element, inside in _walk(root, WHOLE):
        id_ = element.get("id") or _made(element)
        counts[id_] += 1
        if counts[id_] > 1:  # a draft may have an id twice
            id_ = f"{id_} ({counts[id_]})"
        parts[id_] = Part(id=id_, node=reading.node(element), inside=inside, place=len(parts))
    return parts


def _walk(element: etree._Element, inside: str) -> Iterator[tuple[etree._Element, str]]:
    for child in elements(element):
        part = is_part(child)
        if part:
            yield child, inside
        yield from _walk(child, (child.get("id") or _made(child)) if part else inside)


def _made(element: etree._Element) -> str:
    local = local_name(element)
    if local == "sequenceFlow":
        return f"{element.get('sourceRef', '')}→{element.get('targetRef', '')}"
    return f"{local}: {' '.join(element.get('name', '').split())}"


def _lanes(
    root: etree._Element, parts: Mapping[str, Part]
) -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    found: dict[str, set[str]] = {}
    astray: dict[str, tuple[str, ...]] = {}
    for lane in root.iter("{*}lane"):
        if local_name(lane) != "lane":
            continue
        id_ = lane.get("id", "")
        named = [
            (child.text or "").strip().rpartition(":")[2]
            for child in lane.iterchildren("{*}flowNodeRef")
            if local_name(child)
        ]
        outer = {above.get("id", "") for above in lane.iterancestors("{*}lane")}
        for element in named:
            found.setdefault(element, set()).difference_update(outer)
            found[element].add(id_)
        lost = tuple(sorted({element for element in named if element not in parts}))
        if lost:
            astray[id_] = lost
    return {element: frozenset(lanes) for element, lanes in found.items()}, astray
