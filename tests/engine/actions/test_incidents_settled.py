"""What failed is over when it went through after all, or when its case left it behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import cancellation, returns
from engine.actions.incidents_noted import Failed, note
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import ProcessFailed, say
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.incident import Cause, Solution, Tried
from engine.worker import clean_up, fire_due
from tests.engine.actions.failing import DAY, LEAST, estimate, fill, noted, press, told
from tests.offices import Office


@pytest.fixture
def case(office: Office) -> UUID:
    return estimate(office)


def test_it_is_solved_when_the_task_can_be_completed_after_all(office: Office, case: UUID) -> None:
    press(office, case)
    fill(office, case)
    office.complete(case, "memeriksa", "rina", LEAST)
    [one] = noted(office)
    assert (one.is_open, one.solution) == (False, Solution.PASSED)
    assert one.sent is None, "what was typed stands in the record, not twice"
    assert (one.solved_at, one.solved_by) == (office.clock.now(), office.people["rina"].person)
    solved = office.events(case)[-1]
    assert (solved.kind, told(solved)["solution"]) == (EventKind.INCIDENT_SOLVED, "passed")


def test_what_it_saw_goes_three_months_after_it_was_solved(office: Office, case: UUID) -> None:
    press(office, case)
    office.clock.move(timedelta(days=100))
    clean_up(office.engine)
    assert noted(office)[0].seen, "while it is open it is needed"
    fill(office, case)
    office.complete(case, "memeriksa", "rina", LEAST)
    office.clock.move(timedelta(days=89))
    clean_up(office.engine)
    assert noted(office)[0].seen
    office.clock.move(timedelta(days=2))
    clean_up(office.engine)
    [one] = noted(office)
    assert (one.seen, one.solution) == ((), Solution.PASSED)


def test_a_new_failure_of_the_same_step_is_a_new_incident(office: Office, case: UUID) -> None:
    press(office, case)
    fill(office, case)
    office.complete(case, "memeriksa", "rina", {"paling_sedikit": "50"})  # too little: back to the start
    office.complete(case, "mengisi", "joko", {})
    press(office, case)
    assert [(one.round, one.is_open) for one in noted(office)] == [(1, False), (2, True)]


def test_a_case_that_is_cancelled_leaves_its_incident_behind(office: Office, case: UUID) -> None:
    press(office, case)
    cancellation.cancel(office.engine, office.people["dewi"], case, "Tidak jadi")
    [one] = noted(office)
    assert (one.solution, one.solved_by) == (Solution.LEFT, office.people["dewi"].person)
    assert office.kinds(case)[-1] == EventKind.INCIDENT_SOLVED


def test_a_timer_that_fires_after_all_solves_it(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    fill(office, case)
    office.clock.move(DAY)
    assert fire_due(office.engine) == 1
    assert "menagih" in office.open_elements(case)
    [one] = noted(office)
    assert (one.solution, one.solved_by) == (Solution.PASSED, None)


def test_what_another_worker_noted_meanwhile_is_solved_too(
    office: Office, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(office, case)
    office.clock.move(DAY)
    runner, worker = office.engine.runner, operator(office.id)
    fires, tried = runner.fire, Tried(cause=Cause.TIMER, element="sehari", round=1)

    def fire_late(*which: Any, **about: Any) -> Any:  # noqa: ANN401 - the runner's
        note(office.engine, worker, case, Failed.by(ProcessFailed("menghitung", "", say("too late")), tried))
        return fires(*which, **about)

    monkeypatch.setattr(runner, "fire", fire_late)
    assert fire_due(office.engine) == 1
    assert [one.solution for one in noted(office)] == [Solution.PASSED]


def test_a_timer_that_is_no_longer_needed_takes_its_incident_along(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    fill(office, case)
    office.complete(case, "memeriksa", "rina", LEAST)
    [one] = noted(office)
    assert one.solution is Solution.LEFT


def test_a_completion_taken_back_leaves_no_incident_of_the_task_behind_it(office: Office, case: UUID) -> None:
    """Whoever presses without opening the page has not ended the time to withdraw."""
    task = next(one for one in office.tasks(case) if one.element == "mengisi")
    press(office, case)
    withdraw(office.engine, office.people["joko"], task.id)
    [one] = noted(office)
    assert one.solution is Solution.LEFT


def test_a_case_that_is_sent_back_leaves_the_incident_of_the_task_behind_it(
    office: Office, case: UUID
) -> None:
    press(office, case)
    task = office.open_task(case, "memeriksa").id
    returns.send_back(office.engine, office.people["rina"], task, "mengisi", "Keliru", new_id())
    [one] = noted(office)
    assert one.solution is Solution.LEFT
    assert office.open_elements(case) == ["mengisi"]
