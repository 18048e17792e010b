"""Whatever a cell says: it is refused with a sentence, or it gives a value that can be kept."""

from __future__ import annotations

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn.evaluate import Evaluation
from engine.dmn.functions import FUNCTIONS
from engine.dmn.parser import Reader
from engine.dmn.steps import DecisionFailed, Steps
from engine.dmn.tokens import NotFeel
from engine.dmn.values import feel, plain

LEAVES = st.sampled_from(
    ["x", "xs", "d", "Jumlah hari", "nothing", "?", "null", "true", "1", "0.1", "-7", "99999999999", '"a"',
     '""', '"2026-11-23"', 'date("2026-11-23")', '@"2026-11-23T09:00:00"', "[1..x]", "]d..x[", "[]", "xs.a"]
)  # fmt: skip
SIGNS = st.sampled_from(
    ["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in", ",", "between 1 and"]
)


def _larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(part, SIGNS, part).map(" ".join)
    calls = st.tuples(st.sampled_from([*FUNCTIONS, "not"]), st.lists(part, min_size=1, max_size=3))
    ifs = st.tuples(part, part, part)
    return (
        pairs
        | pairs.map("({})".format)
        | part.map("[{}]".format)
        | part.map("-({})".format)
        | calls.map(lambda one: f"{one[0]}({', '.join(one[1])})")
        | ifs.map(lambda one: f"if {one[0]} then {one[1]} else {one[2]}")
    )


CELLS = st.recursive(LEAVES, _larger, max_leaves=12) | st.text(max_size=60)
KEPT = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
VALUES = st.recursive(KEPT, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=3), one))
READER = Reader(["Jumlah hari"])


@settings(max_examples=400, deadline=None)
@given(cell=CELLS, value=VALUES)
def test_a_cell_is_refused_or_tests_its_input(cell: str, value: object) -> None:
    with contextlib.suppress(NotFeel, DecisionFailed):
        tests = READER.tests(cell)
        evaluation = Evaluation({"x": value, "xs": [value, 1], "d": "2026-01-01"}, Steps(20_000))
        assert evaluation.passes(tests, feel(value)) in (True, False, None)


@settings(max_examples=400, deadline=None)
@given(cell=CELLS, value=VALUES)
def test_an_expression_is_refused_or_gives_json(cell: str, value: object) -> None:
    with contextlib.suppress(NotFeel, DecisionFailed):
        steps = Steps(20_000)
        node = READER.expression(cell)
        result = plain(
            feel(Evaluation({"x": value, "xs": [value, 1], "d": "2026-01-01"}, steps).value(node)), steps
        )
        json.dumps(result, allow_nan=False)
