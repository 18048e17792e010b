"""In which order the steps of an SOP stand: editor and table have the same examples."""

from __future__ import annotations

import pytest

from engine.model.rows import Onward, flow_order

# What a case begins with, where each step leads (a full stop: it may also end there), and the order.
ORDERS = [
    ("a", "a:b b:c c:.", "abc"),
    ("a", "a:bc b:d c:d d:.", "abcd"),  # a split and its join
    ("a", "a:cb b:d c:d d:.", "acbd"),  # its branches as they are drawn
    ("a", "a:b b:ca c:.", "abc"),  # a way back
    ("a", "a:b b:dc c:a d:.", "abcd"),  # a step on the way back: at once
    # A loop that comes back to before a split: its branches stay before what joins them.
    ("a", "a:bc b:d c:d d:bce e:.", "abcde"),
    ("a", "a:bc b:d c:d d:ebc e:.", "abcde"),
    ("bc", "b:d c:d d:bc.", "bcd"),  # the split is the first thing of the case
    ("a", "a:bc b:d c:d d:f f:bc.", "abcdf"),  # a step on that way back
    ("a", "a:bc b:d c:d d:fg f:h g:h h:fgbc.", "abcdfgh"),  # one split loop after another, in a larger one
    # One that comes back to before a choice that leaves a step out.
    ("a", "a:bc b:c c:bcd d:.", "abcd"),
    ("a", "a:cb b:c c:bcd d:.", "abcd"),
    ("a", "a:a. b:.", "ab"),  # a step that follows on itself
]


def ways_of(written: str) -> dict[str, Onward]:
    """Read the ways of an example."""
    pairs = [one.split(":") for one in written.split()]
    return {step: Onward(to=tuple(to.replace(".", "")), ends="." in to) for step, to in pairs}


@pytest.mark.parametrize(("begins", "ways", "order"), ORDERS)
def test_steps_stand_as_one_reads_the_flow(begins: str, ways: str, order: str) -> None:
    found = ways_of(ways)
    assert "".join(flow_order(found, found, begins)) == order
