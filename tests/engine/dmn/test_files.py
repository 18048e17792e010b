"""DMN files as other programs write them, and such as nobody should write."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.dmn.deciding import Decisions
from engine.dmn.files import ReadDecisions, read_decisions
from engine.dmn.reader import NAMESPACES
from engine.dmn.steps import DecisionFailed
from engine.model.decision import HitPolicy, InputColumn, OutputColumn
from tests.costs import cost
from tests.engine.dmn.drawn import NAMESPACE, decision, file, read, reasons, table

FOLDER = Path(__file__).parent / "files"


def of_tool(name: str) -> ReadDecisions:
    found = read_decisions({f"{name}.dmn": (FOLDER / f"{name}.dmn").read_bytes()})
    assert found.findings == ()
    return found


def decided(tool: str, name: str, **variables: object) -> object:
    answer = Decisions(of_tool(tool).decisions).decide(name, variables)
    return answer.value, [(taken.decision, taken.rules) for taken in answer.taken]


def test_a_file_of_camunda_7_with_decisions_that_require_others() -> None:
    assert decided("camunda-7", "dish-decision", temperature=5, dayType="Weekday") == (
        "Roastbeef",
        [("season", (2,)), ("guestCount", (1,)), ("dish-decision", (3,))],
    )
    value, taken = decided("camunda-7", "dish-decision", temperature=31, dayType="Holiday")  # type: ignore[misc]
    assert (value, taken[0]) == ("Light Salad and nice Steak", ("season", (1,)))
    assert decided("camunda-7", "dish-decision", temperature=20, dayType="Holiday") == (
        None,
        [("season", (3,)), ("guestCount", (2,)), ("dish-decision", ())],
    )


@pytest.mark.parametrize(
    ("permit", "result", "rules"),
    [
        ({"kind": "shop", "area": 10, "asked_on": "2025-12-31"}, {"fee": 1000, "decides": "office"}, (1,)),
        ({"kind": "shop", "area": 10, "asked_on": "2026-01-01"}, {"fee": 11, "decides": "office"}, (2,)),
        ({"kind": "shop", "area": "50", "asked_on": "2026-01-01"}, {"fee": None, "decides": "office"}, (2,)),
        ({"kind": "workshop", "area": 51, "asked_on": "2026-05-01"}, {"fee": 5000, "decides": "head"}, (3,)),
        ({"kind": "shop", "area": 501, "asked_on": "2026-05-01"}, {"fee": 10_000, "decides": "head"}, (3,)),
        ({"kind": "stall", "area": 51, "asked_on": "2026-05-01"}, {"fee": 0, "decides": "office"}, ()),
        ({"kind": "shop", "area": 51}, {"fee": 0, "decides": "office"}, ()),
    ],
)  # fmt: skip
def test_a_file_of_camunda_8(permit: dict[str, object], result: object, rules: tuple[int, ...]) -> None:
    assert decided("camunda-8", "Decision_fee", permit=permit) == (result, [("Decision_fee", rules)])


def test_an_input_outside_its_allowed_values_fails() -> None:
    with pytest.raises(DecisionFailed) as failed:
        decided("camunda-8", "Decision_fee", permit={"kind": "ship"})
    assert str(failed.value) == (
        "the decision Fee: the value ship of the column Kind is none of those allowed"
    )


def test_a_file_of_trisotech_with_names_of_several_words() -> None:
    young = {"Applicant Data": {"Age": 20, "Marital Status": "S"}}
    assert decided("trisotech", "_d1", **young) == ("HIGH", [("_d1", (3,))])
    assert decided("trisotech", "_d2", **young) == (False, [("_d1", (3,)), ("_d2", None)])
    grown = {"Applicant_Data": {"Age": 30, "Marital Status": "S"}}
    assert decided("trisotech", "_d2", **grown) == (True, [("_d1", (2,)), ("_d2", None)])


def test_a_file_of_spiffworkflow() -> None:
    value, taken = decided("spiffworkflow", "product_prices", product_name="product_a", quantity=12)  # type: ignore[misc]
    assert value == [{"price": 15, "note": "each"}, {"price": -2.5, "note": "for many"}]
    assert taken == [("product_prices", (1, 2))]


def test_a_file_of_dmn_1_5() -> None:
    assert decided("dmn-1-5", "points_given", score={"reading": 80, "writing": 70}) == (
        1.3,
        [("points_given", (1, 2, 3))],
    )


def test_a_table_is_read_as_it_was_drawn() -> None:
    fee = of_tool("camunda-8").decisions["Decision_fee"]
    assert (fee.name, fee.file, fee.variable) == ("Fee", "camunda-8.dmn", "fee")
    assert fee.table is not None
    assert fee.table.hit_policy is HitPolicy.FIRST
    assert fee.table.inputs[1] == InputColumn(label="Area", expression="permit.area", type="number")
    assert fee.table.outputs[1] == OutputColumn(
        name="decides", label="Who decides", type="string", allowed='"head","office"', default='"office"'
    )
    assert [rule.note for rule in fee.table.rules] == ["the old tariff", "", ""]


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_of_dmn_is_read(namespace: str) -> None:
    content = file(decision(table(("> 1", "2")))).replace(NAMESPACE.encode(), namespace.encode())
    found = read_decisions({"a.dmn": content})
    assert Decisions(found.decisions).decide("d", {"x": 2}).value == 2


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (table(("> 1", "2"), ("x[1]", "3"), inputs=("y",)),
         "Decision Fee, rule 2, column y: character 2: [ is not understood here"),
        (table(("> 1", "now()"), outputs=("fee",)),
         "Decision Fee, rule 1, column fee: the function now is not supported"),
        (table(("> 1", "2"), inputs=("a..b",)),
         "Decision Fee, column a..b: character 2: .. is not understood here"),
        (table(("> 1", "2"), inputs=("",)), "Decision Fee, column ?: it has no expression"),
        (table(("> 1", "2"), default="1 +"), "Decision Fee, column ?: something is missing at its end"),
        (table(("> 1", "2"), about='hitPolicy="PRIORITY"'),
         "The table Fee: its hit policy needs allowed values for an output, in their order"),
        (table(("> 1", "2"), about='hitPolicy="PRIORITY"', allowed="> 1"),
         "Decision Fee, column ?: its allowed values must be a list of values"),
        (table(("> 1", "2"), about='hitPolicy="MOST"'), "The decision Fee: hitPolicy MOST is not supported"),
        (table(("> 1", "2"), about='hitPolicy="COLLECT" aggregation="MEAN"'),
         "The decision Fee: aggregation MEAN is not supported"),
        (table(("> 1", "2"), about='aggregation="SUM"'),
         "The table Fee: only a table with COLLECT and one output can aggregate"),
        (table(("> 1", "2", "3"), outputs=("a", "a")),
         "The table Fee: each of several outputs needs a name of its own"),
        (table(("> 1",), outputs=()), "The table Fee: it has no output"),
        (table(("> 1",)), "The table Fee: rule 1 has not one cell per column"),
        (table(("> 1", "2")).replace("<inputExpression", '<inputExpression expressionLanguage="javascript"'),
         "The decision Fee: expressions in javascript are not supported"),
        ("<context/>", "The decision Fee: context is not supported"),
        ("", "The decision Fee has neither a table nor an expression"),
        ("<literalExpression><text>a[0]</text></literalExpression>",
         "The expression of the decision Fee cannot be read: character 2: [ is not understood here"),
        (('<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'
         "<literalExpression><text>1</text></literalExpression>"),
         "The decision Fee: business knowledge models are not supported"),
    ],
    ids=lambda value: value[-40:],
)  # fmt: skip
def test_what_is_not_known_is_refused_by_decision_rule_and_column(inside: str, reason: str) -> None:
    found = reasons(decision(inside, name="Fee"))
    assert reason in found
    assert len(set(found)) == len(found)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    found = read(decision(table(("f()", "1"), ("2", "g()"))), decision("", "e"), decision("", "e"))
    assert sorted((one.code, one.element) for one in found.findings) == [
        ("decision-cell", "d"),
        ("decision-cell", "d"),
        ("decision-empty", "e"),
        ("decision-empty", "e"),
        ("decision-twice", "e"),
    ]


def test_what_a_decision_requires_must_be_there_and_lead_to_an_end() -> None:
    one = "<literalExpression><text>1</text></literalExpression>"
    drawn = [
        decision(one, "a", "b"),
        decision(one, "b", "a"),
        decision(one, "c", "a"),
        decision(one, "d", "x"),
    ]
    found = read(*drawn)
    ring = [one.element for one in found.findings if one.code == "decision-ring"]
    assert ring == ["a", "b", "c"]
    assert "The decision D requires x, which is in none of the files" in [
        str(f.sentence) for f in found.findings
    ]
    assert [one.code for one in found.problems("d")] == ["decision-missing"]
    assert {one.element for one in found.problems("c")} == {"a", "b", "c"}


def test_a_decision_may_require_one_of_another_file() -> None:
    other = '<requiredDecision href="https://example.org/b#b"/>'
    first = decision("<literalExpression><text>b + 1</text></literalExpression>", "a", "b")
    files = {
        "a.dmn": file(first.replace('<requiredDecision href="#b"/>', other)),
        "b.dmn": file(decision("<literalExpression><text>4</text></literalExpression>", "b")),
    }
    assert Decisions(read_decisions(files).decisions).decide("a", {}).value == 5


LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f"]><definitions xmlns='{NAMESPACE}'>&j;</definitions>"
)
MANY_RULES = file(decision(f"<decisionTable><output/>{'<rule/>' * 100_000}</decisionTable>"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "encoding"),
        (b"<html><body/></html>", "no-dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "no-dmn"),
        (LAUGHS.encode(), "doctype"),
        (f"<definitions xmlns='{NAMESPACE}'>{'<decision>' * 100_000}".encode(), "too-deep"),
        (file(), "no-decision"),
        (MANY_RULES, "table-too-large"),
        (file(decision(table(("1" * 5_000, "1")))), "decision-cell"),
        (file(decision(table(("x" * 30_000, "1")))), "text-too-long"),
        (file(decision(table(("(" * 1_900, "1")))), "decision-cell"),
        (file(decision(table(["-"] * 80, inputs=["x"] * 79))), "table-too-large"),
        (file(*(decision("<context/>", f"d{n}") for n in range(300))), "too-many-decisions"),
        (file(decision("<decisionTable/>" + "<x/>" * 250_000)), "too-many-nodes"),
        (file() + b" " * 2_000_000, "too-large"),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else value,
)  # fmt: skip
def test_a_hostile_or_absurd_file_is_refused_at_once(content: bytes, code: str) -> None:
    seconds, found = cost(lambda: read_decisions({"a.dmn": content}))
    assert seconds < 2
    assert code in {one.code for one in found.findings}
    assert len(found.findings) <= 60


def test_a_table_of_two_thousand_rules_is_read_and_decides_in_time() -> None:
    rows = [(f"[{n}..{n + 1})", f'"{n}"', "-", "> 1") for n in range(2_000)]
    drawn = decision(table(*[(*row[:1], *row[2:], row[1]) for row in rows], inputs=("x", "y", "z")))
    seconds, answer = cost(lambda: Decisions(read(drawn).decisions).decide("d", {"x": 1_999, "z": 2}))
    assert seconds < 2
    assert (answer.value, answer.taken[0].rules) == ("1999", (2_000,))


def test_a_file_full_of_long_cells_is_read_in_time() -> None:
    cell = " or ".join(["? > 1"] * 60)
    rows = [(f"{cell} or ? = {n}", "1") for n in range(950)]
    seconds, found = cost(lambda: read(decision(table(*rows))))
    assert found.findings == ()
    assert seconds < 2


def test_a_file_full_of_long_cells_cannot_decide_for_ever() -> None:
    rows = [(" + ".join(["?"] * 480) + f" = {n}", "1") for n in range(950)]
    found = read(decision(table(*rows)))
    with pytest.raises(DecisionFailed, match="more steps"):
        Decisions(found.decisions).decide("d", {"x": 0})
