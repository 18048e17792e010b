"""The data a diagram declares, and the names its expressions have for it (BPMN 2.0, 10.3.1)."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from engine.bpmn.names import (
    ACTIVITIES,
    ALIAS,
    BPMN,
    EVENTS,
    NODES,
    SUBPROCESSES,
    bpmn,
    children,
    local_name,
    name_of,
)
from engine.bpmn.scope import COUNTERS

_TAKEN = COUNTERS | {"case", "alur_assigned"}  # every case has these
_ITEMS = frozenset({"inputDataItem", "outputDataItem"})
_PARAMETERS = frozenset({"dataInput", "dataOutput"})
_OBJECTS = frozenset({"dataObject", "dataObjectReference"})
_STORES = frozenset({"dataStore", "dataStoreReference"})
DATA = _ITEMS | _PARAMETERS | _OBJECTS | _STORES | {"property"}
_HOLDERS = ACTIVITIES | EVENTS | {"process"}


@dataclass(frozen=True)
class Datum:
    """One declared value: who declares it, and its variable there. A store has no owner."""

    owner: str
    variable: str
    element: etree._Element = field(compare=False)


class DataNames:
    """Everything a file declares, found once."""

    def __init__(self, root: etree._Element) -> None:
        """Look at a tree whose nodes have ids."""
        self._by_id: dict[str, etree._Element] = {}
        self._nodes: set[str] = set()
        for element in root.iter(f"{{{BPMN}}}*"):
            id_ = element.get("id")
            if id_:
                self._by_id.setdefault(id_, element)
                if local_name(element) in NODES:
                    self._nodes.add(id_)
        self._references: dict[str, list[etree._Element]] = {}
        for reference in root.iter(bpmn("dataObjectReference")):
            self._references.setdefault(reference.get("dataObjectRef", ""), []).append(reference)
        # What its associations move, once it was asked for: see ``data_plan``.
        self.moves: dict[etree._Element, dict[str, Any] | None] = {}
        self._data: dict[str, Datum | None] = {}
        self._tables: dict[etree._Element, _Table] = {}

    def datum(self, reference: str) -> Datum | None:
        """Give what an id means; None where it is no data, or data of nobody that runs."""
        id_ = plain(reference)
        if id_ not in self._data:
            self._data[id_] = self._read(id_)
        return self._data[id_]

    def _read(self, id_: str) -> Datum | None:
        element = self._by_id.get(id_)
        if element is None or local_name(element) not in DATA:
            return None
        element = self._meant(element)
        if local_name(element) in _STORES:
            return Datum("", name_of(element) or element.get("id", ""), element)
        holder = holder_of(element)
        if holder is None:
            return None
        return Datum(holder.get("id", ""), self.table(holder).variable(element), element)

    def exists(self, reference: str) -> bool:
        """Tell whether the id stands in the file at all."""
        return plain(reference) in self._by_id

    def names(self, holder: etree._Element, of: Iterable[etree._Element] | None = None) -> dict[str, str]:
        """Give every name of what a process, subprocess, activity or event declares, with its variable."""
        return self.table(holder).names(of)

    def table(self, holder: etree._Element) -> _Table:
        """Give the names of one holder."""
        if holder not in self._tables:
            self._tables[holder] = _Table(list(declared_in(holder)), self._references, self._nodes)
        return self._tables[holder]

    def visible(self, datum: Datum, at: etree._Element) -> bool:
        """Tell whether data belongs to the element, or to what it stands in (10.3.1)."""
        holder = holder_of(datum.element)
        return not datum.owner or holder is at or any(holder is above for above in at.iterancestors())

    def _meant(self, element: etree._Element) -> etree._Element:
        """Give the object of a reference; one of a store gives the store it names."""
        local = local_name(element)
        attribute = "dataStoreRef" if local == "dataStoreReference" else "dataObjectRef"
        target = self._by_id.get(plain(element.get(attribute)))
        if target is None or local_name(target) not in _OBJECTS | _STORES:
            return element
        return target


class _Table:
    """The names in one holder. What two different values are called by means neither."""

    def __init__(
        self,
        elements: list[etree._Element],
        references: dict[str, list[etree._Element]],
        nodes: set[str],
    ) -> None:
        self._variables: dict[etree._Element, str] = {}
        self._known: dict[etree._Element, set[str]] = {}
        for element in elements:
            shown = [element, *references.get(element.get("id") or "?", ())]
            names = [name for one in shown if (name := name_of(one))]
            names += filter(None, [element.get(ALIAS)])
            fitting = [name for name in names if usable(name) and name not in nodes]
            id_ = element.get("id", "")
            self._variables[element] = fitting[0] if fitting else id_ or (names or ["?"])[0]
            ids = {one.get("id", "") for one in shown} - {""}
            self._known[element] = {*fitting, *names, *ids, self._variables[element]} - nodes - _TAKEN

    def variable(self, element: etree._Element) -> str:
        return self._variables.get(element, "")

    @cached_property
    def _meant(self) -> dict[str, set[str]]:
        """Give for each name the variables that are known by it."""
        meant: dict[str, set[str]] = {}
        for element, known in self._known.items():
            for name in known:
                meant.setdefault(name, set()).add(self._variables[element])
        return meant

    def names(self, of: Iterable[etree._Element] | None = None) -> dict[str, str]:
        names: dict[str, str] = {}
        for element in self._known if of is None else of:
            variable = self._variables[element]
            names |= {name: variable for name in sorted(self._known[element]) if len(self._meant[name]) == 1}
            names[variable] = variable
        return names


def declared_in(holder: etree._Element) -> Iterator[etree._Element]:
    """Give the data elements a process, subprocess, activity or event declares."""
    yield from children(holder, "property", *_PARAMETERS)
    for specification in children(holder, "ioSpecification"):
        yield from children(specification, *_PARAMETERS)
    if local_name(holder) in SUBPROCESSES | {"process"}:
        for element in children(holder, *_OBJECTS):
            # A reference without an object stands for itself.
            if local_name(element) == "dataObject" or not element.get("dataObjectRef"):
                yield element
    for loop in children(holder, "multiInstanceLoopCharacteristics"):
        yield from children(loop, *_ITEMS)


def holder_of(element: etree._Element) -> etree._Element | None:
    """Give the process, activity or event that a data element belongs to."""
    return next((above for above in element.iterancestors() if local_name(above) in _HOLDERS), None)


def plain(reference: str | None) -> str:
    """Give the id of a QName: its prefix does not matter here."""
    return (reference or "").strip().split(":")[-1]


def usable(name: str) -> bool:
    """Tell whether an expression can say the name."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("__")
        and name not in _TAKEN
    )
