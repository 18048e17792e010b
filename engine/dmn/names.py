"""The variables that a decision asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.dmn.prepared import ReadTable, read_expression, read_table
from engine.dmn.syntax import Name, Node
from engine.errors import Sentence
from engine.model.decision import Decision


def unknown_names(decisions: Mapping[str, Decision], decision: Decision, known: frozenset[str]) -> list[str]:
    """Give what a decision asks for and neither the case (``known``) nor a required decision has."""
    there = set(known)
    for one in (decisions[name] for name in decision.requires if name in decisions):
        there |= {one.id, one.name, one.variable}
        there |= {output.name for output in (one.table.outputs if one.table is not None else ())}
    asked = dict.fromkeys(_names(_read(decision)))
    return [name for name in asked if name not in there and "_".join(name.split()) not in there]


def _read(decision: Decision) -> ReadTable | Node:
    if decision.table is None:
        return read_expression(decision, _told)
    return read_table(decision, decision.table, _told)


def _told(_sentence: Sentence) -> None:
    """Pass over what cannot be read: it is a finding already."""


def _names(node: Any) -> Iterator[str]:  # noqa: ANN401 - a tree of nodes and tuples
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name):
            yield one.name
        elif isinstance(one, tuple):
            waiting += one
        elif is_dataclass(one):
            waiting += [getattr(one, field.name) for field in fields(one)]
