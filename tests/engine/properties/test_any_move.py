"""Random diagrams, a case that is moved somewhere on its way: it goes on as the new version says."""

from __future__ import annotations

import os
from contextlib import suppress

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import element
from tests.engine.properties.blocks import MAKERS
from tests.engine.properties.drawing import Block, draw
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.moving import EXTRA, Diverged, FromTheStart, MovedPlay

MANY = int(os.environ.get("ALUR_TEST_DIAGRAMS", "120")) // 2
ACTS = st.lists(NUMBERS, min_size=4, max_size=20)
STEP = Block("abstract", 0)
# Of the event beside a step nothing is waited for any more when the case is moved.
OVER = Block("sequence", 0, (STEP, STEP, Block("accompanied", 0, (STEP, STEP))))


def with_extra(content: bytes) -> bytes:
    """Draw one more step before the end of the process."""
    head, _, last = content.rpartition(b' targetRef="end"')
    assert head
    source = f' targetRef="{EXTRA}"'.encode()
    more = element("userTask", EXTRA, name="Extra") + element(
        "sequenceFlow", f"{EXTRA}_end", sourceRef=EXTRA, targetRef="end"
    )
    process, end, beside = last.partition(b"</bpmn:process>")
    return head + source + process + more.encode() + end + beside


def test_a_version_that_says_the_same_takes_any_case_at_any_time(sandbox: Sandbox) -> None:
    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(block=blocks(), acts=ACTS, when=st.integers(0, 12))
    def whatever_happens(block: Block, acts: list[int], when: int) -> None:
        content = draw(block, MAKERS)
        play = MovedPlay(content, content, sandbox, when)
        play.finish(acts)
        assert play.moves or play.steps <= when

    whatever_happens()


def test_a_case_that_may_move_comes_to_the_step_that_was_added_ahead(sandbox: Sandbox) -> None:
    moved = []

    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(block=blocks(), acts=ACTS, when=st.integers(0, 6))
    def whatever_happens(block: Block, acts: list[int], when: int) -> None:
        content = draw(block, MAKERS)
        play = MovedPlay(content, with_extra(content), sandbox, when)
        play.finish(acts)
        moved.append(play.moves)

    whatever_happens()
    assert sum(moved) > len(moved) // 3, "too few were allowed to move"


def test_a_case_that_moved_is_as_if_it_had_begun_there(sandbox: Sandbox) -> None:
    moved = []

    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(first=blocks(2), old=blocks(2), new=blocks(2), acts=ACTS, when=st.integers(0, 4))
    @example(first=OVER, old=STEP, new=STEP, acts=[0, 1, 1, 1], when=4)
    def whatever_happens(first: Block, old: Block, new: Block, acts: list[int], when: int) -> None:
        before, between = Block("user", 1), Block("user", 2)
        whole = [Block("sequence", 0, (before, first, between, last)) for last in (old, new)]
        with suppress(Diverged):
            play = FromTheStart(*(draw(one, MAKERS) for one in whole), sandbox, when)
            try:
                play.finish(acts)
            finally:
                moved.append(play.moved)

    whatever_happens()
    assert any(moved), "none was allowed to move"
