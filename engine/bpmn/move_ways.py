"""What a case has done and which ways it may have taken, worked out of how often it entered each element."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.move_facts import ElementFacts, VersionFacts
from engine.bpmn.standing import Standing

NOTHING = "[]"
_CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent"})


class WaysTaken:
    """Reads the past of a case off the numbers that its state keeps."""

    def __init__(self, standing: Standing, facts: VersionFacts) -> None:
        """Work out what has been done."""
        self.facts = facts
        self.entered = standing.counts()
        self.open = standing.open()
        known = [one for one in self.entered if one in facts.elements]
        self.done = frozenset(one for one in known if self._is_done(facts.elements[one]))

    def _is_done(self, one: ElementFacts) -> bool:
        """Tell whether it was left at least once; events are counted when they begin to wait."""
        if self._passes(one.element) <= 0:
            return False
        if one.kind not in _CATCHING or one.awaited == NOTHING:
            return True
        followers = [target for target, _ in one.ways]
        return not followers or any(target in self.entered for target in followers)

    def _passes(self, element: str) -> int:
        if self.facts.elements[element].is_join:
            return self.entered[element]  # what waits at one has not entered it
        return self.entered[element] - self.open[element]

    def taken(self) -> Iterator[tuple[str, str]]:
        """Give every way, as its two ends, that the case took or may have taken."""
        for source in self.done:
            for target in dict.fromkeys(to for to, _ in self.facts.elements[source].ways):
                if target in self.entered and self._may_have_taken(source, target):
                    yield source, target

    def _may_have_taken(self, source: str, target: str) -> bool:
        """Tell whether the entries of the target leave room for one from there.

        Where others are known to account for all of them, none came this way.
        """
        sources = self.facts.sources.get(target, ())
        if len(self.facts.elements[source].ways) == 1 or self.facts.elements[target].is_join:
            return True
        accounted = 0
        for other in sources:
            if other == source or other not in self.entered:
                continue
            if not self._is_countable(self.facts.elements[other]):
                return True
            accounted += self._passes(other)
        return self.entered[target] > accounted

    def _is_countable(self, one: ElementFacts) -> bool:
        """Tell whether each of its entries that is over led on by its one way: nothing takes it away."""
        return (
            len(one.ways) == 1
            and one.scope == self.facts.process
            and not one.beside
            and not one.returns
            and one.kind not in _CATCHING
            and not self.facts.handlers(one.scope)
        )
