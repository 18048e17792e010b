"""Random SOPs through the real actions, moved to other revisions on the way and back again.

After every act the case is rebuilt from its record and is what is stored; see ``test_any_case``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.actions.move_undoing import undo
from engine.model.event import EventKind
from tests.engine.actions.test_moves import moved, revised
from tests.engine.properties.acting import ACTS, Acting, clear
from tests.engine.properties.drawing import Block
from tests.engine.properties.growing import NUMBERS, blocks
from tests.engine.properties.sop import sop_of
from tests.engine.properties.test_any_case import Studio, studio
from tests.offices import MONDAY

__all__ = ["studio"]

MANY = max(1, int(os.environ.get("ALUR_TEST_CASES", "10")) // 2)
MOST_REVISIONS = 3


class Moving(Acting):
    """A case that an owner moves to revisions which say the same, and back."""

    known: ClassVar[Mapping[str, int]] = ACTS | {"move": 6, "move_back": 4}
    revisions = 0

    def _move(self, number: int) -> None:
        self.revisions += 1
        note = f"<!-- {number % MOST_REVISIONS} --></bpmn:definitions>".encode()
        bpmn = self.package.bpmn.replace(b"</bpmn:definitions>", note)
        moved(self.office, self.id, revised(self.office, replace(self.package, bpmn=bpmn)))

    def _move_back(self, _number: int) -> None:
        undo(self.office.engine, self.office.people["putu"], self.id)


def test_a_case_that_is_moved_is_what_its_record_leads_to(studio: Studio) -> None:
    done: Counter[EventKind] = Counter()

    @settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(block=blocks(2), acts=st.lists(NUMBERS, min_size=8, max_size=25))
    def whatever_happens(block: Block, acts: list[int]) -> None:
        studio.many += 1
        studio.office.clock.set(MONDAY)
        clear(studio.office)
        case = Moving(studio.office, sop_of(block, f"acak{studio.many}"), studio.post, studio.token)
        case.play(acts)
        done.update(event.kind for event in case.now.events)

    whatever_happens()
    assert done[EventKind.CASE_MOVED], "none was moved"
