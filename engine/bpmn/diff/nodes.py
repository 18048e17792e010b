"""A tree in which what means the same is the same, and where two of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

# One side may lack these; what is in the other's is then told piece by piece.
_HOLDERS = frozenset(
    {"extensionElements", "conditionExpression", "script", "laneSet", "childLaneSet"}
    | {f"sop:{name}" for name in ("Document", "Lane", "Task", "Timer", "Service", "Decision")}
)
TEXT = "#"
# Of a node that is said in one line.
_DEEPEST, _MOST_INSIDE, _LONGEST = 8, 50, 1_000


@dataclass(frozen=True, kw_only=True)
class Node:
    """An element without what has no meaning: prefixes, order where it is none, ids nobody refers to."""

    tag: str  # local name of BPMN's and DMN's own, "sop:Task", "{namespace}name" of all else
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Node, ...] = ()
    mark: str = ""  # its id, also where it has no meaning: it helps to find the same again

    @cached_property
    def form(self) -> Any:  # noqa: ANN401 - a nested tuple
        """Give what is equal where two nodes mean the same."""
        about = frozenset(self.attributes.items()) if self.attributes else None
        if len(self.children) < 2:  # noqa: PLR2004 - most have none, and one has no order
            return self.tag, about, self.text, tuple(child.form for child in self.children)
        ordered = tuple(child.form for child in self.children if _is_ordered(child.tag))
        loose = Counter(child.form for child in self.children if not _is_ordered(child.tag))
        return self.tag, about, self.text, ordered, frozenset(loose.items())

    @property
    def is_empty(self) -> bool:
        """Tell whether it says nothing: an element that only holds others, and holds none."""
        return (
            self.tag in _HOLDERS
            and not self.text
            and not self.attributes
            and all(child.is_empty for child in self.children)
        )

    def first(self, tag: str) -> Node | None:
        """Find a child."""
        return next((child for child in self.children if child.tag == tag), None)

    def inner(self, *tags: str) -> Node | None:
        """Find what is inside each other."""
        found: Node | None = self
        for tag in tags:
            found = None if found is None else found.first(tag)
        return found


class Raw(NamedTuple):
    """One place where two nodes differ: an attribute, a text, a child, or the order of children."""

    path: tuple[str, ...]  # tags downwards; at its end "@name", "#" for the text, "order"
    before: str | None
    after: str | None
    holder: Node  # what has the attribute or the text; the child itself where it is new or gone


def _is_ordered(tag: str) -> bool:
    return tag in _ORDERED or ":" in tag


_ORDERED = frozenset(
    {"assignment", "documentation", "input", "output", "rule", "inputEntry", "outputEntry", "annotationEntry"}
    | {"annotation"}
)


def raw_differences(old: Node, new: Node, path: tuple[str, ...] = ()) -> Iterator[Raw]:
    """Give every place where two nodes differ; none at all where they mean the same."""
    if old.form == new.form:
        return
    for name in dict.fromkeys((*old.attributes, *new.attributes)):
        before, after = old.attributes.get(name), new.attributes.get(name)
        if before != after:
            yield Raw((*path, f"@{name}"), before, after, new)
    if old.text != new.text:
        yield Raw((*path, TEXT), old.text or None, new.text or None, new)
    for tag in dict.fromkeys(child.tag for child in (*old.children, *new.children)):
        befores = [child for child in old.children if child.tag == tag and not child.is_empty]
        afters = [child for child in new.children if child.tag == tag and not child.is_empty]
        yield from _children(befores, afters, (*path, tag))


def _children(befores: list[Node], afters: list[Node], path: tuple[str, ...]) -> Iterator[Raw]:
    found = pairs(befores, afters)
    for before, after in found:
        one = after or before
        if one is None or (before is not None and after is not None and before.form == after.form):
            continue
        if before is not None and after is not None:
            yield from raw_differences(before, after, path)
        elif _is_told_in_pieces(one):
            nothing = Node(tag=one.tag)
            yield from raw_differences(before or nothing, after or nothing, path)
        else:
            yield Raw(path, _said(before), _said(after), one)
    if _is_ordered(path[-1]) and is_reordered(found, befores):
        yield Raw((*path, "order"), _listed(befores), _listed(afters), (afters or befores)[0])


def _said(node: Node | None) -> str | None:
    return None if node is None else summary(node)


def is_reordered(found: list[tuple[Node | None, Node | None]], befores: list[Node]) -> bool:
    """Tell whether those on both sides stand in another order."""
    places = {id(one): place for place, one in enumerate(befores)}
    kept = [places[id(before)] for before, after in found if before is not None and after is not None]
    return kept != sorted(kept)


def _is_told_in_pieces(node: Node) -> bool:
    return node.tag in _HOLDERS or bool(node.text and not node.attributes and not node.children)


def pairs(befores: Iterable[Node], afters: Iterable[Node]) -> list[tuple[Node | None, Node | None]]:
    """Find which of them are the same: what is equal, then what has the same name, id or place.

    In the order of ``afters``, and behind them what is gone.
    """
    left = list(befores)
    found: dict[int, Node] = {}
    news = list(afters)
    for same in (_equal, _named, _marked, _nameless):
        kept: dict[Any, list[Node]] = {}
        for one in left:
            kept.setdefault(same(one), []).append(one)
        for place, one in enumerate(news):
            mine = same(one)
            if place not in found and mine is not None and kept.get(mine):
                found[place] = kept[mine].pop(0)
        taken = {id(one) for one in found.values()}
        left = [one for one in left if id(one) not in taken]
    return [(found.get(place), one) for place, one in enumerate(news)] + [(one, None) for one in left]


def _equal(node: Node) -> Any:  # noqa: ANN401 - a nested tuple
    return node.form


def _named(node: Node) -> str | None:
    return node.attributes.get("name") or node.attributes.get("id") or node.attributes.get("key")


def _marked(node: Node) -> str | None:
    return node.mark or None


def _nameless(node: Node) -> str | None:
    return None if _named(node) else ""


def _listed(nodes: list[Node]) -> str:
    return ", ".join(node.attributes.get("name") or summary(node) for node in nodes)


def summary(node: Node, deep: int = 0) -> str:
    """Say a node in one line: its name or text where that is all, else what is in it, as far as a line goes.

    Each node is asked once: what is inside comes of a stranger's file, and may be deep and large.
    """
    name = node.attributes.get("name", "")
    if not node.children and (node.text or name) and len(node.attributes) <= bool(name):
        return node.text or name
    parts = [f"{key.rpartition('}')[2]}={value}" for key, value in node.attributes.items() if key != "name"]
    parts += [node.text] if node.text else []
    most = _MOST_INSIDE if deep < _DEEPEST else 0
    parts += [_said_inside(child, deep + 1) for child in node.children[:most]]
    if len(node.children) > most:
        parts.append("…")
    inside = ", ".join(parts)
    return _cut(f"{name} ({inside})" if name and inside else name or inside)


def _said_inside(child: Node, deep: int) -> str:
    said = summary(child, deep)
    return f"{child.tag.rpartition('}')[2]}: {said}" if said else child.tag


def _cut(said: str) -> str:
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def renamed(node: Node, ids: Mapping[str, str]) -> Node:
    """Give a node with other ids where it refers to them."""
    text = ids.get(node.text, node.text) if node.tag.endswith(("Ref", "Refs")) else node.text
    return replace(
        node,
        attributes={
            key: " ".join(ids.get(word, word) for word in value.split()) if is_reference(key) else value
            for key, value in node.attributes.items()
        },
        text=text,
        children=tuple(renamed(child, ids) for child in node.children),
    )


def is_reference(attribute: str) -> bool:
    """Tell whether an attribute names elements by their ids."""
    return attribute.endswith("Ref") or attribute in _REFERRING


_REFERRING = frozenset({"default", "calledElement", "returnTo", "notSameAs", "about", "lane", "target"})
