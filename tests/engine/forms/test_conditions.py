"""When a field is hidden."""

from __future__ import annotations

from typing import Any

import pytest

from engine.forms.conditions import BadCondition
from engine.forms.feel import read_condition


@pytest.mark.parametrize(
    ("text", "values", "hidden"),
    [
        ('=a = "Ya"', {"a": "Ya"}, True),
        ('= a = "Ya"', {"a": "Tidak"}, False),
        ('a != "Ya"', {"a": None}, True),
        ("=a = null", {"a": ""}, True),
        ("=a = null", {}, True),
        ("=a", {"a": True}, True),
        ("=not(a)", {"a": True}, False),
        ("=not(a)", {"a": False}, True),
        ("=a > 3", {"a": 4}, True),
        ("=3 < a", {"a": 4}, True),
        ("=a > 3", {"a": None}, False),
        ("=not(a > 3)", {"a": None}, False),
        ("=a > 3", {"a": "4"}, False),
        ("=a = 1", {"a": True}, False),
        ('=a = "x" and b = "y"', {"a": "x", "b": "y"}, True),
        ('=a = "x" or b = "y"', {"a": "", "b": "y"}, True),
        ('=a = "x" or b > 1 and c', {"a": "", "b": 2, "c": True}, True),
        ('=(a = "x" or b > 1) and c', {"a": "x", "b": 0, "c": False}, False),
        ('=a in ("x", "y")', {"a": "y"}, True),
        ('=a = "say \\"yes\\""', {"a": 'say "yes"'}, True),
        ('=tanggal >= "2026-11-24"', {"tanggal": "2026-12-01"}, True),
    ],
)
def test_a_condition_hides(text: str, values: dict[str, Any], hidden: bool) -> None:
    assert read_condition(text).hides(values) is hidden


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "=a.b = 1",
        "=f(a)",
        "=a + 1 = 2",
        "=1 = 1",
        "=a = b",
        "=a = 'x'",
        "=a = ",
        "=(a",
        "=a)",
        "=not a",
        "=if a then b else c",
        "=__import__('os')",
        "=" + "(" * 40 + "a" + ")" * 40,
        "=" + " or ".join(["a"] * 200),
        "=" + " or ".join(f"(a{n} and b{n})" for n in range(8)),
    ],
)
def test_anything_else_is_no_condition(text: str) -> None:
    with pytest.raises(BadCondition):
        read_condition(text)


def test_a_condition_says_when_the_field_is_shown() -> None:
    shown = read_condition('=a = "Ya" or not(b > 3)').shown_when
    assert [[(one.name, one.sign, one.value) for one in both] for both in shown] == [
        [("a", "!=", "Ya"), ("b", ">", 3)]
    ]
