"""Patterns of texts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.patterns import BadPattern, read_pattern
from tests.costs import cost


@given(
    st.sampled_from(
        [
            "^a+b?$",
            "a|bc",
            "^(ab|a)*c$",
            "^[a-c]{2,3}$",
            "^[^a]b*",
            "b$",
            "^a{2}(b|c)?",
            "(a|b){1,2}c",
            r"^\w+\.a$",
            "a.c",
        ]
    ),
    st.text("abc.x", max_size=8),
)
def test_a_pattern_means_what_it_means_elsewhere(pattern: str, text: str) -> None:
    assert read_pattern(pattern).matches(text) is bool(re.search(pattern, text))


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a)",
        "[a",
        "*",
        "a**",
        "(?=a)",
        "(?P<n>a)",
        r"(a)\1",
        r"\p{L}",
        "^a|b$",
        "a{3,1}",
        "a{0}",
        "((((((((((a))))))))))",
    ],
)
def test_what_lies_outside_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        read_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a{99}){99}", "a{999}", "x" * 400])
def test_large_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        read_pattern(pattern)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*a){12}$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    compiled = read_pattern(pattern)
    seconds, fits = cost(lambda: compiled.matches("a" * 900 + "b!"))
    assert not fits
    assert seconds < 1
