"""Finds the rules of a table that apply, with their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from engine.dmn.evaluate import Evaluation
from engine.dmn.prepared import ReadTable, named
from engine.dmn.steps import DecisionFailed, Steps
from engine.dmn.syntax import Node
from engine.dmn.values import plain, typed
from engine.errors import Sentence, say
from engine.model.decision import Aggregation, Decision, HitPolicy, Table


class Hit(NamedTuple):
    """A rule that applies, by its number from 1, with its results."""

    rule: int
    results: list[Any]  # FEEL values


class TableRun:
    """One deciding by one table."""

    def __init__(
        self, decision: Decision, table: Table, cells: ReadTable, names: Mapping[str, Any], steps: Steps
    ) -> None:
        """Take the variables the table sees, and the steps that are left."""
        self.name = decision.name
        self.table = table
        self.cells = cells
        self.steps = steps
        self.run = Evaluation(names, steps)

    def hits(self) -> list[Hit]:
        """Give the rules that apply, in their order; of a table that takes the first one, only that."""
        inputs = self._inputs()
        hits: list[Hit] = []
        for number, rule in enumerate(self.cells.rules, 1):
            self.steps.spend()
            if all(
                self.run.passes(tests, given) is True
                for tests, given in zip(rule.conditions, inputs, strict=True)
            ):
                hits.append(Hit(number, self._results(number, rule.results)))
                if self.table.hit_policy is HitPolicy.FIRST:
                    break
        return hits

    def _inputs(self) -> list[Any]:
        found = []
        for column, node, allowed in zip(
            self.table.inputs, self.cells.inputs, self.cells.input_allowed, strict=True
        ):
            value = typed(self.run.value(node), column.type)
            if value is not None and self.run.passes(allowed, value) is not True:
                raise self.failed(
                    say(
                        "the value %(value)s of the column %(column)s is none of those allowed",
                        value=self.shown(value),
                        column=named(column),
                    )
                )
            found.append(value)
        return found

    def _results(self, number: int, nodes: tuple[Node, ...]) -> list[Any]:
        found = []
        for column, node, allowed in zip(self.table.outputs, nodes, self.cells.output_allowed, strict=True):
            value = self.run.value(node)
            if value is not None and self.run.passes(allowed, value) is not True:
                raise self.failed(
                    say(
                        "rule %(rule)s gives %(value)s, which the column %(column)s does not allow",
                        rule=number,
                        value=self.shown(value),
                        column=named(column),
                    )
                )
            found.append(value)
        return found

    def nothing(self) -> Any:  # noqa: ANN401 - a FEEL value
        """Give what is said where no rule applies: the default, else null (and 0 for a count)."""
        if any(column.default.strip() for column in self.table.outputs):
            return self.shaped([self.run.value(node) for node in self.cells.defaults])
        return Decimal(0) if self.table.aggregation is Aggregation.COUNT else None

    def shaped(self, results: Sequence[Any]) -> Any:  # noqa: ANN401 - a FEEL value
        """Give the value of a single output, or a context of several."""
        if len(results) == 1:
            return results[0]
        return {column.name: result for column, result in zip(self.table.outputs, results, strict=True)}

    def failed(self, reason: Sentence) -> DecisionFailed:
        """Name the decision."""
        return DecisionFailed(say("the decision %(decision)s: %(reason)s", decision=self.name, reason=reason))

    def shown(self, value: Any) -> str:  # noqa: ANN401 - a FEEL value
        """Say a value in a sentence."""
        return str(plain(value, self.steps))[:60]
