"""When a field is hidden: the part of FEEL that form-js conditions use, read by our own parser.

``=keputusan = "Ya" and not(jumlah > 3)``. It compares fields with literals, and evaluates nothing
else: no function but ``not``, no arithmetic, no path. As in FEEL an unanswered field compares to
neither true nor false, and a field is hidden only by what is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_ALTERNATIVES = 8  # of a condition said in words

Literal = str | bool | int | float | None
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class BadCondition(ValueError):
    """The condition is not in the subset; its text says at which character."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field beside a literal."""

    name: str
    sign: str  # = != < <= > >=
    value: Literal

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Compare; None where FEEL gives null."""
        found = values.get(self.name)
        found = None if found == "" else found
        if self.sign in ("=", "!="):
            same = found == self.value and isinstance(found, bool) is isinstance(self.value, bool)
            return same if self.sign == "=" else not same
        return _ordered(found, self.sign, self.value)

    def opposite(self) -> Comparison:
        """Say the contrary."""
        return Comparison(self.name, _OPPOSITE[self.sign], self.value)


@dataclass(frozen=True, slots=True)
class Both:
    """``and`` of several (``every``), or ``or`` of several."""

    every: bool
    parts: tuple[Node, ...]

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Combine by three-valued logic."""
        answers = [part.holds(values) for part in self.parts]
        decisive = not self.every
        if decisive in answers:
            return decisive
        return None if None in answers else self.every


@dataclass(frozen=True, slots=True)
class Not:
    """``not(…)``."""

    part: Node

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Turn it round; null stays null."""
        answer = self.part.holds(values)
        return None if answer is None else not answer


Node = Comparison | Both | Not


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition for hiding, as written and as read."""

    text: str
    node: Node
    names: tuple[str, ...]
    shown_when: tuple[tuple[Comparison, ...], ...]  # any of these, each all of its comparisons

    def hides(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the field is hidden with these values."""
        return self.node.holds(values) is True


def _ordered(found: Any, sign: str, value: Literal) -> bool | None:  # noqa: ANN401 - a field's value
    number = (int, float)
    numbers = isinstance(found, number) and isinstance(value, number)
    if isinstance(found, bool) or isinstance(value, bool):
        return None
    if not numbers and not (isinstance(found, str) and isinstance(value, str)):
        return None
    below, same = bool(found < value), bool(found == value)
    return {"<": below, "<=": below or same, ">": not below and not same, ">=": not below}[sign]


def alternatives(node: Node, *, negated: bool) -> tuple[tuple[Comparison, ...], ...]:
    """Give a node as alternatives of comparisons that hold together (disjunctive normal form)."""
    if isinstance(node, Not):
        return alternatives(node.part, negated=not negated)
    if isinstance(node, Comparison):
        return ((node.opposite() if negated else node,),)
    parts = [alternatives(part, negated=negated) for part in node.parts]
    if node.every is negated:
        found = tuple(alternative for part in parts for alternative in part)
    else:
        found = ((),)
        for part in parts:
            found = tuple(left + right for left in found for right in part)
            _bounded(found)
    _bounded(found)
    return found


def _bounded(found: tuple[tuple[Comparison, ...], ...]) -> None:
    if len(found) > MOST_ALTERNATIVES:
        raise BadCondition(str(MOST_ALTERNATIVES))
