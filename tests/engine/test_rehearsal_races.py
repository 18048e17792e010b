"""Real processes at one rehearsal: whoever has it open twice, or clicks twice, steps it once."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from engine.actions.rehearsal_acts import Complete
from engine.actions.rehearsals import Beginning, start_rehearsal, step_back, take_step
from engine.ids import new_id
from engine.opening import Places
from tests.offices import Office, raw
from tests.racing import RACERS, Racers
from tests.rehearsing import Rehearsing
from tests.revising import draft

pytestmark = pytest.mark.xdist_group("races")
HEATS = 3


def test_a_rehearsal_is_stepped_once_from_where_it_stands(
    office: Office, racers: Racers, places: Places
) -> None:
    putu = office.people["putu"]
    several = [Rehearsing.of(office) for _ in range(HEATS)]
    heats = []
    for one in several:
        act = Complete(key=one.key("mengajukan"), fields=raw({"kegiatan": "Lomba"}))
        step = partial(take_step, actor=putu, draft_id=one.draft, revision=1, act=act)
        back = partial(step_back, actor=putu, draft_id=one.draft, revision=1)
        heats.append([step, step, step, back])
    for one, ran in zip(several, racers.run(places, office.clock.now(), *heats), strict=True):
        assert Counter(each.error for each in ran) == {"": 1, "RehearsalMoved": RACERS - 1}
        assert one.read.revision == 2


def test_of_those_begun_at_once_one_is_there(office: Office, racers: Racers, places: Places) -> None:
    putu, heats = office.people["putu"], []
    several = [Rehearsing(office, draft(office)) for _ in range(HEATS)]
    for one in several:
        begin = partial(start_rehearsal, actor=putu, draft_id=one.draft)
        heats.append(
            [partial(begin, beginning=Beginning(attempt=new_id(), year=2027)) for _ in range(RACERS)]
        )
    for one, ran in zip(several, racers.run(places, office.clock.now(), *heats), strict=True):
        assert Counter(each.error for each in ran) == {"": 1, "RehearsalMoved": RACERS - 1}
        assert one.open == ["mengajukan"]
