"""A decision with its cells read: made at deployment to find what cannot be read, and again to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from engine.dmn.parser import Reader
from engine.dmn.syntax import Fits, ListOf, Node, Tests, Value
from engine.dmn.tokens import NotFeel
from engine.errors import Sentence, say
from engine.model.decision import Decision, HitPolicy, InputColumn, OutputColumn, Rule, Table

_T = TypeVar("_T")
# What is found wrong is told; the cell is read as one that says nothing.
Told = Callable[[Sentence], None]


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule's cells."""

    conditions: tuple[Tests, ...]
    results: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The cells of a table. ``ranks`` are the allowed values of each output that lists any."""

    inputs: tuple[Node, ...]
    input_allowed: tuple[Tests, ...]
    output_allowed: tuple[Tests, ...]
    ranks: tuple[ListOf | None, ...]
    defaults: tuple[Node, ...]
    rules: tuple[ReadRule, ...]


@dataclass(frozen=True, slots=True)
class ReadDecision:
    """A decision's table or expression, and the variables it asks for: of each the keys, or "" for all."""

    decision: Decision
    cells: ReadTable | None
    expression: Node
    asked: Mapping[str, AbstractSet[str]]


def read_decision(decision: Decision, told: Told) -> ReadDecision:
    """Read every cell of a table, or the expression."""
    cells = _Cells(decision, told)
    table = None if decision.table is None else _table(cells, decision.table)
    expression = cells.whole(decision.expression) if table is None else Value(None)
    return ReadDecision(decision, table, expression, cells.reader.asked)


def _table(cells: _Cells, table: Table) -> ReadTable:
    return ReadTable(
        inputs=tuple(cells.input(column) for column in table.inputs),
        input_allowed=tuple(cells.allowed(column) for column in table.inputs),
        output_allowed=tuple(cells.allowed(column) for column in table.outputs),
        ranks=tuple(cells.rank(column, table) for column in table.outputs),
        defaults=tuple(cells.default(column) for column in table.outputs),
        rules=tuple(cells.rule(number, rule, table) for number, rule in enumerate(table.rules, 1)),
    )


class _Cells:
    """Reads cells; the same text is read once."""

    def __init__(self, decision: Decision, told: Told) -> None:
        self.name = decision.name
        self.told = told
        self.reader = Reader(decision.words)
        self.tests: dict[str, Tests] = {}
        self.results: dict[str, Node] = {}

    def whole(self, text: str) -> Node:
        try:
            return self.reader.expression(text)
        except NotFeel as wrong:
            self.told(
                say(
                    "The expression of the decision %(decision)s cannot be read: %(reason)s",
                    decision=self.name,
                    reason=wrong.sentence,
                )
            )
        return Value(None)

    def rule(self, number: int, rule: Rule, table: Table) -> ReadRule:
        return ReadRule(
            tuple(self._conditions(number, rule, table)), tuple(self._results(number, rule, table))
        )

    def _conditions(self, number: int, rule: Rule, table: Table) -> Iterator[Tests]:
        for column, text in zip(table.inputs, rule.conditions, strict=False):
            if text not in self.tests:
                found = self._cell(self.reader.tests, text, number, named(column))
                if found is None:
                    continue
                self.tests[text] = found
            yield self.tests[text]

    def _results(self, number: int, rule: Rule, table: Table) -> Iterator[Node]:
        for column, text in zip(table.outputs, rule.results, strict=False):
            if text not in self.results:
                found = self._cell(self.reader.expression, text, number, named(column))
                if found is None:
                    continue
                self.results[text] = found
            yield self.results[text]

    def _cell(self, read: Callable[[str], _T], text: str, number: int, column: str) -> _T | None:
        try:
            return read(text)
        except NotFeel as wrong:
            self.told(
                say(
                    "Decision %(decision)s, rule %(rule)s, column %(column)s: %(reason)s",
                    decision=self.name,
                    rule=number,
                    column=column,
                    reason=wrong.sentence,
                )
            )
            return None

    def input(self, column: InputColumn) -> Node:
        if not column.expression.strip():
            self._column(named(column), say("it has no expression"))
        return self._read_column(self.reader.expression, column.expression, column) or Value(None)

    def allowed(self, column: InputColumn | OutputColumn) -> Tests:
        return self._read_column(self.reader.tests, column.allowed, column) or Tests()

    def default(self, column: OutputColumn) -> Node:
        return self._read_column(self.reader.expression, column.default, column) or Value(None)

    def rank(self, column: OutputColumn, table: Table) -> ListOf | None:
        """Give the allowed values in their order, where the results are ordered by them."""
        if table.hit_policy not in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
            return None
        parts = self.allowed(column).parts
        values = tuple(part.part for part in parts if isinstance(part, Fits))
        if not column.allowed.strip():
            return None
        if len(values) < len(parts):
            self._column(named(column), say("its allowed values must be a list of values"))
        return ListOf(values)

    def _read_column(
        self, read: Callable[[str], _T], text: str, column: InputColumn | OutputColumn
    ) -> _T | None:
        try:
            return read(text)
        except NotFeel as wrong:
            self._column(named(column), wrong.sentence)
            return None

    def _column(self, column: str, reason: Sentence) -> None:
        self.told(
            say(
                "Decision %(decision)s, column %(column)s: %(reason)s",
                decision=self.name,
                column=column,
                reason=reason,
            )
        )


def named(column: InputColumn | OutputColumn) -> str:
    """Name a column as its table shows it."""
    own = column.expression if isinstance(column, InputColumn) else column.name
    return (column.label or own).strip()[:80] or "?"
