"""Administrators who record and end the same letter of assignment at the same instant."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from engine.actions import assignments
from engine.actions.assignments import LetterForm
from engine.opening import Places
from tests.offices import Office, assign
from tests.racing import RACERS, Racers

pytestmark = pytest.mark.xdist_group("races")


def test_a_letter_is_recorded_and_ended_once(office: Office, racers: Racers, places: Places) -> None:
    dewi, agus = office.people["dewi"], office.people["agus"].person
    assert agus is not None
    letters = [
        LetterForm(
            number=f"700/{heat}/2026",
            dated="2026-11-20",
            issuer="Inspektur",
            valid_from="2026-11-23",
            valid_until="2026-12-31",
            team=(agus.hex,),
            head=agus.hex,
        )
        for heat in range(5, 8)
    ]
    issuing = [[partial(assignments.issue, actor=dewi, form=form)] * RACERS for form in letters]
    for ran in racers.run(places, office.clock.now(), *issuing):
        assert Counter(one.error for one in ran) == {"": 1, "Invalid": RACERS - 1}
    made = [assign(office, "agus", number=f"800/{heat}/2026") for heat in range(3)]
    act = partial(assignments.end, actor=dewi, reason="Selesai")
    ending = [[partial(act, assignment=one)] * RACERS for one in made]
    for ran in racers.run(places, office.clock.now(), *ending):
        assert Counter(one.error for one in ran) == {"": 1, "Conflict": RACERS - 1}
