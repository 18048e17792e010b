"""What fails stops only its case, and is noted once however often it fails; it is over when it passed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from engine.actions import instances as acts
from engine.actions import returns
from engine.actions.deployment import deploy, read_package
from engine.actions.incidents_noted import Failed, note, note_version, tried_by
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import ProcessFailed, say
from engine.ids import new_id
from engine.model.event import Event, EventKind
from engine.model.incident import Cause, IncidentKind, SeenValue, Solution, Tried
from engine.storage import instances, versions
from engine.worker import clean_up, fire_due
from tests.engine.actions.failing import failing_start, noted
from tests.offices import SAMPLES, Office

DAY = timedelta(hours=24)
LEAST = {"paling_sedikit": "5"}


@pytest.fixture
def case(office: Office) -> UUID:
    """Bring an estimate to Kasub whose amount and days were left empty."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "taksiran"))
    started = office.start(key="taksiran").instance
    office.complete(started, "mengisi", "joko", {})
    return started


def press(office: Office, case: UUID, **facts: Any) -> None:
    with pytest.raises(ProcessFailed):
        office.complete(case, "memeriksa", "rina", LEAST, **facts)


def told(event: Event) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(event.payload or "{}")
    return said


def test_a_completion_that_fails_leaves_the_task_open_and_an_incident(office: Office, case: UUID) -> None:
    press(office, case)
    [one] = noted(office)
    assert office.open_elements(case) == ["memeriksa"]
    assert (one.instance, one.element, one.name, one.round) == (case, "cukup", "Cukup?", 1)
    assert one.kind is IncidentKind.CONDITION
    assert one.tried == Tried(cause=Cause.COMPLETION, element="memeriksa", round=1)
    assert one.expression == 'mengisi["jumlah"] >= memeriksa["paling_sedikit"]'
    assert one.seen == (
        SeenValue(name="memeriksa", value={"paling_sedikit": 5}),
        SeenValue(name="mengisi", value={"jumlah": None, "hari": None}),
    )
    assert one.sentence.template == "The expression at %(name)s failed: %(reason)s"
    assert "nothing and a number cannot be compared" in str(one.sentence)


def test_two_who_fail_at_once_are_one_incident(office: Office, case: UUID) -> None:
    task = office.open_task(case, "memeriksa")
    failed = Failed.by(ProcessFailed("cukup", "Cukup?", say("too late")), tried_by(task))
    ready = Barrier(4)

    def fail() -> None:
        ready.wait()
        note(office.engine, office.people["rina"], case, failed)

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(fail) for _ in range(4)]:
            one.result()
    assert [one.count for one in noted(office)] == [4]
    assert office.kinds(case).count(EventKind.INCIDENT_OPENED) == 1


def test_two_starts_that_fail_at_once_are_one_incident(office: Office, tmp_path: Path) -> None:
    sop = failing_start(office, tmp_path)
    with office.engine.store.reading() as connection:
        found = versions.startable(connection, sop)
    assert found is not None
    version, ready = office.engine.versions.get(found[0]), Barrier(4)
    failed = Failed.by(ProcessFailed("menyiapkan", "", say("too late")), Tried(cause=Cause.START))

    def fail() -> None:
        ready.wait()
        note_version(office.engine, office.people["joko"], version, failed)

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(fail) for _ in range(4)]:
            one.result()
    assert [one.count for one in noted(office)] == [4]
    assert office.kinds(sop).count(EventKind.INCIDENT_OPENED) == 1


def test_that_it_was_opened_is_on_record_without_the_data(office: Office, case: UUID) -> None:
    press(office, case)
    opened = office.events(case)[-1]
    assert (opened.kind, opened.element) == (EventKind.INCIDENT_OPENED, "cukup")
    assert opened.actor == office.people["rina"].person
    assert told(opened)["incident"] == noted(office)[0].id.hex
    assert "jumlah" not in (opened.payload or "")


def test_pressing_ten_times_is_one_incident_counted_ten_times(office: Office, case: UUID) -> None:
    for _ in range(13):
        office.clock.move(timedelta(minutes=1))
        press(office, case)
    [one] = noted(office)
    assert one.count == 10, "who presses on is no longer counted in that minute"
    assert one.last_at > one.first_at
    assert office.kinds(case).count(EventKind.INCIDENT_OPENED) == 1


def test_whoever_was_refused_often_is_not_overheard_with_something_new(office: Office, case: UUID) -> None:
    for _ in range(13):
        press(office, case)
    other = office.start(key="taksiran", year=2028).instance
    office.complete(other, "mengisi", "joko", {})
    press(office, other)
    assert [(one.instance, one.count) for one in noted(office)] == [(case, 10), (other, 1)]


def test_no_other_case_stands_still(office: Office, case: UUID) -> None:
    press(office, case)
    other = office.start(key="taksiran", year=2028).instance
    office.complete(other, "mengisi", "joko", {"jumlah": "7", "hari": "2"})
    office.complete(other, "memeriksa", "rina", LEAST)
    assert office.open_elements(other) == ["mengarsipkan"]
    assert [one.instance for one in noted(office)] == [case]


