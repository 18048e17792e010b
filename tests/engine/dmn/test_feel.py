"""What a cell says, and what it may not say."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from engine.dmn.evaluate import Evaluation
from engine.dmn.parser import Reader
from engine.dmn.steps import DecisionFailed, Steps
from engine.dmn.tokens import NotFeel
from engine.dmn.values import feel, plain
from tests.costs import cost

READER = Reader(["Jumlah hari", "Data pemohon", "Status kawin"])


def passes(cell: str, given: object, **names: Any) -> bool | None:
    return Evaluation(names, Steps()).passes(READER.tests(cell), feel(given))


def value(expression: str, **names: Any) -> object:
    steps = Steps()
    return plain(Evaluation(names, steps).value(READER.expression(expression)), steps)


@pytest.mark.parametrize(
    ("cell", "given", "answer"),
    [
        ("-", None, True),
        ("", 3, True),
        ('"a"', "a", True),
        ('"a"', "b", False),
        ('"a", "b"', "b", True),
        ('"say \\"a\\""', 'say "a"', True),
        ('"\\u0041"', "A", True),
        ("3", 3, True),
        ("3", 3.0, True),
        ("3", "3", None),
        ("-3", -3, True),
        (".5", 0.5, True),
        ("true", True, True),
        ("false", True, False),
        ("true", 1, None),
        ("null", None, True),
        ("not(null)", None, False),
        ("not(null)", 1, True),
        ("< 5", 4, True),
        ("<= 5", 5, True),
        ("> 5", 5, False),
        (">= 5", None, None),
        ("!= 5", 4, True),
        ("= 5", 5, True),
        ("> 5, < 0", -1, True),
        ("[1..5]", 1, True),
        ("(1..5)", 1, False),
        ("]1..5[", 5, False),
        ("[1..5)", 5, False),
        ("[1..5], 9", 9, True),
        ('["a".."c"]', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ("not([1..5], > 9)", 7, True),
        ("not((1..5))", 5, True),
        ("not(1..5)", 5, True),
        ("not(> 3)", None, None),
        ('not(contains(?, "x"))', "abc", True),
        ("? > 2 and ? < 4", 3, True),
        ("? in (1, > 6)", 7, True),
        ("? in (1..6]", 6, True),
        ("? between 2 and 4", 4, True),
        ('starts with(?, "In")', "Indikator", True),
        ('ends with(?, "x")', 3, None),
        ("string length(?) = 3", "abc", True),
        ("modulo(?, 2) = 0", 4, True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ("> limit * 2", 15, True),
        ("step.amount", 12, True),
        ("[limit..step.amount]", 9, True),
        ("kinds", "b", True),
        ("? in kinds", "c", False),
        ("list contains(kinds, ?)", "a", True),
        ("Jumlah hari", 4, True),
        ("<= Data pemohon.Status kawin", 2, True),
        ('date("2026-01-31")', "2026-01-31", True),
        ('< date("2026-01-31")', "2026-01-30", True),
        ('[date("2026-01-01")..date("2026-12-31")]', "2026-11-23", True),
        ('@"2026-01-31"', "2026-01-31", True),
        ("> date(day)", "2026-01-30", True),
        ('>= date and time("2026-01-01T08:00:00+07:00")', "2026-01-01T01:00:00+00:00", True),
        ('> date and time("2026-01-01T08:00:00+07:00")', "2026-01-02T08:00:00", None),
        ('> date("2026-01-01")', "soon", None),
    ],
)  # fmt: skip
def test_a_cell_tests_its_input(cell: str, given: object, answer: bool | None) -> None:
    names = {
        "limit": 7,
        "step": {"amount": 12},
        "kinds": ["a", "b"],
        "Jumlah_hari": 4,
        "Data pemohon": {"Status kawin": 3},
        "day": "2026-01-01",
    }
    assert passes(cell, given, **names) is answer


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("", None),
        ("0.1 + 0.2", 0.3),
        ("2 * 3 - 4 / 2 - 1", 3),
        ("2 ** 3 ** 2", 64),
        ("-(2 + 3)", -5),
        ("1 / 0", None),
        ("1234567890123456789012345678901234 = -(-1234567890123456789012345678901234)", True),
        ("abs(-1234567890123456789012345678901234) > 1234567890123456789012345678901233", True),
        ("9 ** 999999999", None),
        ("1 + null", None),
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("null = null", True),
        ("[1, [2]] = [1, [2]]", True),
        ("true and null", None),
        ("false and null", False),
        ("null or true", True),
        ("not(true)", False),
        ('if n > 3 then "much" else if n > 1 then "some" else "none"', "some"),
        ("if null then 1 else 2", 2),
        ('[1, n, "x"]', [1, 2, "x"]),
        ("[]", []),
        ("rows.price", [5, None]),
        ("sum(rows.price)", None),
        ("sum(1, 2, n)", 5),
        ("mean([1, 2])", 1.5),
        ("min(n, 1)", 1),
        ("max([3, n])", 3),
        ("max([])", None),
        ('min(1, "a")', None),
        ("count(rows)", 2),
        ("decimal(2.345, 2)", 2.34),
        ("floor(-1.5)", -2),
        ("ceiling(1.2)", 2),
        ("abs(-3)", 3),
        ("modulo(-5, 3)", 1),
        ('upper case("ab") + lower case("CD")', "ABcd"),
        ('substring("indikator", 3)', "dikator"),
        ('substring("indikator", -2, 1)', "o"),
        ('substring("indikator", 0)', None),
        ("string(1.50)", "1.5"),
        ("string(true)", "true"),
        ('number("1500") + 1', 1501),
        ('number("1,5")', None),
        ('date("2026-11-23")', "2026-11-23"),
        ('date("2026-11-23").month', 11),
        ('date and time("2026-11-23T09:30:00").minute', 30),
        ('date(date and time("2026-11-23T09:30:00"))', "2026-11-23"),
        ("case.year", None),
        ("nothing", None),
        ("rows", [{"price": 5}, {}]),
    ],
)  # fmt: skip
def test_an_expression_gives_a_value(expression: str, result: object) -> None:
    assert value(expression, n=2, rows=[{"price": 5}, {}]) == result


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('"open', 'character 1: " is not understood here'),
        ("5 5", "character 3: 5 is not understood here"),
        ("1 +", "something is missing at its end"),
        ("a[1]", "character 2: [ is not understood here"),
        ("{a: 1}", "character 1: { is not understood here"),
        ("x = 1; y", "character 6: ; is not understood here"),
        ("f(1)", "the function f is not supported"),
        ("now() > 1", "the function now is not supported"),
        ('matches(?, "(a+)+$")', "the function matches is not supported"),
        ('__import__("os")', "the function __import__ is not supported"),
        ("for x in xs return x", "for is not supported"),
        ("some x in xs satisfies x", "some is not supported"),
        ("True", "True is written true in FEEL"),
        ("None", "None is written null in FEEL"),
        ("x == 1", "character 4: = is not understood here"),
        ("lambda: 1", "character 7: : is not understood here"),
        ('date("2026-02-30")', "2026-02-30 is no date"),
        ("date(5)", "5 is no date"),
        ('@"soon"', "soon is no date"),
        ('substring("a")', "the function substring does not take 1 values"),
        ("not(1, 2) = 3", "the function not does not take 2 values"),
        ("1" * 35, "a number has more than 34 digits"),
        ("(" * 21 + "1" + ")" * 21, "it is nested deeper than 20"),
        ("[" * 500 + "]" * 500, "it is nested deeper than 20"),
        ("-" * 1000 + "1", "it is nested deeper than 20"),
        ("not(" * 300 + "1" + ")" * 300, "it is nested deeper than 20"),
        ("if 1 then 1 else " * 100 + "1", "it is nested deeper than 20"),
        ("[1..5", "something is missing at its end"),
        ("and", "character 1: and is not understood here"),
        ("a.1", "character 2: .1 is not understood here"),
        ("1,,2", "character 3: , is not understood here"),
        ("x" * 2_001, "it is longer than 2000 bytes"),
        ("é" * 1_001, "it is longer than 2000 bytes"),
    ],
    ids=lambda value: value[:24],
)  # fmt: skip
def test_what_is_not_known_is_refused_with_a_reason(cell: str, reason: str) -> None:
    with pytest.raises(NotFeel) as refused:
        READER.tests(cell)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    "cell",
    ["(" * 1_999, "[" * 1_999, "((1..2)," * 200, "-" * 1_999, "1+" * 999 + "1", "a." * 999 + "a",
     "1 or " * 399 + "1", '"' + "\\" * 1_990, "not(" * 499, "if " * 600, "?" * 1_999, "@" * 1_999,
     "[1.." * 400, "in (" * 400, "a in (" * 300, "Jumlah hari " * 150, "9 ** " * 390 + "9", "1.." * 600],
    ids=lambda cell: cell[:8],
)  # fmt: skip
def test_no_cell_takes_long_to_read_or_to_evaluate(cell: str) -> None:
    def tried() -> None:
        with contextlib.suppress(NotFeel, DecisionFailed):
            passes(cell, 1, a=1)

    assert cost(tried)[0] < 0.5


def test_a_text_that_grows_is_stopped() -> None:
    with pytest.raises(DecisionFailed, match="longer than 100000 characters"):
        value("+".join(["a"] * 300), a="x" * 90_000)


def test_steps_are_counted() -> None:
    steps = Steps(50)
    with pytest.raises(DecisionFailed, match="more steps"):
        Evaluation({}, steps).value(READER.expression("+".join(["1"] * 60)))


def test_a_number_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(DecisionFailed, match="too large"):
        value("10 ** 30")
