"""Moves of a case, taking them back and work on it at the same instant: a case is wholly in one version."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions.completion import Completion, complete
from engine.actions.move_saving import Moving
from engine.actions.move_undoing import undo
from engine.actions.moves import move
from engine.core import Engine
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.opening import Places
from engine.storage.tables import instance
from tests.chain import head_of
from tests.engine.actions.test_moves import moved, moving, revised
from tests.offices import Office, raw
from tests.racing import Act, Racers
from tests.revisions import with_a_check_before_archiving

pytestmark = pytest.mark.xdist_group("races")
HEATS = 5
ASKED = raw({"kegiatan": "Pelatihan", "biaya": "1.500"})


def completing(office: Office, case: UUID) -> Act:
    task = office.open_task(case, "mengajukan").id
    return partial(
        complete,
        actor=office.people["joko"],
        task_id=task,
        completion=Completion(fields=ASKED, attempt=new_id()),
    )


def whether_moved(engine: Engine, actor: Actor, case: UUID, wanted: Moving) -> bool:
    """Move it; what is given back must go from one process to the other."""
    return move(engine, actor, case, wanted).moved


def whole(office: Office, case: UUID) -> UUID:
    """See that a case is wholly in one version, with its record; gives which."""
    with office.engine.store.reading() as connection:
        row = connection.execute(select(instance).where(instance.c.id == case)).one()
    assert {task.version for task in office.tasks(case)} == {row.version}
    assert head_of(office.events(case)) == row.chain_head
    assert office.open_elements(case) == ["memeriksa"]
    version: UUID = row.version
    return version


def test_moves_and_a_completion_at_once_all_happen_once(
    office: Office, racers: Racers, places: Places
) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    to = revised(office, with_a_check_before_archiving())
    heats = []
    for case in cases:
        moves = [
            partial(whether_moved, actor=office.people["putu"], case=case, wanted=moving(office, to))
            for _ in range(3)
        ]
        heats.append([completing(office, case), *moves])
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert {one.error for one in ran} == {""}
        done = Counter(office.kinds(case))
        assert (done[EventKind.CASE_MOVED], done[EventKind.TASK_COMPLETED]) == (1, 1)
        assert whole(office, case) == to


def test_taking_a_move_back_and_a_completion_at_once_settle_who_was_first(
    office: Office, racers: Racers, places: Places
) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    old = office.tasks(cases[0])[0].version
    to = revised(office, with_a_check_before_archiving())
    heats = []
    for case in cases:
        assert moved(office, case, to)
        back = partial(undo, actor=office.people["putu"], instance_id=case)
        heats.append([completing(office, case), back, back, back])
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert ran[0].error == ""
        done = Counter(office.kinds(case))
        assert done[EventKind.TASK_COMPLETED] == 1
        undone = done[EventKind.MOVE_UNDONE]
        assert [one.error for one in ran].count("Forbidden") == 3 - undone
        assert whole(office, case) == (old if undone else to)
