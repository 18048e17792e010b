"""Random diagrams of everything supported, random data, random acts: stopping never makes a difference.

What failed once is tried first (``keeping``). ``ALUR_TEST_DIAGRAMS`` says how many more are made;
``make faults`` makes thousands.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.expressions.sandbox import Sandbox
from tests.engine.properties.blocks import AROUND, MAKERS
from tests.engine.properties.drawing import Block
from tests.engine.properties.drawing import draw as drawn
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.keeping import found, keeping
from tests.engine.properties.playing import Play

MANY = int(os.environ.get("ALUR_TEST_DIAGRAMS", "120"))
FOUND = found("diagram")


def play(sandbox: Sandbox, block: Block, acts: list[int]) -> None:
    Play(drawn(block, MAKERS), sandbox).finish(acts)


@pytest.mark.parametrize("why", FOUND)
def test_what_was_found_once_stays_right(sandbox: Sandbox, why: str) -> None:
    play(sandbox, *FOUND[why])


def test_a_case_that_is_stopped_after_every_step_goes_the_same_way(sandbox: Sandbox) -> None:
    with keeping("diagram") as keeper:

        @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
        @given(block=blocks(), acts=st.lists(NUMBERS, min_size=12, max_size=25))
        def whatever_happens(block: Block, acts: list[int]) -> None:
            with keeper.trying(block, acts):
                play(sandbox, block, acts)

        whatever_happens()


@pytest.mark.parametrize("kind", AROUND)
def test_each_kind_of_block_can_be_drawn_and_ends(sandbox: Sandbox, kind: str) -> None:
    for number in range(0, 48, 11):
        inside = (Block("user", number), Block("script", number), Block("pause", number))
        play(sandbox, Block(kind, number, inside), [number])
