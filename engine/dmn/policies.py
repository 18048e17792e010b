"""What a table's hit policy makes of the rules that apply (DMN 1.5, 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.dmn.steps import DecisionFailed
from engine.dmn.tables import Hit, TableRun
from engine.dmn.values import CONTEXT, finite, ordered, same
from engine.errors import say
from engine.model.decision import Aggregation, HitPolicy

_Result = tuple[Any, tuple[int, ...]]  # a FEEL value, and the rules it comes from


def result_of(run: TableRun, hits: list[Hit]) -> _Result:
    """Give the result of a table, and the numbers of the rules it comes from."""
    return _POLICIES[run.table.hit_policy](run, hits) if hits else (run.nothing(), ())


def _unique(run: TableRun, hits: list[Hit]) -> _Result:
    """Give the only one."""
    if len(hits) > 1:
        raise run.failed(
            say(
                "the rules %(rules)s apply at once, where only one may (hit policy UNIQUE)",
                rules=_numbers(hits),
            )
        )
    return _first(run, hits)


def _first(run: TableRun, hits: list[Hit]) -> _Result:
    """Give the first one."""
    return run.shaped(hits[0].results), (hits[0].rule,)


def _agreed(run: TableRun, hits: list[Hit]) -> _Result:
    """Give the result that all have."""
    for hit in hits[1:]:
        if same(hit.results, hits[0].results, run.steps) is not True:
            raise run.failed(
                say(
                    "the rules %(rules)s apply at once with different results (hit policy ANY)",
                    rules=_numbers([hits[0], hit]),
                )
            )
    return run.shaped(hits[0].results), tuple(hit.rule for hit in hits)


def _priority(run: TableRun, hits: list[Hit]) -> _Result:
    """Give the one whose result stands first among the allowed values."""
    return _first(run, _in_order(run, hits))


def _every(run: TableRun, hits: list[Hit]) -> _Result:
    """Give all, in the order of the rules."""
    return [run.shaped(hit.results) for hit in hits], tuple(hit.rule for hit in hits)


def _output_order(run: TableRun, hits: list[Hit]) -> _Result:
    """Give all, in the order of the allowed values."""
    return _every(run, _in_order(run, hits))


def _collect(run: TableRun, hits: list[Hit]) -> _Result:
    """Give all, or what the aggregation makes of them."""
    how = run.table.aggregation
    if how is None:
        return _every(run, hits)
    rules = tuple(hit.rule for hit in hits)
    if how is Aggregation.COUNT:
        return Decimal(len(hits)), rules
    values = [hit.results[0] for hit in hits]
    return (_sum(run, values) if how is Aggregation.SUM else _extreme(run, values, how)), rules


def _sum(run: TableRun, values: list[Any]) -> Decimal | None:
    total = Decimal(0)
    for value in values:
        if not isinstance(value, Decimal):
            raise _no_aggregate(run, value)
        total = CONTEXT.add(total, value)
    return finite(total)


def _extreme(run: TableRun, values: list[Any], how: Aggregation) -> Any:  # noqa: ANN401 - a FEEL value
    best = values[0]
    for value in values:
        order = ordered(value, best, run.steps)
        if order is None:
            raise _no_aggregate(run, value)
        if order == (-1 if how is Aggregation.MIN else 1):
            best = value
    return best


def _no_aggregate(run: TableRun, value: Any) -> DecisionFailed:  # noqa: ANN401 - a FEEL value
    return run.failed(
        say(
            "%(how)s cannot be made of %(value)s",
            how=str(run.table.aggregation),
            value=run.shown(value),
        )
    )


def _in_order(run: TableRun, hits: list[Hit]) -> list[Hit]:
    """Sort by the places of the results among the allowed values, output by output."""
    ranks = [
        None if node is None else [run.run.value(item) for item in node.items] for node in run.cells.ranks
    ]

    def place(hit: Hit) -> list[int]:
        return [
            _rank(run, value, rank)
            for value, rank in zip(hit.results, ranks, strict=True)
            if rank is not None
        ]

    return sorted(hits, key=place)


def _rank(run: TableRun, value: Any, rank: list[Any]) -> int:  # noqa: ANN401 - a FEEL value
    for number, allowed in enumerate(rank):
        if same(value, allowed, run.steps) is True:
            return number
    return len(rank)


_POLICIES: Mapping[HitPolicy, Callable[[TableRun, list[Hit]], _Result]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.FIRST: _first,
    HitPolicy.ANY: _agreed,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.COLLECT: _collect,
    HitPolicy.RULE_ORDER: _every,
    HitPolicy.OUTPUT_ORDER: _output_order,
}


def _numbers(hits: list[Hit]) -> str:
    shown = ", ".join(str(hit.rule) for hit in hits[:10])
    return f"{shown}, …" if len(hits) > 10 else shown  # noqa: PLR2004 - enough to find them
