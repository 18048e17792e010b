"""What goes wrong in an expression, in words that an office reads."""

from __future__ import annotations

import pytest

from engine.expressions.sandbox import ExpressionFailed, Sandbox


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x >= 1", "a text and a number cannot be compared"),
        ("n > 1", "nothing and a number cannot be compared"),
        ("x + 1", "+ does not go with a text and a number"),
        ("d + l", "+ does not go with values with names and a list"),
        ('d["a"]', "there is no value named a in it"),
        ("l[5]", "the list or text is shorter than that"),
        ("1 / 0", "it divides by zero"),
        ('n["a"]', "the value that is looked into is empty"),
        ("n.a", "the value that is looked into is empty"),
        ('int("a")', "'a' is no whole number"),
        ("x.foo()", "AttributeError: 'str' object has no attribute 'foo'"),
    ],
)
def test_an_error_is_said_in_plain_words(source: str, said: str) -> None:
    sandbox = Sandbox(workers=1)
    try:
        with pytest.raises(ExpressionFailed) as failed:
            sandbox.evaluate(source, {"x": "t", "n": None, "d": {}, "l": [1]})
        assert str(failed.value.sentence) == f"line 1, column 1: {said}"
    finally:
        sandbox.close()
