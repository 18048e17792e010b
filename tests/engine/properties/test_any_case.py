"""Random SOPs through the real actions: after every act the rows, the record and the state tell the same.

Each act finds nothing in memory; beside it a twin does the same and is never stopped. ``ALUR_TEST_CASES``
says how many cases are made on each kind of database; ``make faults`` makes hundreds.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.actions.api_tokens import holder_of, issue_token
from engine.actions.deployment import deploy
from engine.actions.offices import operator
from tests.engine.properties.acting import Acting, clear, connector
from tests.engine.properties.drawing import Block
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.keeping import found, keeping
from tests.engine.properties.sop import radio, sop_of
from tests.offices import MONDAY, Office

MANY = int(os.environ.get("ALUR_TEST_CASES", "10"))
FOUND = found("case")


class Studio:
    """An office in which one random SOP after the other is worked by."""

    def __init__(self, office: Office) -> None:
        """Open it, with what others can do to its cases."""
        self.post = connector()
        self.office = replace(office, engine=replace(office.engine, connectors={"post": self.post}))
        engine, owner = self.office.engine, operator(office.id)
        deploy(engine, owner, radio())
        held = holder_of(engine, issue_token(engine, owner, "outside", timedelta(days=1000)))
        assert held is not None
        self.token, self.many = held, 0

    def play(self, block: Block, acts: list[int]) -> None:
        """Play one case; it begins as every other one does."""
        self.many += 1
        self.office.clock.set(MONDAY)
        clear(self.office)
        Acting(self.office, sop_of(block, f"acak{self.many}"), self.post, self.token).play(acts)


@pytest.fixture
def studio(office: Office) -> Studio:
    return Studio(office)


@pytest.mark.parametrize("why", FOUND)
def test_what_was_found_once_stays_right(studio: Studio, why: str) -> None:
    studio.play(*FOUND[why])


def test_a_case_is_the_same_in_rows_record_state_and_in_memory(studio: Studio) -> None:
    with keeping("case") as keeper:

        @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
        @given(block=blocks(3), acts=st.lists(NUMBERS, min_size=12, max_size=40))
        def whatever_happens(block: Block, acts: list[int]) -> None:
            with keeper.trying(block, acts):
                studio.play(block, acts)

        whatever_happens()
