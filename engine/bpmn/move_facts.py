"""What a version means, element by element, so that two versions can be told apart for a running case.

Read from what will run (the spec), from the steps and their forms. What only people read, such as a name or
a standard time, stands apart from what decides whether work that was done is still true.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engine.bpmn.names import PEOPLE_TASKS

Way = tuple[str, str | None]  # where it leads, and what it asks: nothing, or None for the default


class Part(StrEnum):
    """What about an element may have changed."""

    KIND = "kind"
    RULE = "rule"  # what it does or waits for
    FORM = "form"
    ROLE = "role"
    DOCUMENTS = "documents"
    WAYS = "ways"  # how many lead on, and what each asks


@dataclass(frozen=True, kw_only=True)
class ElementFacts:
    """One element of a version."""

    element: str
    name: str
    kind: str  # BPMN local name
    scope: str  # the process or subprocess it stands in
    parts: Mapping[Part, str]
    shown: str  # what else people see of it
    ways: tuple[Way, ...] = ()
    beside: tuple[str, ...] = ()  # events at its edge
    attached: str = ""  # of an event at an edge: the activity
    interrupting: bool = True
    inner: str = ""  # the process it is made of
    repeats: bool = False
    returns: bool = False  # whether a case may be sent back from it
    awaited: str = ""  # what it waits for, times left out
    handler: bool = False  # an event subprocess
    undone_by: str = ""  # the activity that compensates for it
    calls: bool = False  # a connector, for whose answer it waits

    @property
    def for_people(self) -> bool:
        """Tell whether it is a task for people, once."""
        return self.kind in PEOPLE_TASKS

    @property
    def is_join(self) -> bool:
        """Tell whether parts of a case may wait at it for each other."""
        return self.kind in ("parallelGateway", "inclusiveGateway")


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """Everything of a version that a running case may have to do with."""

    process: str
    elements: Mapping[str, ElementFacts]
    inputs: Mapping[str, tuple[str, ...]]  # by the name of a spec: the specs whose flows lead to it
    declared: Mapping[str, Mapping[str, str]]  # by process: the data it declares, by name
    pools: frozenset[str]
    steps: Mapping[str, int]  # elements that are rows of the SOP's table, and their numbers

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Give by element the elements whose ways lead to it."""
        found: dict[str, list[str]] = {}
        for one in self.elements.values():
            for target, _ in one.ways:
                found.setdefault(target, []).append(one.element)
        return {target: tuple(dict.fromkeys(sources)) for target, sources in found.items()}

    def inside(self, process: str) -> Iterator[ElementFacts]:
        """Give the elements of a process or subprocess, those of what is inside of them too."""
        for one in self._by_scope.get(process, ()):
            yield one
            if one.inner and one.inner != process:
                yield from self.inside(one.inner)

    def handlers(self, process: str) -> frozenset[str]:
        """Tell what may begin at any time in a process or subprocess, and how."""
        return frozenset(
            f"{one.element} {start.awaited} {one.interrupting}"
            for one in self._by_scope.get(process, ())
            if one.handler
            for start in self._by_scope.get(one.inner, ())
            if start.kind == "startEvent"
        )

    def whole(self, process: str) -> str:
        """Write everything that a process or subprocess means."""
        return json.dumps(
            [
                [one.element, one.scope, *one.parts.values(), one.ways, _edge(one)]
                for one in sorted(self.inside(process), key=lambda one: one.element)
            ]
        )

    def name_of(self, element: str) -> str:
        """Name an element for people."""
        one = self.elements.get(element)
        return one.name if one is not None and one.name else element

    @cached_property
    def _by_scope(self) -> Mapping[str, list[ElementFacts]]:
        found: dict[str, list[ElementFacts]] = {}
        for one in self.elements.values():
            found.setdefault(one.scope, []).append(one)
        return found


def _edge(one: ElementFacts) -> tuple[object, ...]:
    return one.attached, one.beside, one.interrupting


def differing(old: ElementFacts, new: ElementFacts, parts: Iterable[Part] = tuple(Part)) -> Part | None:
    """Give the first thing that two versions of an element mean otherwise; None where they mean the same."""
    if old.scope != new.scope or old.repeats != new.repeats:
        return Part.KIND
    return next((part for part in parts if old.parts[part] != new.parts[part]), None)
