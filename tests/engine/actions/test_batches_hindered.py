"""What keeps cases from being moved or taken back: another batch, another version, a case that fails."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.actions import batch_slices, batches, past_playing
from engine.actions.moves import ONLY_TRIAL, move
from engine.actions.past_playing import UNEXPECTED
from engine.actions.submissions import Trial
from engine.errors import Conflict, Invalid
from engine.model.batch import BatchState
from engine.model.event import Event
from engine.model.past import RecordedAct
from engine.storage import batches as rows
from engine.storage import moved, past, tables
from tests.engine.actions.test_batches import (
    cases,
    chosen,
    groups,
    moved_by,
    revised,
    surveyed,
    version_of,
    worked,
)
from tests.engine.actions.test_moves import moving
from tests.engine.actions.test_past import draft_of, finished
from tests.offices import Office
from tests.revising import approved as approve_from
from tests.revising import submitted, today
from tests.revisions import with_a_check_before_archiving, with_more_time

ONWARDS = "The move cannot be taken back: the case was moved on to revision %(number)s since."


def test_a_batch_takes_back_no_move_of_a_later_one(office: Office) -> None:
    (case,) = cases(office, asked=1, examined=0)
    second = revised(office, with_more_time())
    done = moved_by(office, surveyed(office, second), second, "mengajukan")
    third = revised(office, with_a_check_before_archiving())
    later = moved_by(office, surveyed(office, third), third, "mengajukan")
    back = worked(office, batches.undo_cases(office.engine, office.people["putu"], done.id))
    assert version_of(office, case) == third
    assert back.result["kept"][case.hex] == {"why": ONWARDS, "values": {"number": third}}
    worked(office, batches.undo_cases(office.engine, office.people["putu"], later.id))
    assert version_of(office, case) == second


def test_no_running_case_moves_to_what_is_only_tried(office: Office) -> None:
    (case,) = cases(office, asked=1, examined=0)
    number = submitted(office, trial=Trial(team=(person(office, "joko"),)))
    survey = surveyed(office, number)
    with pytest.raises(Invalid) as refused:
        moved_by(office, survey, number, "mengajukan")
    assert refused.value.problems[0].sentence == ONLY_TRIAL
    assert survey.version is not None
    with pytest.raises(Conflict) as stopped:
        move(office.engine, office.people["putu"], case, moving(office, survey.version))
    assert stopped.value.sentence == ONLY_TRIAL
    assert version_of(office, case) == 1


def test_a_case_of_a_trial_moves_to_what_is_tried(office: Office) -> None:
    (case,) = cases(office, asked=1, examined=0)
    with office.engine.store.transaction() as connection:
        connection.execute(update(tables.instance).where(tables.instance.c.id == case).values(trial=True))
    number = submitted(office, trial=Trial())
    moved_by(office, surveyed(office, number), number, "mengajukan")
    assert version_of(office, case) == number


def test_what_was_moved_to_a_trial_takes_no_place_in_it(office: Office) -> None:
    (case,) = cases(office, asked=1, examined=0)
    with office.engine.store.transaction() as connection:
        connection.execute(update(tables.instance).where(tables.instance.c.id == case).values(trial=True))
    number = submitted(office, trial=Trial(most_cases=1))
    moved_by(office, surveyed(office, number), number, "mengajukan")
    assert version_of(office, case) == number
    office.start(year=2031, version=number)
    with pytest.raises(Conflict):
        office.start(year=2032, version=number)


def test_all_cases_move_to_what_is_in_force(office: Office) -> None:
    (case,) = cases(office, asked=1, examined=0)
    number = submitted(office)
    approve_from(office, number, today(office))
    moved_by(office, surveyed(office, number), number, "mengajukan")
    assert version_of(office, case) == number


def test_nothing_moves_to_a_version_that_was_superseded_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cases(office, asked=2, examined=0)
    number = revised(office, with_more_time())
    putu = office.people["putu"]
    batch = batches.move_cases(
        office.engine, putu, "izin", number, chosen(surveyed(office, number), "mengajukan")
    )
    monkeypatch.setattr(batch_slices, "_SECONDS", 0.0)  # a case a slice
    assert batch_slices.work(office.engine)
    revised(office, with_a_check_before_archiving())
    stopped = worked(office, batch)
    assert stopped.state is BatchState.FAILED
    assert stopped.result["failed"]["why"].startswith("Cases move to a revision that people work by")
    assert sorted(version_of(office, case) for case in found) == [1, number]


def test_a_case_that_fails_stops_no_other(office: Office) -> None:
    first, second = cases(office, asked=2, examined=0)
    number = revised(office, with_more_time())
    survey = surveyed(office, number)
    spoil(office, first)
    again = surveyed(office, number)
    assert again.state is BatchState.DONE
    assert {at: (one["count"], one["may_move"]) for at, one in groups(again).items()} == {
        "": (1, False),
        "mengajukan": (1, True),
    }
    done = moved_by(office, survey, number, "mengajukan")
    assert done.state is BatchState.DONE
    assert version_of(office, second) == number
    with office.engine.store.reading() as connection:
        assert moved.hindered(connection, done.id, 5) == {first: UNEXPECTED}


def test_an_undo_that_fails_stops_no_other(office: Office) -> None:
    first, second = cases(office, asked=2, examined=0)
    number = revised(office, with_more_time())
    done = moved_by(office, surveyed(office, number), number, "mengajukan")
    with office.engine.store.transaction() as connection:
        broken = tables.moved.c.instance == first
        connection.execute(update(tables.moved).where(broken).values(before=None))
    back = worked(office, batches.undo_cases(office.engine, office.people["putu"], done.id))
    assert back.state is BatchState.DONE
    assert list(back.result["kept"]) == [first.hex]
    assert version_of(office, second) == 1


def test_a_replay_goes_on_behind_a_case_that_fails(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    finished(office)
    finished(office)
    reading, fails = past_playing._acts, [True]

    def acts(events: Iterable[Event]) -> list[RecordedAct] | None:
        if fails and fails.pop():
            raise KeyError("year")
        return reading(events)

    monkeypatch.setattr(past_playing, "_acts", acts)
    draft = draft_of(office, with_more_time())
    done = worked(office, batches.replay_draft(office.engine, office.people["putu"], draft))
    assert done.state is BatchState.DONE, done.result
    assert sorted(one["outcome"] for one in done.result["groups"].values()) == ["same", "unknown"]


def test_cases_that_are_not_told_apart_are_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases(office, asked=1, examined=2)
    monkeypatch.setattr(batch_slices, "_MOST_GROUPS", 1)
    survey = surveyed(office, revised(office, with_more_time()))
    found = list(survey.result["groups"].values())
    assert sorted(one["count"] for one in found) == [1, 2]
    assert [one["may_move"] for one in found if not one["at"]] == [False]


def test_who_asks_again_meanwhile_is_given_what_is_running(office: Office) -> None:
    cases(office, asked=1, examined=0)
    number, putu = revised(office, with_more_time()), office.people["putu"]
    survey = batches.survey_version(office.engine, putu, "izin", number, {})
    assert batches.survey_version(office.engine, putu, "izin", number, {}) == survey
    with pytest.raises(Conflict, match="still being looked at"):
        batches.survey_version(office.engine, putu, "izin", number, {"mengajukan": "memeriksa"})
    worked(office, survey)
    assert batches.survey_version(office.engine, putu, "izin", number, {}) != survey
    draft = draft_of(office, with_more_time())
    replay = batches.replay_draft(office.engine, putu, draft)
    assert batches.replay_draft(office.engine, putu, draft) == replay


def test_cases_of_an_sop_are_moved_by_one_batch_at_a_time(office: Office) -> None:
    cases(office, asked=1, examined=0)
    number, putu = revised(office, with_more_time()), office.people["putu"]
    survey = surveyed(office, number)
    batch = batches.move_cases(office.engine, putu, "izin", number, chosen(survey, "mengajukan"))
    with pytest.raises(Conflict, match="being moved already"):
        batches.move_cases(office.engine, putu, "izin", number, chosen(survey, "mengajukan"))
    worked(office, batch)
    back = batches.undo_cases(office.engine, putu, batch)
    with pytest.raises(Conflict, match="being moved already"):
        batches.undo_cases(office.engine, putu, batch)
    worked(office, back)


def test_kept_cases_are_played_a_slice_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    putu = office.people["putu"]
    found = [finished(office) for _ in range(3)]
    for case in found:
        batches.keep_case(office.engine, putu, case, wanted=True)
    draft = draft_of(office, with_more_time())
    batch = batches.replay_draft(office.engine, putu, draft)
    monkeypatch.setattr(batch_slices, "_SECONDS", 0.0)
    played: list[int] = []
    while batch_slices.work(office.engine):
        with office.engine.store.reading() as connection:
            now = rows.load(connection, office.id, batch)
        assert now is not None
        played.append(sum(told is not None for told in now.result["kept"].values()))
    assert played[:3] == [1, 2, 3]
    assert now.state is BatchState.DONE
    assert now.done == 3


def test_no_more_cases_are_kept_than_are_played(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    putu = office.people["putu"]
    first, second = finished(office), finished(office)
    monkeypatch.setattr(past, "MOST_KEPT", 1)
    batches.keep_case(office.engine, putu, first, wanted=True)
    batches.keep_case(office.engine, putu, first, wanted=True)
    with pytest.raises(Conflict, match="Already 1 cases are kept"):
        batches.keep_case(office.engine, putu, second, wanted=True)
    batches.keep_case(office.engine, putu, first, wanted=False)
    batches.keep_case(office.engine, putu, second, wanted=True)


def spoil(office: Office, case: UUID) -> None:
    """Let the state of a case be none that can be read."""
    with office.engine.store.transaction() as connection:
        connection.execute(update(tables.instance).where(tables.instance.c.id == case).values(state="[]"))


def person(office: Office, name: str) -> UUID:
    found = office.people[name].person
    assert found is not None
    return found
