"""What a file lost of the SOP's own extension, compared with versions before it, and how it is taken over.

Programs that do not know an extension drop it: with the kind of a step, or everywhere. Elements are the same
by their ids; where a program gave new ids, by kind and name as long as only one is called so. What stands
changed is no loss.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine.bpmn.diff.aspects import aspect_of
from engine.bpmn.diff.reading_side import read_side
from engine.bpmn.diff.side import Side
from engine.bpmn.editing import holder_of, written
from engine.bpmn.guard import read_file_tree
from engine.bpmn.lint_extension import PLACES
from engine.bpmn.names import BPMN, PEOPLE_TASKS, SOP, bpmn, local_name, name_of, sop
from engine.errors import Sentence

_ORDER = (
    "institution", "legalBasis", "qualification", "related", "equipment", "warning", "recording",
    "input", "output", "notes",
)  # fmt: skip
_IDS = (
    "returnTo",
    "notSameAs",
    "clockField",
    "about",
    "lane",
    "target",
)  # attributes that name other elements
_UNTYPED = "task"


@dataclass(frozen=True, kw_only=True)
class LostPart:
    """One thing that is gone: how it is called, and what it was."""

    what: Sentence
    was: Sentence


@dataclass(frozen=True, kw_only=True)
class Loss:
    """An element with everything it lost. ``kind`` is what BPMN calls it."""

    element: str  # id in the file as it is now
    name: str
    kind: str
    was_kind: str  # where the kind of step was lost as well, else empty
    parts: tuple[LostPart, ...]


class _Before:
    """A version before, read as far as it is needed."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.root = read_file_tree(content).getroot()

    @cached_property
    def side(self) -> Side:
        """Give what words are made from."""
        return read_side(self._content)


@dataclass(frozen=True, kw_only=True)
class _Pair:
    now: etree._Element
    before: etree._Element
    version: _Before

    @property
    def became_untyped(self) -> bool:
        return local_name(self.now) == _UNTYPED and local_name(self.before) in PEOPLE_TASKS

    @property
    def lost(self) -> Iterator[tuple[etree._Element, etree._Element | None]]:
        """Give each of our elements that may stand here, with what is there of it now."""
        kind = local_name(self.before if self.became_untyped else self.now)
        for own in _own(self.before):
            local = etree.QName(own).localname
            if kind in PLACES.get(local, ()):
                yield own, _same_own(self.now, own)


def losses(now: bytes, before: Sequence[bytes]) -> tuple[Loss, ...]:
    """Compare a file with versions before it, the oldest first: a later one counts where both say it."""
    found = []
    for pair in _pairs(read_file_tree(now).getroot(), before):
        parts = tuple(_parts(pair))
        if parts or (pair.became_untyped and any(True for _one in pair.lost)):
            found.append(
                Loss(
                    element=pair.now.get("id", ""),
                    name=name_of(pair.now) or name_of(pair.before) or pair.now.get("id", ""),
                    kind=local_name(pair.now),
                    was_kind=local_name(pair.before) if pair.became_untyped else "",
                    parts=parts,
                )
            )
    return tuple(found)


def taken_over(now: bytes, before: Sequence[bytes], elements: Collection[str]) -> bytes:
    """Give the file with what these elements lost; everything else stays as it is."""
    tree = read_file_tree(now)
    pairs = list(_pairs(tree.getroot(), before))
    ids = {pair.before.get("id", ""): pair.now.get("id", "") for pair in pairs}
    for pair in pairs:
        if pair.now.get("id") in elements:
            for own, there in list(pair.lost):
                _put(pair.now, own, there, ids)
            if pair.became_untyped:
                pair.now.tag = pair.before.tag
    return written(tree)


def _pairs(root: etree._Element, before: Sequence[bytes]) -> Iterator[_Pair]:
    known: dict[str, _Pair] = {}
    for content in before:
        version = _Before(content)
        same = _same(root, version.root)
        for element in version.root.iter(f"{{{BPMN}}}*"):
            partner = same.get(element.get("id", ""))
            if partner is not None and any(True for _one in _own(element)):
                known[partner.get("id", "")] = _Pair(now=partner, before=element, version=version)
    yield from known.values()


