"""Decision tables as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from engine.model.decision import Aggregation, Decision, HitPolicy, InputColumn, OutputColumn
from engine.queries.library_decisions import DecisionsPage

MOST_RULES = 300  # of a table on a page; all are in its file


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """A column: what it is called, the expression or name it stands for, the values it may have."""

    heading: str
    source: str
    allowed: str
    gives: bool  # an output


@dataclass(frozen=True, kw_only=True)
class RuleView:
    """A rule. ``number`` is empty for what is given where no rule applies."""

    number: str
    cells: tuple[tuple[ColumnView, str], ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """A decision in words."""

    id: str
    name: str
    file: str
    used_by: tuple[str, ...]
    requires: tuple[tuple[str, str], ...]  # id and name
    expression: str  # where it is no table
    policy: str
    columns: tuple[ColumnView, ...]
    rules: tuple[RuleView, ...]
    count: int  # of all its rules
    has_notes: bool


def views(page: DecisionsPage) -> tuple[DecisionView, ...]:
    """Put the decisions of a page in words; those that tasks take stand first."""
    names = {one.id: one.name for one in page.decisions}
    ordered = sorted(page.decisions, key=lambda one: not page.used_by.get(one.id))
    return tuple(_view(one, page.used_by.get(one.id, ()), names) for one in ordered)


def _view(decision: Decision, used_by: tuple[str, ...], names: dict[str, str]) -> DecisionView:
    table = decision.table
    columns: tuple[ColumnView, ...] = ()
    rules: list[RuleView] = []
    if table is not None:
        columns = (*map(_input, table.inputs), *map(_output, table.outputs))
        rules = [
            _rule(str(number), columns, (*map(_condition, rule.conditions), *rule.results), rule.note)
            for number, rule in enumerate(table.rules[:MOST_RULES], 1)
        ]
        if any(column.default for column in table.outputs):
            defaults = [column.default for column in table.outputs]
            cells = ["–"] * len(table.inputs) + defaults
            rules.append(_rule("", columns, cells, gettext("where no rule applies")))
    return DecisionView(
        id=decision.id,
        name=decision.name,
        file=decision.file,
        used_by=used_by,
        requires=tuple((one, names[one]) for one in decision.requires if one in names),
        expression=decision.expression,
        policy=policy_words(table.hit_policy, table.aggregation) if table is not None else "",
        columns=columns,
        rules=tuple(rules),
        count=len(table.rules) if table is not None else 0,
        has_notes=any(rule.note for rule in rules),
    )


def _input(column: InputColumn) -> ColumnView:
    heading = column.label or column.expression
    source = column.expression if column.expression != heading else ""
    return ColumnView(heading=heading, source=source, allowed=column.allowed, gives=False)


def _output(column: OutputColumn) -> ColumnView:
    heading = column.label or column.name or gettext("Result")
    source = column.name if column.name != heading else ""
    return ColumnView(heading=heading, source=source, allowed=column.allowed, gives=True)


def _condition(text: str) -> str:
    return gettext("any") if text.strip() in ("", "-") else text


def _rule(number: str, columns: Sequence[ColumnView], cells: Sequence[str], note: str) -> RuleView:
    return RuleView(number=number, cells=tuple(zip(columns, cells, strict=True)), note=note)


def policy_words(policy: HitPolicy, aggregation: Aggregation | None) -> str:
    """Say what becomes of the rules that apply."""
    if aggregation is not None:
        return {
            Aggregation.SUM: gettext("The results of all rules that apply are added up."),
            Aggregation.MIN: gettext("The smallest result of all rules that apply counts."),
            Aggregation.MAX: gettext("The largest result of all rules that apply counts."),
            Aggregation.COUNT: gettext("The rules that apply are counted."),
        }[aggregation]
    return {
        HitPolicy.UNIQUE: gettext("Only one rule may apply."),
        HitPolicy.FIRST: gettext("The first rule that applies counts."),
        HitPolicy.ANY: gettext("Several rules may apply if all give the same result."),
        HitPolicy.PRIORITY: gettext("Of the rules that apply, the result of the highest priority counts."),
        HitPolicy.COLLECT: gettext("All rules that apply count."),
        HitPolicy.RULE_ORDER: gettext("All rules that apply count, in their order."),
        HitPolicy.OUTPUT_ORDER: gettext("All rules that apply count, in the order of their results."),
    }[policy]
