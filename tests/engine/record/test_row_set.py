"""Numbers of rows, a bit each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.record.row_set import RowSet

NUMBERS = st.integers(min_value=0, max_value=200_000) | st.integers(min_value=0, max_value=1 << 62)


@given(st.sets(NUMBERS, max_size=40), st.lists(NUMBERS, max_size=20))
def test_it_has_what_was_put_in_and_nothing_else(rows: set[int], others: list[int]) -> None:
    found = RowSet()
    for row in rows:
        found.add(row)
    for row in [*rows, *others, *(row + 1 for row in rows)]:
        assert (row in found) == (row in rows)
