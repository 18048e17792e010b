"""Work on many open cases: surveyed, moved and taken back by the worker, a slice at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import batch_slices, batches, process_drafts, tasks
from engine.actions.batches import Chosen
from engine.actions.deployment import Package, deploy
from engine.actions.offices import operator
from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.model.batch import Batch, BatchState
from engine.model.event import EventKind
from engine.storage import batches as rows
from engine.storage import moved
from tests.offices import Office
from tests.revisions import (
    izin,
    with_a_check_before_archiving,
    with_a_check_before_examining,
    with_more_time,
)

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
HOUR = timedelta(hours=1)


def cases(office: Office, *, asked: int, examined: int) -> list[UUID]:
    """Open cases at the first step, and some that went further."""
    found = [office.start(year=2027 + number).instance for number in range(asked + examined)]
    for case in found[asked:]:
        office.complete(case, "mengajukan", "joko", ASKED)
    return found


def revised(office: Office, package: Package) -> int:
    return deploy(office.engine, operator(office.id), package).number


def worked(office: Office, batch: UUID) -> Batch:
    """Let a worker do all of it."""
    while batch_slices.work(office.engine):
        pass
    return read(office, batch)


def read(office: Office, batch: UUID) -> Batch:
    with office.engine.store.reading() as connection:
        found = rows.load(connection, office.id, batch)
    assert found is not None
    return found


def surveyed(office: Office, number: int, **mapping: str) -> Batch:
    batch = batches.survey_version(office.engine, office.people["putu"], "izin", number, mapping)
    return worked(office, batch)


def groups(survey: Batch) -> Mapping[str, Any]:
    """Give what a survey found, by where the cases stand."""
    return {" ".join(one["at"]): {**one, "key": key} for key, one in survey.result["groups"].items()}


def chosen(survey: Batch, *at: str) -> Chosen:
    keys = frozenset(groups(survey)[one]["key"] for one in at)
    return Chosen(survey=survey.id, groups=keys, reason="Revisi baru berlaku")


def version_of(office: Office, case: UUID) -> int:
    return office.engine.versions.get(office.tasks(case)[-1].version).number


def moved_by(office: Office, survey: Batch, number: int, *at: str) -> Batch:
    batch = batches.move_cases(office.engine, office.people["putu"], "izin", number, chosen(survey, *at))
    return worked(office, batch)


def test_cases_are_grouped_by_where_they_stand(office: Office) -> None:
    first, *_ = cases(office, asked=2, examined=3)
    survey = surveyed(office, revised(office, with_a_check_before_examining()))
    assert (survey.state, survey.total, survey.done) == (BatchState.DONE, 5, 5)
    found = groups(survey)
    assert {at: (one["verdict"], one["count"]) for at, one in found.items()} == {
        "mengajukan": ("move", 2),
        "memeriksa": ("blocked", 3),
    }
    assert found["mengajukan"]["samples"][0] == [first.hex, "001/IZ/2026"]
    assert found["memeriksa"]["suggested"] == "mencatat"
    mapped = surveyed(office, revised(office, with_a_check_before_examining()), memeriksa="mencatat")
    assert {one["verdict"] for one in groups(mapped).values()} == {"move"}


def test_a_draft_is_surveyed_as_it_was_saved(office: Office) -> None:
    cases(office, asked=1, examined=1)
    putu = office.people["putu"]
    draft = process_drafts.start_draft(office.engine, putu, "izin", 1, new_id())
    changed = process_drafts.DraftChange(revision=1, bpmn=with_more_time().bpmn)
    saved = process_drafts.save_draft(office.engine, putu, draft, changed)
    survey = worked(office, batches.survey_draft(office.engine, putu, saved.id, {}))
    assert {at: one["verdict"] for at, one in groups(survey).items()} == {
        "mengajukan": "move",
        "memeriksa": "move",
    }
    again = batches.survey_draft(office.engine, putu, saved.id, {})
    back = process_drafts.DraftChange(revision=saved.revision, bpmn=izin().bpmn)
    process_drafts.save_draft(office.engine, putu, draft, back)
    stopped = worked(office, again)
    assert stopped.state is BatchState.FAILED
    assert "changed in the meantime" in stopped.result["failed"]["why"]


def test_the_chosen_ones_move_and_the_others_stay(office: Office) -> None:
    first, second, third = cases(office, asked=1, examined=2)
    number = revised(office, with_a_check_before_archiving())
    done = moved_by(office, surveyed(office, number), number, "memeriksa")
    assert done.state is BatchState.DONE
    assert [version_of(office, case) for case in (first, second, third)] == [1, 2, 2]
    with office.engine.store.reading() as connection:
        assert moved.counts(connection, done.id) == {"moved": 2, "undone": 0, "blocked": 0}
    process = office.engine.versions.get(office.tasks(first)[0].version).process
    assert office.kinds(process)[-1] == EventKind.CASES_MOVE_STARTED


def test_a_case_that_went_on_since_the_survey_is_looked_at_as_it_stands(office: Office) -> None:
    first, second = cases(office, asked=2, examined=0)
    number = revised(office, with_a_check_before_archiving())
    survey = surveyed(office, number)
    office.complete(first, "mengajukan", "joko", ASKED)
    moved_by(office, survey, number, "mengajukan")
    assert [version_of(office, case) for case in (first, second)] == [1, 2]


def test_a_batch_is_taken_back_as_far_as_nobody_worked_on_it(office: Office) -> None:
    first, second = cases(office, asked=2, examined=0)
    number = revised(office, with_more_time())
    done = moved_by(office, surveyed(office, number), number, "mengajukan")
    tasks.claim(office.engine, office.people["joko"], office.open_task(second, "mengajukan").id)
    back = worked(office, batches.undo_cases(office.engine, office.people["putu"], done.id))
    assert [version_of(office, case) for case in (first, second)] == [1, 2]
    assert list(back.result["kept"]) == [second.hex]
    assert back.state is BatchState.DONE


def test_a_slice_whose_worker_died_is_done_again_by_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cases(office, asked=5, examined=0)
    number = revised(office, with_more_time())
    survey = surveyed(office, number)
    batch = batches.move_cases(
        office.engine, office.people["putu"], "izin", number, chosen(survey, "mengajukan")
    )
    monkeypatch.setattr(batch_slices, "_SECONDS", 0.0)  # a case a slice
    for _ in range(2):
        assert batch_slices.work(office.engine)
    with office.engine.store.transaction() as connection:
        taken = rows.claim(connection, office.clock.now(), office.clock.now() + HOUR)  # and dies
    assert taken is not None
    assert not batch_slices.work(office.engine)
    assert read(office, batch).done == 2
    office.clock.move(HOUR)
    assert worked(office, batch).state is BatchState.DONE
    assert [version_of(office, case) for case in found] == [2] * 5
    assert [office.kinds(case).count(EventKind.CASE_MOVED) for case in found] == [1] * 5


def test_who_lost_a_batch_writes_nothing_of_it(office: Office) -> None:
    cases(office, asked=1, examined=0)
    putu = office.people["putu"]
    batch = batches.survey_version(office.engine, putu, "izin", revised(office, with_more_time()), {})
    now = office.clock.now()
    with office.engine.store.transaction() as connection:
        mine = rows.claim(connection, now, now + HOUR)
        assert mine is not None
    office.clock.move(2 * HOUR)
    with office.engine.store.transaction() as connection:
        assert rows.claim(connection, office.clock.now(), office.clock.now() + HOUR) is not None
        lost = rows.advance(
            connection, mine, now + HOUR, done=9, cursor=None, result={}, now=now, state=BatchState.DONE
        )
    assert not lost
    assert read(office, batch).done == 0


def test_only_what_may_be_moved_can_be_chosen(office: Office) -> None:
    cases(office, asked=1, examined=1)
    number = revised(office, with_a_check_before_examining())
    survey = surveyed(office, number)
    putu = office.people["putu"]
    with pytest.raises(Invalid):
        batches.move_cases(office.engine, putu, "izin", number, chosen(survey, "memeriksa"))
    with pytest.raises(Invalid):
        batches.move_cases(
            office.engine, putu, "izin", number, Chosen(survey=survey.id, groups=frozenset(), reason="Ya")
        )
    empty = Chosen(survey=survey.id, groups=chosen(survey, "mengajukan").groups, reason=" ")
    with pytest.raises(Invalid):
        batches.move_cases(office.engine, putu, "izin", number, empty)


def test_cases_move_to_what_people_work_by(office: Office) -> None:
    cases(office, asked=1, examined=0)
    survey = surveyed(office, 1)
    assert survey.total == 0
    old = surveyed(office, revised(office, with_more_time()))
    revised(office, with_a_check_before_archiving())  # takes its place
    with pytest.raises(Conflict):
        batches.move_cases(office.engine, office.people["putu"], "izin", 2, chosen(old, "mengajukan"))


def test_nobody_else_asks_for_it(office: Office) -> None:
    number = revised(office, with_more_time())
    for name in ("joko", "agus", "dewi", "lina"):
        with pytest.raises(NotFound):
            batches.survey_version(office.engine, office.people[name], "izin", number, {})
