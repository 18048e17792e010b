"""How random trees of blocks grow."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.engine.properties.blocks import AROUND, MAKERS, ONE
from tests.engine.properties.drawing import Block

NUMBERS = st.integers(0, 2**16)
_ENDS = sorted(ONE) + ["fragile"] * 3  # what can fail is worth more
_ANY = sorted(MAKERS) + ["fragile"] * 3


@st.composite
def blocks(draw: st.DrawFn, depth: int = 4) -> Block:
    """Nest blocks so deep at most; ``st.recursive`` throws most of such trees away."""

    def nested(left: int) -> Block:
        kind = draw(st.sampled_from(_ANY if left else _ENDS))
        many = draw(st.integers(2, 3)) if kind in AROUND else 0
        return Block(kind, draw(NUMBERS), tuple(nested(left - 1) for _ in range(many)))

    # Several after each other: most single blocks end with the first act, and nothing can be gone back to.
    return Block("sequence", draw(NUMBERS), tuple(nested(draw(st.integers(1, depth))) for _ in range(3)))
