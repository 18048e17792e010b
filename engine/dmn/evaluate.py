"""Walks a tree of FEEL and gives its value: no Python is made of it, and every step is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from engine.dmn import syntax
from engine.dmn.functions import FUNCTIONS
from engine.dmn.steps import Steps
from engine.dmn.syntax import Node, Tests
from engine.dmn.values import CONTEXT, Interval, feel, finite, fits, ordered, same, within

_OF_DATES = frozenset({"year", "month", "day"})
_OF_TIMES = frozenset({"hour", "minute", "second"})


_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": CONTEXT.power,
}
_POWER = 50  # steps: it takes as long as so many sums
_ORDERS: Mapping[str, frozenset[int]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}


class Evaluation:
    """Evaluates with the variables a decision sees."""

    def __init__(self, names: Mapping[str, Any], steps: Steps) -> None:
        """Take the variables (JSON values) and the steps that are left."""
        self._names = names
        self._steps = steps
        self._given: Any = None  # what ``?`` means

    def passes(self, tests: Tests, given: Any) -> bool | None:  # noqa: ANN401 - a FEEL value
        """Tell whether an input passes the tests of a cell."""
        if not tests.parts:
            return True
        before, self._given = self._given, given
        answers: set[Any] = set()
        for part in tests.parts:
            answer = self.value(part)
            answers.add(answer if isinstance(answer, bool) else None)
            if answer is True:
                break
        self._given = before
        answer = True if True in answers else None if None in answers else False
        return answer if answer is None or not tests.negated else not answer

    def value(self, node: Node) -> Any:  # noqa: ANN401 - a FEEL value
        """Give the value of an expression; null where FEEL has none."""
        self._steps.spend()
        return self._WAYS[type(node)](self, node)

    def _literal(self, node: syntax.Value) -> Any:  # noqa: ANN401 - a FEEL value
        return node.value

    def _input(self, _node: syntax.Input) -> Any:  # noqa: ANN401 - a FEEL value
        return self._given

    def _name(self, node: syntax.Name) -> Any:  # noqa: ANN401 - a FEEL value
        if node.name in self._names:
            return feel(self._names[node.name])
        # A variable cannot have spaces in its name: ``Jumlah hari`` of a decision is Jumlah_hari.
        return feel(self._names.get("_".join(node.name.split())))

    def _path(self, node: syntax.Path) -> Any:  # noqa: ANN401 - a FEEL value
        found = self.value(node.base)
        for name in node.names:
            found = self._inside(found, name)
        return found

    def _inside(self, value: Any, name: str) -> Any:  # noqa: ANN401 - FEEL values
        self._steps.spend()
        if isinstance(value, Mapping):
            return feel(value.get(name))
        if isinstance(value, list):
            return [self._inside(item, name) for item in value]
        if isinstance(value, date) and name in _OF_DATES | (
            _OF_TIMES if isinstance(value, datetime) else frozenset()
        ):
            return Decimal(getattr(value, name))
        return None

    def _list(self, node: syntax.ListOf) -> Any:  # noqa: ANN401 - a FEEL value
        return [self.value(item) for item in node.items]

    def _range(self, node: syntax.Range) -> Any:  # noqa: ANN401 - a FEEL value
        return Interval(self.value(node.low), self.value(node.high), node.with_low, node.with_high)

    def _fits(self, node: syntax.Fits) -> bool | None:
        return fits(self._given, self.value(node.part), self._steps)

    def _compare(self, node: syntax.Compare) -> bool | None:
        left, right = self.value(node.left), self.value(node.right)
        if node.sign in ("=", "!="):
            equal = same(left, right, self._steps)
            return equal if equal is None or node.sign == "=" else not equal
        order = ordered(left, right, self._steps)
        if order is None:
            return None
        return order in _ORDERS[node.sign]

    def _between(self, node: syntax.Between) -> bool | None:
        ends = Interval(self.value(node.low), self.value(node.high), with_low=True, with_high=True)
        return within(self.value(node.item), ends, self._steps)

    def _within(self, node: syntax.In) -> bool | None:
        return self.passes(node.tests, self.value(node.item))

    def _logic(self, node: syntax.Logic) -> bool | None:
        decisive, unknown = not node.every, False
        for part in node.parts:
            answer = self.value(part)
            if isinstance(answer, bool) and answer is decisive:
                return decisive
            unknown = unknown or not isinstance(answer, bool)
        return None if unknown else node.every

    def _contrary(self, node: syntax.Not) -> bool | None:
        answer = self.value(node.part)
        return not answer if isinstance(answer, bool) else None

    def _negative(self, node: syntax.Negative) -> Decimal | None:
        number = self.value(node.part)
        return number.copy_negate() if isinstance(number, Decimal) else None

    def _arithmetic(self, node: syntax.Arithmetic) -> Any:  # noqa: ANN401 - a FEEL value
        total = self.value(node.first)
        for sign, part in node.rest:
            total = self._joined(sign, total, self.value(part))
        return total

    def _joined(self, sign: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - FEEL values
        if sign == "+" and isinstance(left, str) and isinstance(right, str):
            return self._steps.text(left + right)
        if not (isinstance(left, Decimal) and isinstance(right, Decimal)):
            return None
        if sign == "**":
            self._steps.spend(_POWER)
        return finite(_SIGNS[sign](left, right))

    def _either(self, node: syntax.If) -> Any:  # noqa: ANN401 - a FEEL value
        return self.value(node.then if self.value(node.condition) is True else node.otherwise)

    def _call(self, node: syntax.Call) -> Any:  # noqa: ANN401 - a FEEL value
        return FUNCTIONS[node.function].run(self._steps, *(self.value(one) for one in node.arguments))

    _WAYS: ClassVar[Mapping[type, Callable[[Evaluation, Any], Any]]] = {
        syntax.Value: _literal,
        syntax.Input: _input,
        syntax.Name: _name,
        syntax.Path: _path,
        syntax.ListOf: _list,
        syntax.Range: _range,
        syntax.Fits: _fits,
        syntax.Compare: _compare,
        syntax.Between: _between,
        syntax.In: _within,
        syntax.Logic: _logic,
        syntax.Not: _contrary,
        syntax.Negative: _negative,
        syntax.Arithmetic: _arithmetic,
        syntax.If: _either,
        syntax.Call: _call,
    }
