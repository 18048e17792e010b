"""Random diagrams, random acts: a case never comes to a step that was said not to come any more."""

from __future__ import annotations

import os
from functools import cached_property

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn.move_facts import VersionFacts
from engine.bpmn.standing import standing_of
from engine.bpmn.still_ahead import still_ahead
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.moving import facts_of, steps_of
from tests.engine.properties.blocks import AROUND, MAKERS
from tests.engine.properties.drawing import Block
from tests.engine.properties.drawing import draw as drawn
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.playing import Act, Play

MANY = int(os.environ.get("ALUR_TEST_DIAGRAMS", "120")) // 4


class Foreseen(Play):
    """Looks ahead after every act, and whether what the next one opens had been ahead."""

    ahead: frozenset[str] | None = None  # None: it has not begun

    @cached_property
    def facts(self) -> VersionFacts:
        """Read what the diagram means."""
        return facts_of(self.spec, steps_of(self.content))

    def _both(self, act: Act, *, may_be_refused: bool = False) -> str | None:
        told = super()._both(act, may_be_refused=may_be_refused)
        case, known = self.stopped, self.facts.steps.keys()
        opened = case.outcome.opened if case.outcome else []
        # What may be refused is sent back, to any step: these diagrams do not say to which.
        if self.ahead is not None and told is None and not may_be_refused:
            assert known & {key.element for key in opened} <= self.ahead
        if not case.finished:
            self.ahead = still_ahead(self.facts, steps_of(self.content), standing_of(case.state))
            assert known & {key.element for key in case.open} <= self.ahead
        return told


def play(sandbox: Sandbox, block: Block, acts: list[int]) -> None:
    Foreseen(drawn(block, MAKERS), sandbox).finish(acts)


def test_only_what_was_ahead_is_opened(sandbox: Sandbox) -> None:
    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(block=blocks(), acts=st.lists(NUMBERS, min_size=12, max_size=25))
    def whatever_happens(block: Block, acts: list[int]) -> None:
        play(sandbox, block, acts)

    whatever_happens()


@pytest.mark.parametrize("kind", AROUND)
def test_only_what_was_ahead_is_opened_by_each_kind_of_block(sandbox: Sandbox, kind: str) -> None:
    for number in range(0, 48, 11):
        inside = (Block("user", number), Block("script", number), Block("pause", number))
        play(sandbox, Block(kind, number, inside), [number])