def _same(root: etree._Element, old: etree._Element) -> dict[str, etree._Element]:
    """Find the elements of the file by the ids they had before."""
    now_by_id = {one.get("id", ""): one for one in root.iter(f"{{{BPMN}}}*") if one.get("id")}
    ids = [one.get("id", "") for one in old.iter(f"{{{BPMN}}}*") if one.get("id")]
    found = {id_: now_by_id[id_] for id_ in ids if id_ in now_by_id}
    taken = {one.get("id") for one in found.values()}
    now_called, old_called = _called(root), _called(old)
    for called, several in old_called.items():
        others = now_called.get(called, [])
        if len(several) == len(others) == 1 and others[0].get("id") not in taken:
            found.setdefault(several[0].get("id", ""), others[0])
    return found


def _called(root: etree._Element) -> dict[tuple[str, str], list[etree._Element]]:
    found: dict[tuple[str, str], list[etree._Element]] = {}
    for element in root.iter(f"{{{BPMN}}}*"):
        kind = local_name(element)
        kind = _UNTYPED if kind in PEOPLE_TASKS else kind
        # A file mostly has one process: that it was called otherwise does not make it another.
        name = "" if kind == "process" else name_of(element)
        if element.get("id") and (name or kind == "process"):
            found.setdefault((kind, name), []).append(element)
    return found


def _own(element: etree._Element) -> Iterator[etree._Element]:
    holder = element.find(bpmn("extensionElements"))
    return iter(()) if holder is None else holder.iterchildren(f"{{{SOP}}}*")


def _same_own(element: etree._Element, own: etree._Element) -> etree._Element | None:
    """Find what stands at an element now; of questions, which have a key, the same one."""
    return next(
        (one for one in _own(element) if (one.tag, one.get("key")) == (own.tag, own.get("key"))), None
    )


def _parts(pair: _Pair) -> Iterator[LostPart]:
    for own, there in pair.lost:
        local = f"sop:{etree.QName(own).localname}"
        if own.tag == sop("Question"):
            if there is None:
                yield _part(pair, (local,), " ".join((own.findtext(sop("text")) or "").split()))
            continue
        for attribute in _attributes(own, there):
            yield _part(pair, (local, f"@{attribute}"), str(own.get(attribute)))
        for child in _children(own, there):
            inside = (local, f"sop:{etree.QName(child).localname}")
            text = child.get("name") or " ".join((child.text or "").split())
            yield _part(pair, inside if child.get("name") else (*inside, "#"), text)


def _part(pair: _Pair, place: tuple[str, ...], value: str) -> LostPart:
    aspect = aspect_of(("extensionElements", *place), step=False)
    said = aspect.value(pair.version.side, value)
    return LostPart(what=aspect.called, was=said or Sentence("%(text)s", {"text": value}))


def _attributes(own: etree._Element, there: etree._Element | None) -> list[str]:
    return [
        str(name)
        for name, value in own.attrib.items()
        if value and (there is None or name not in there.attrib)
    ]


def _children(own: etree._Element, there: etree._Element | None) -> list[etree._Element]:
    """Give what stood inside, where nothing of its kind is left: else somebody edited it."""
    left = set() if there is None else {child.tag for child in there.iterchildren("*")}
    return [child for child in own.iterchildren("*") if child.tag not in left]


def _put(
    element: etree._Element, own: etree._Element, there: etree._Element | None, ids: dict[str, str]
) -> None:
    if there is None:
        there = deepcopy(own)
        holder_of(element).append(there)
        for part in there.iter("*"):
            for name in set(_IDS) & set(part.attrib):
                part.set(name, _with_ids(part.get(name, ""), ids))
        return
    for child in _children(own, there):
        there.append(deepcopy(child))
    for name in _attributes(own, there):
        value = own.get(name, "")
        there.set(name, _with_ids(value, ids) if name in _IDS else value)
    there[:] = sorted(there, key=_place)


def _with_ids(value: str, ids: dict[str, str]) -> str:
    words = []
    for word in value.split():
        element, dot, field = word.partition(".")
        words.append(f"{ids.get(element, element)}{dot}{field}")
    return " ".join(words)


def _place(child: etree._Element) -> int:
    return next((place for place, local in enumerate(_ORDER) if child.tag == sop(local)), -1)
