"""The steps that a running case can still come to, from where all of its tokens stand.

Whatever may happen is followed: events at an edge, handlers beside the flow, each way of a gateway, the steps
that a case may be sent back to. What is not among them will not come, unless a completion is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.move_facts import ElementFacts, VersionFacts
from engine.bpmn.standing import Standing
from engine.model.definition import Step


def still_ahead(facts: VersionFacts, steps: Iterable[Step], standing: Standing) -> frozenset[str]:
    """Give the elements of the steps that are open, and of those that can be opened from there."""
    ways = _Ways(facts, steps)
    starts = (one.element for one in facts.elements.values() if one.kind == "startEvent")
    # What undoes others, and what no way leads to, is begun otherwise: nobody can say that it is over.
    apart = ways.undoing() | facts.steps.keys() - ways.reached(starts)
    return frozenset(facts.steps.keys() & (ways.reached(_places(facts, standing)) | apart))


def _places(facts: VersionFacts, standing: Standing) -> Iterator[str]:
    """Give where the tokens stand: those within an open subprocess stand for it, where it does not repeat."""
    within = {scope.at for scope in standing.scopes if not scope.is_pool}
    for element in standing.open():
        found = facts.elements.get(element)
        if element not in within or (found is not None and found.repeats):
            yield element


class _Ways:
    """Where the elements of a version lead."""

    def __init__(self, facts: VersionFacts, steps: Iterable[Step]) -> None:
        self._elements = facts.elements
        self._back = {step.element: step.return_to for step in steps}
        self._inside: dict[str, list[ElementFacts]] = {}  # by process or subprocess
        self._made_of: dict[str, list[ElementFacts]] = {}  # by it: the subprocess itself, or what calls it
        for one in facts.elements.values():
            self._inside.setdefault(one.scope, []).append(one)
            if one.inner:
                self._made_of.setdefault(one.inner, []).append(one)

    def reached(self, places: Iterable[str]) -> set[str]:
        """Give the elements at some places, and behind them."""
        found: set[str] = set()
        todo = list(places)
        while todo:
            element = todo.pop()
            if element not in found and element in self._elements:
                found.add(element)
                todo += self._onwards(self._elements[element])
        return found

    def undoing(self) -> set[str]:
        """Give what undoes other activities, with all there is inside."""
        found: set[str] = set()
        todo = [one.undone_by for one in self._elements.values() if one.undone_by]
        while todo:
            one = self._elements.get(todo.pop())
            if one is not None and one.element not in found:
                found.add(one.element)
                todo += self._begun(one.inner) if one.inner else ()
        return found

    def _onwards(self, one: ElementFacts) -> Iterator[str]:
        yield from self._left(one)
        yield from self._back.get(one.element, ())
        if one.inner:
            yield from self._begun(one.inner)
        yield from self._around(one.scope, set())

    def _left(self, one: ElementFacts) -> Iterator[str]:
        yield from (to for to, _asked in one.ways)
        yield from one.beside

    def _begun(self, scope: str) -> Iterator[str]:
        return (one.element for one in self._inside.get(scope, ()))

    def _around(self, scope: str, seen: set[str]) -> Iterator[str]:
        """Give what may come while something stands in a scope, and after it."""
        if scope in seen:
            return
        seen.add(scope)
        yield from (one.element for one in self._inside.get(scope, ()) if one.handler)
        for outer in self._made_of.get(scope, ()):
            yield from self._left(outer)
            if outer.repeats:
                yield from self._begun(scope)
            yield from self._around(outer.scope, seen)
