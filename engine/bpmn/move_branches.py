"""On which branches of a case an element lies: of what goes several ways at once, until they meet again."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.move_facts import ElementFacts, VersionFacts

Branch = tuple[str, frozenset[str]]  # what goes several ways, and where those begin that do not lead there
_ONE_WAY = frozenset({"exclusiveGateway", "eventBasedGateway"})


def branches(facts: VersionFacts, element: str) -> frozenset[Branch]:
    """Tell on which branches an element lies: beside it others run, and a join ahead waits for them."""
    return frozenset(_branches(facts, element))


def _branches(facts: VersionFacts, element: str) -> Iterator[Branch]:
    for one in facts.elements.values():
        ways = _ways(facts, one)
        if len(ways) < 2 or one.element == element:  # noqa: PLR2004 - one way is no branch
            continue
        lead = _leading_to(facts, element, one.element)
        astray = frozenset(way for way in ways if way not in lead)
        if 0 < len(astray) < len(ways):
            yield one.element, astray


def _ways(facts: VersionFacts, one: ElementFacts) -> set[str]:
    """Give where something goes on that may go several ways at once: also beside what it stands at."""
    if one.kind == "boundaryEvent":
        if one.interrupting or one.attached not in facts.elements:
            return set()
        return {to for each in (one, facts.elements[one.attached]) for to, _ in each.ways}
    return set() if one.kind in _ONE_WAY else {to for to, _ in one.ways}


def _leading_to(facts: VersionFacts, element: str, but: str) -> set[str]:
    """Give everything from which an element is reached without coming through another one."""
    found = {element}
    queue = [element]
    for one in queue:
        known = facts.elements.get(one)
        before = [*facts.sources.get(one, ()), *([known.attached] if known and known.attached else [])]
        for source in before:
            if source != but and source not in found:
                found.add(source)
                queue.append(source)
    return found
