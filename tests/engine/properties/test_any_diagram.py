"""Random diagrams of everything supported, random data, random acts: stopping never makes a difference.

What failed once is kept in ``found.json`` and tried each time. ``ALUR_TEST_DIAGRAMS`` says how many more
are made; ``make faults`` makes thousands.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from engine.expressions.sandbox import Sandbox
from tests.engine.properties.blocks import AROUND, MAKERS
from tests.engine.properties.drawing import Block
from tests.engine.properties.drawing import draw as drawn
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.playing import Play

MANY = int(os.environ.get("ALUR_TEST_DIAGRAMS", "120"))
FOUND: dict[str, Any] = json.loads((Path(__file__).parent / "found.json").read_text())


def play(sandbox: Sandbox, block: Block, acts: list[int]) -> None:
    Play(drawn(block, MAKERS), sandbox).finish(acts)


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(block=blocks(), acts=st.lists(NUMBERS, min_size=12, max_size=25))
def test_a_case_that_is_stopped_after_every_step_goes_the_same_way(
    sandbox: Sandbox, block: Block, acts: list[int]
) -> None:
    note("for found.json: " + json.dumps({"block": block.plain(), "acts": acts}))
    play(sandbox, block, acts)


@pytest.mark.parametrize("why", FOUND)
def test_what_was_found_once_stays_right(sandbox: Sandbox, why: str) -> None:
    play(sandbox, Block.read(FOUND[why]["block"]), FOUND[why]["acts"])


@pytest.mark.parametrize("kind", AROUND)
def test_each_kind_of_block_can_be_drawn_and_ends(sandbox: Sandbox, kind: str) -> None:
    for number in range(0, 48, 11):
        inside = (Block("user", number), Block("script", number), Block("pause", number))
        play(sandbox, Block(kind, number, inside), [number])
