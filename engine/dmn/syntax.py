"""FEEL as a tree. Chains (a + b - c) are one node, so that a long cell makes a wide tree, not a deep one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Union

Literal = str | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Value:
    """A literal."""

    value: Literal


@dataclass(frozen=True, slots=True)
class Input:
    """``?``: the input of the column a cell stands in."""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Path:
    """What a value holds under a name, and so on inwards."""

    base: Node
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; each end is in it or not."""

    low: Node
    high: Node
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values beside each other."""

    sign: str  # = != < <= > >=
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """A value from one to another, both included."""

    item: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """A value that passes one of several tests."""

    item: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` of all parts (``every``), or ``or`` of them."""

    every: bool
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign."""

    part: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A chain of one precedence, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]  # + - * / **


@dataclass(frozen=True, slots=True)
class If:
    """One of two values."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of FEEL's own."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fits:
    """Whether the input is what a cell says: equal to it, in its list, or in its interval."""

    part: Node


@dataclass(frozen=True, slots=True)
class Tests:
    """A cell: one of the parts is true of the input (``negated``: none is). Without parts anything passes."""

    parts: tuple[Node, ...] = ()
    negated: bool = False


Node = Union[  # noqa: UP007 - the names are not all defined yet for |
    Value,
    Input,
    Name,
    Path,
    ListOf,
    Range,
    Compare,
    Between,
    In,
    Logic,
    Not,
    Negative,
    Arithmetic,
    If,
    Call,
    Fits,
]
