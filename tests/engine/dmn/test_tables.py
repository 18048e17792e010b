"""What a table gives by its hit policy, and how decisions build on each other."""

from __future__ import annotations

import pytest

from engine.dmn.deciding import Decisions
from engine.dmn.steps import DecisionFailed
from tests.engine.dmn.drawn import decide, decision, read, table

OVERLAPPING = (("> 1", '"b"'), ("> 2", '"a"'), ("> 3", '"b"'))
RANKED = '"a","b"'


@pytest.mark.parametrize(
    ("about", "x", "value", "rules"),
    [
        ('hitPolicy="UNIQUE"', 2, "b", (1,)),
        ('hitPolicy="FIRST"', 9, "b", (1,)),
        ('hitPolicy="PRIORITY"', 9, "a", (2,)),
        ('hitPolicy="COLLECT"', 9, ["b", "a", "b"], (1, 2, 3)),
        ('hitPolicy="RULE ORDER"', 9, ["b", "a", "b"], (1, 2, 3)),
        ('hitPolicy="OUTPUT ORDER"', 9, ["a", "b", "b"], (2, 1, 3)),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 9, 3, (1, 2, 3)),
        ('hitPolicy="COLLECT" aggregation="MIN"', 9, "a", (1, 2, 3)),
        ('hitPolicy="COLLECT" aggregation="MAX"', 9, "b", (1, 2, 3)),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 0, 0, ()),
        ('hitPolicy="COLLECT"', 0, None, ()),
        ("", 0, None, ()),
    ],
)
@pytest.mark.proves("tasks", "business rule, by DMN 1.1 to 1.5")
def test_a_hit_policy_decides_what_counts(about: str, x: int, value: object, rules: tuple[int, ...]) -> None:
    answer = decide(table(*OVERLAPPING, about=about, allowed=RANKED), x=x)
    assert answer.value == value
    assert [taken.rules for taken in answer.taken] == [rules]


def test_where_no_rule_applies_the_default_is_given() -> None:
    assert decide(table(("> 1", "2"), default="7 * x"), x=1).value == 7


def test_several_outputs_make_a_value_with_their_names() -> None:
    rows = (("> 1", "10", '"much"'), ("<= 1", "1", '"little"'))
    assert decide(table(*rows, outputs=("fee", "word")), x=5).value == {"fee": 10, "word": "much"}
    collected = table(*rows, outputs=("fee", "word"), about='hitPolicy="COLLECT"')
    assert decide(collected, x=0).value == [{"fee": 1, "word": "little"}]


def test_any_takes_several_rules_that_agree() -> None:
    drawn = table(("> 1", "1 + 1"), ("> 2", "2"), ("> 3", "3"), about='hitPolicy="ANY"')
    answer = decide(drawn, x=3)
    assert (answer.value, answer.taken[0].rules) == (2, (1, 2))
    with pytest.raises(DecisionFailed) as failed:
        decide(drawn, x=4)
    assert str(failed.value) == (
        "the decision D: the rules 1, 3 apply at once with different results (hit policy ANY)"
    )


def test_unique_fails_where_two_rules_apply() -> None:
    with pytest.raises(DecisionFailed) as failed:
        decide(table(*OVERLAPPING), x=3)
    assert str(failed.value) == (
        "the decision D: the rules 1, 2 apply at once, where only one may (hit policy UNIQUE)"
    )


def test_the_first_rule_ends_the_search() -> None:
    drawn = table(("-", "1"), ("-", "10 ** 100"), about='hitPolicy="FIRST"')
    assert decide(drawn, x=0).value == 1


def test_sums_are_made_in_decimals() -> None:
    drawn = table(("-", "0.1"), ("-", "0.2"), ("> 9", "5"), about='hitPolicy="COLLECT" aggregation="SUM"')
    assert decide(drawn, x=0).value == 0.3


def test_what_cannot_be_summed_fails() -> None:
    drawn = table(("-", "1"), ("-", '"a"'), about='hitPolicy="COLLECT" aggregation="SUM"')
    with pytest.raises(DecisionFailed, match="the decision D: SUM cannot be made of a"):
        decide(drawn, x=0)


def test_priority_goes_through_the_outputs_in_their_order() -> None:
    rows = (("-", '"b"', '"a"'), ("-", '"b"', '"b"'), ("-", '"a"', '"b"'))
    drawn = table(*rows, outputs=("p", "q"), allowed=RANKED, about='hitPolicy="OUTPUT ORDER"')
    assert decide(drawn, x=0).taken[0].rules == (3, 1, 2)


def test_a_result_that_is_not_allowed_fails() -> None:
    with pytest.raises(DecisionFailed) as failed:
        decide(table(("-", "x"), allowed="1, 2"), x=3)
    assert str(failed.value) == "the decision D: rule 1 gives 3, which the column ? does not allow"


def test_a_variable_that_is_missing_is_null() -> None:
    assert decide(table(("null", "1"), ("not(null)", "2")), y=1).value == 1


def test_a_table_without_inputs_always_applies() -> None:
    assert decide(table(("7",), inputs=())).value == 7


def test_decisions_that_are_required_are_taken_first_and_once() -> None:
    found = read(
        decision(table(("> 10", '"high"'), ("<= 10", '"low"'), inputs=("sum",)), "level", "sum", "twice"),
        decision("<literalExpression><text>sum * 2</text></literalExpression>", "twice", "sum"),
        decision("<literalExpression><text>a + b</text></literalExpression>", "sum"),
    )
    answer = Decisions(found.decisions).decide("level", {"a": 4, "b": 7, "sum": 0})
    assert answer.value == "high"
    assert [(taken.decision, taken.rules) for taken in answer.taken] == [
        ("sum", None),
        ("twice", None),
        ("level", (1,)),
    ]


def test_a_result_is_known_by_its_output_its_name_and_its_id() -> None:
    drawn = decision(table(("-", "5"), outputs=("fee",)), "fee_table", name="Fee of a day")
    for used in ("fee", "fee_table", "Fee of a day"):
        other = decision(f"<literalExpression><text>{used} + 1</text></literalExpression>", "d", "fee_table")
        assert Decisions(read(drawn, other).decisions).decide("d", {}).value == 6


def test_a_value_nested_too_deeply_is_a_sentence() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(DecisionFailed, match="nested too deeply"):
        decide(table(("-", "x")), x=deep)


def test_a_table_that_takes_too_long_is_stopped() -> None:
    rows = [(f"count(xs) = {n} or contains(text, ?)", "1") for n in range(1_500)]
    with pytest.raises(DecisionFailed, match="more steps"):
        decide(table(*rows), x="y", xs=[0] * 1_000, text="x" * 50_000)
