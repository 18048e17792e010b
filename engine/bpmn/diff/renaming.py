"""Finds elements that got another id and are the same otherwise, as when another program numbered anew.

Ids decide. What is left on both sides is taken for the same only where nothing else could be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace

from engine.bpmn.diff.nodes import Node, is_reference, renamed
from engine.bpmn.diff.side import Part, Side

Signature = Callable[[Part], Hashable | None]


def new_ids(old: Side, new: Side) -> dict[str, str]:
    """Give old ids and the new ones of the same elements; empty where all kept theirs."""
    found: dict[str, str] = {}

    def ends(part: Part) -> Hashable | None:
        source, target = part.says("sourceRef"), part.says("targetRef")
        return (part.node.tag, found.get(source, source), found.get(target, target)) if source else None

    def beginning(part: Part) -> Hashable | None:
        source = part.says("sourceRef")
        return (part.node.tag, found.get(source, source)) if part.node.tag == "sequenceFlow" else None

    for signature in (_content, _called, _process, ends, beginning):
        gone = [part for id_, part in old.parts.items() if id_ not in new.parts and id_ not in found]
        come = [part for id_, part in new.parts.items() if id_ not in old.parts and id_ not in found.values()]
        found |= _matched(gone, come, signature)
    return found


def _matched(gone: Iterable[Part], come: Iterable[Part], signature: Signature) -> dict[str, str]:
    before, after = _alone(gone, signature), _alone(come, signature)
    return {part.id: after[mine].id for mine, part in before.items() if mine in after}


def _alone(parts: Iterable[Part], signature: Signature) -> dict[Hashable, Part]:
    found: dict[Hashable, list[Part]] = {}
    for part in parts:
        mine = signature(part)
        if mine is not None:
            found.setdefault(mine, []).append(part)
    return {mine: those[0] for mine, those in found.items() if len(those) == 1}


def _content(part: Part) -> Hashable | None:
    """Give what an element says, without what it refers to; a flow says nothing without its ends."""
    if "sourceRef" in part.node.attributes:
        return None
    return _without_references(part.node).form  # type: ignore[no-any-return]


def _called(part: Part) -> Hashable | None:
    return (part.node.tag, part.name) if part.name and "sourceRef" not in part.node.attributes else None


def _process(part: Part) -> Hashable | None:
    return part.node.tag if part.node.tag == "process" else None


def _without_references(node: Node) -> Node:
    kept = {key: value for key, value in node.attributes.items() if not is_reference(key)}
    return replace(node, attributes=kept)


def with_ids(side: Side, ids: Mapping[str, str]) -> Side:
    """Give a side with other ids, everywhere they are referred to."""
    if not ids:
        return side
    parts = {
        ids.get(id_, id_): replace(
            part,
            id=ids.get(id_, id_),
            inside=ids.get(part.inside, part.inside),
            node=renamed(part.node, ids),
        )
        for id_, part in side.parts.items()
    }
    lanes = {
        ids.get(element, element): frozenset(ids.get(lane, lane) for lane in lanes)
        for element, lanes in side.lanes.items()
    }
    astray = {ids.get(lane, lane): lost for lane, lost in side.astray.items()}
    rows = {ids.get(step, step): row for step, row in side.rows.items()}
    return replace(side, parts=parts, lanes=lanes, astray=astray, rows=rows)
