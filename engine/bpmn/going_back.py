"""Whether a token can be taken back to an earlier element, and which others go with it.

Pure arithmetic on a graph: an element with boundary events is preceded by its split, as when it runs.
What the rules mean for a case is in docs/adr/0021.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, reduce

_ROOT = ""  # leads to whatever nothing leads to


class Hindrance(StrEnum):
    """Why nothing can be sent back from one element to another."""

    NOT_BEFORE = "not before"  # no flow leads from it to the later one, or only by going round a loop
    OTHER_BRANCH = "other branch"  # a join between the two would wait for tokens that nothing sends again


@dataclass(frozen=True)
class Graph:
    """One process or subprocess: where each element leads, and the gateways that wait for several flows."""

    onwards: Mapping[str, Sequence[str]]
    joins: Collection[str] = field(default=frozenset())

    @cached_property
    def sources(self) -> Mapping[str, Sequence[str]]:
        """Give what leads to each element."""
        sources: dict[str, list[str]] = {name: [] for name in self.onwards}
        for name, targets in self.onwards.items():
            for target in targets:
                sources[target].append(name)
        return sources

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """Give for each element the nearest one that every way to it leads through."""
        firsts = [name for name, sources in self.sources.items() if not sources]
        return _dominators({**self.onwards, _ROOT: firsts}, _ROOT, frozenset())


@dataclass(frozen=True)
class GoingBack:
    """From the element ``later`` to the element ``earlier`` (its split, where it has one)."""

    graph: Graph
    later: str
    earlier: str

    @cached_property
    def _before(self) -> frozenset[str]:
        """Give what every way to the earlier element leads through: beyond it begins another time round."""
        return frozenset(_above(self.graph.parents, self.earlier)) - {self.earlier}

    @cached_property
    def _tree(self) -> Mapping[str, str]:
        return _dominators(self.graph.onwards, self.earlier, self._before | {self.later})

    @property
    def between(self) -> AbstractSet[str]:
        """Give every element that a token can come to from the earlier one without the later one."""
        return self._tree.keys()

    @cached_property
    def hindrance(self) -> Hindrance | None:
        """Say why it cannot be: the diagram alone decides this, not where a case stands."""
        leads_on = any(source in self._tree for source in self.graph.sources[self.later])
        if self.later == self.earlier or self.later in self._before or not leads_on:
            return Hindrance.NOT_BEFORE
        joins = self.between & set(self.graph.joins)
        stuck = any(self._waits_for_others(join) and self._leads_to_later(join) for join in joins)
        return Hindrance.OTHER_BRANCH if stuck else None

    def _waits_for_others(self, join: str) -> bool:
        # Each flow in needs a token that stems from the earlier element, and has not passed the join.
        return any(
            source not in self._tree or join in _above(self._tree, source)
            for source in self.graph.sources[join]
        )

    def _leads_to_later(self, join: str) -> bool:
        """Tell whether a token comes from the join to the later element without another time round."""
        ways = set(_above(self.graph.parents, self.later))
        common = next((one for one in _above(self.graph.parents, join) if one in ways), join)
        if common == join:
            return True
        if common not in self._towards:
            round_again = {*self._before, self.earlier, *_above(self.graph.parents, common)}
            self._towards[common] = _reached(self.graph.sources, self.later, round_again)
        return join in self._towards[common]

    @cached_property
    def _towards(self) -> dict[str, set[str]]:
        return {}

    def takes_along(self, place: str) -> bool | None:
        """Tell whether a token at a place stems from the same passing of the earlier element.

        None where the diagram leaves open whether it does.
        """
        if place not in self._tree:
            return False
        above = set(_above(self.graph.parents, place))
        common = above & set(_above(self.graph.parents, self.later))
        return True if self.earlier in above or common & self.between else None


def _reached(onwards: Mapping[str, Sequence[str]], start: str, without: Collection[str]) -> set[str]:
    found, queue = {start}, [start]
    while queue:
        for name in onwards[queue.pop()]:
            if name not in found and name not in without:
                found.add(name)
                queue.append(name)
    return found


def _above(parents: Mapping[str, str], name: str) -> Iterator[str]:
    """Give an element and everything that every way to it leads through."""
    while name in parents:
        yield name
        if parents[name] == name:
            return
        name = parents[name]


def _dominators(onwards: Mapping[str, Sequence[str]], root: str, without: Collection[str]) -> dict[str, str]:
    """Find the immediate dominators (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm)."""
    order = _postorder(onwards, root, without)
    number = {name: place for place, name in enumerate(order)}
    sources: dict[str, list[str]] = {name: [] for name in order}
    for name in order:
        for target in onwards[name]:
            if target in number:
                sources[target].append(name)
    parents = {root: root}
    changed = True
    while changed:
        changed = False
        for name in reversed(order[:-1]):
            nearest = reduce(
                lambda one, other: _meeting(parents, number, one, other),
                (source for source in sources[name] if source in parents),
            )
            changed = changed or parents.get(name) != nearest
            parents[name] = nearest
    return parents


def _meeting(parents: Mapping[str, str], number: Mapping[str, int], one: str, other: str) -> str:
    """Climb from two elements to the nearest that is above both."""
    while one != other:
        if number[one] < number[other]:
            one = parents[one]
        else:
            other = parents[other]
    return one


def _postorder(onwards: Mapping[str, Sequence[str]], root: str, without: Collection[str]) -> list[str]:
    order: list[str] = []
    seen = {root}
    stack = [(root, iter(onwards[root]))]
    while stack:
        name, targets = stack[-1]
        following = next((one for one in targets if one not in seen and one not in without), None)
        if following is None:
            order.append(name)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(onwards[following])))
    return order