def test_it_is_solved_when_the_task_can_be_completed_after_all(office: Office, case: UUID) -> None:
    press(office, case)
    _fill(office, case)
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
    _fill(office, case)
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
    _fill(office, case)
    office.complete(case, "memeriksa", "rina", {"paling_sedikit": "50"})  # too little: back to the start
    office.complete(case, "mengisi", "joko", {})
    press(office, case)
    assert [(one.round, one.is_open) for one in noted(office)] == [(1, False), (2, True)]


def test_a_case_that_is_cancelled_leaves_its_incident_behind(office: Office, case: UUID) -> None:
    press(office, case)
    acts.cancel(office.engine, office.people["dewi"], case, "Tidak jadi")
    [one] = noted(office)
    assert (one.solution, one.solved_by) == (Solution.LEFT, office.people["dewi"].person)
    assert office.kinds(case)[-1] == EventKind.INCIDENT_SOLVED


def test_a_timer_that_fails_opens_an_incident_at_the_step_that_failed(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    assert fire_due(office.engine) == 0
    [one] = noted(office)
    assert (one.element, one.kind) == ("menghitung", IncidentKind.SCRIPT)
    assert one.tried == Tried(cause=Cause.TIMER, element="sehari", round=1)
    office.clock.move(DAY)
    fire_due(office.engine)
    assert [one.count for one in noted(office)] == [2]
    opened = office.events(case)[-1]
    assert (opened.kind, opened.actor) == (EventKind.INCIDENT_OPENED, None)


def test_a_timer_that_fires_after_all_solves_it(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    _fill(office, case)
    office.clock.move(DAY)
    assert fire_due(office.engine) == 1
    assert "menagih" in office.open_elements(case)
    [one] = noted(office)
    assert (one.solution, one.solved_by) == (Solution.PASSED, None)


def test_what_another_worker_noted_meanwhile_is_solved_too(
    office: Office, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(office, case)
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
    _fill(office, case)
    office.complete(case, "memeriksa", "rina", LEAST)
    [one] = noted(office)
    assert one.solution is Solution.LEFT


def test_a_case_whose_state_cannot_be_read_says_so(office: Office, case: UUID) -> None:
    _save(office, case, "{broken")
    office.clock.move(DAY)
    fire_due(office.engine)
    [one] = noted(office)
    assert (one.element, one.kind) == ("sehari", IncidentKind.TIMER)
    assert "JSONDecodeError" in str(one.sentence)


def test_what_went_through_meanwhile_is_not_noted(office: Office, case: UUID) -> None:
    """The failing try was made on what somebody has changed since."""
    task = office.open_task(case, "memeriksa")
    _fill(office, case)
    office.complete(case, "memeriksa", "rina", LEAST)
    failed = ProcessFailed("cukup", "Cukup?", say("too late"))
    note(office.engine, office.people["rina"], case, Failed.by(failed, tried_by(task)))
    assert noted(office) == []


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


def test_a_start_that_fails_is_noted_on_the_version(office: Office, tmp_path: Path) -> None:
    sop = failing_start(office, tmp_path)
    for _ in range(2):
        with pytest.raises(ProcessFailed):
            office.start(key="taksiran", year=2027)
    [one] = noted(office)
    assert (one.instance, one.tried.cause, one.element, one.count) == (None, Cause.START, "menyiapkan", 2)
    assert office.kinds(sop)[-1] == EventKind.INCIDENT_OPENED
    office.start(key="taksiran", year=2028)
    assert noted(office)[0].solution is Solution.PASSED
    assert office.kinds(sop)[-1] == EventKind.INCIDENT_SOLVED


def test_what_is_kept_of_long_data_is_its_beginning(office: Office, case: UUID) -> None:
    _fill(office, case, {"jumlah": "x" * 100_000, "hari": None})
    press(office, case)
    [one] = noted(office)
    [long] = [value for value in one.seen if value.name == "mengisi"]
    assert long.value is None
    assert long.cut is not None
    assert long.cut.startswith('{"jumlah": "xxx')
    assert len(long.cut) == 8_000


def _fill(office: Office, case: UUID, values: dict[str, Any] | None = None) -> None:
    """Write other values into the state, as no page can."""
    with office.engine.store.reading() as connection:
        row = instances.load(connection, case, None)
    assert row is not None
    assert row.state is not None
    state = json.loads(row.state)
    state["variables"]["mengisi"] = values or {"jumlah": 7, "hari": 2}
    _save(office, case, json.dumps(state))


def _save(office: Office, case: UUID, state: str) -> None:
    with office.engine.store.transaction() as connection:
        guard, _status, head = instances.lock(connection, case)
        instances.save(connection, case, head, {"guard": guard + 1, "state": state})
