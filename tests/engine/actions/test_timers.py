"""Timers of the diagram: fired when due, once, with their events; what fails stays due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from engine.actions.calendar import set_day
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.timers import Fired, fire
from engine.errors import Conflict
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.storage import instances
from engine.storage import timers as rows
from engine.storage.timers import TimerRow
from engine.worker import fire_due
from tests.offices import MONDAY, SAMPLES, Office

DAY = timedelta(hours=24)


@pytest.fixture
def case(office: Office) -> UUID:
    """Start a report: written (reminded each day, twice) beside a count (taken over after two days)."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    started = office.start(key="laporan").instance
    office.complete(started, "meminta", "joko", {})
    return started


def timers(office: Office, case: UUID) -> dict[str, TimerRow]:
    with office.engine.store.reading() as connection:
        return {one.element: one for one in rows.of_instance(connection, case)}


def test_timers_are_set_when_their_step_is_reached(office: Office, case: UUID) -> None:
    now = office.clock.now()
    assert {name: one.due_at for name, one in timers(office, case).items()} == {
        "sehari": now + DAY,
        "terlambat": now + 2 * DAY,
    }
    assert fire_due(office.engine) == 0


def test_a_reminder_leaves_the_step_and_comes_again(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    assert fire_due(office.engine) == 1
    assert sorted(office.open_elements(case)) == ["menghitung", "mengingatkan", "menulis"]
    assert timers(office, case)["sehari"].due_at == office.clock.now() + DAY
    fired = next(one for one in office.events(case) if one.kind is EventKind.TIMER_FIRED)
    assert (fired.element, fired.actor) == ("sehari", None)


def test_a_timer_in_working_time_counts_the_offices_calendar_as_it_stands_when_it_is_set(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.opening._CALENDAR_AGE", -1.0)  # what is changed is seen at once
    package = read_package(SAMPLES / "laporan")
    own = b'<bpmn:extensionElements><sop:Timer time="working" /></bpmn:extensionElements>'
    at = b'<bpmn:boundaryEvent id="terlambat" attachedToRef="menghitung">'
    bpmn = package.bpmn.replace(at, at + own).replace(b">PT48H<", b">P2D<")
    office.clock.set(MONDAY)
    dewi = office.people["dewi"]
    set_day(office.engine, dewi, date(2026, 11, 24), "holiday", "Libur setempat")
    deploy(office.engine, operator(office.id), replace(package, bpmn=bpmn))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    thursday = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert timers(office, case)["terlambat"].due_at == thursday
    set_day(office.engine, dewi, date(2026, 11, 25), "holiday", "Libur lagi")
    assert timers(office, case)["terlambat"].due_at == thursday
    office.clock.set(thursday)
    assert fire_due(office.engine) == 2, "the count is taken over; the writing was a reminder's due"


def test_a_second_reminder_stands_beside_the_first(office: Office, case: UUID) -> None:
    for _ in range(2):
        office.clock.move(DAY)
        fire_due(office.engine)
    reminders = [one for one in office.tasks(case) if one.element == "mengingatkan"]
    assert [(one.round, one.state) for one in reminders] == [(1, TaskState.OPEN), (2, TaskState.OPEN)]
    assert "sehari" not in timers(office, case)


def test_an_interrupting_timer_takes_the_task_away(office: Office, case: UUID) -> None:
    task = office.open_task(case, "menghitung")
    office.clock.move(2 * DAY)
    fire_due(office.engine)
    closed = next(one for one in office.tasks(case) if one.id == task.id)
    assert closed.state is TaskState.CANCELLED
    assert "menagih" in office.open_elements(case)
    assert EventKind.TASK_CANCELLED in office.kinds(case)


def test_a_completed_step_takes_its_timers_along(office: Office, case: UUID) -> None:
    office.complete(case, "menghitung", "rina", {})
    assert set(timers(office, case)) == {"sehari"}
    office.complete(case, "menulis", "joko", {"isi": "Baik"})
    assert timers(office, case) == {}


def test_a_timer_fires_once_and_not_before_its_time(office: Office, case: UUID) -> None:
    row = timers(office, case)["sehari"]
    [(_timer, why)] = fire(office.engine, [row], office.clock.now()).failed
    assert isinstance(why, Conflict)
    office.clock.move(DAY)
    assert fire(office.engine, [row], office.clock.now()) == Fired(done=[row])
    assert fire(office.engine, [row], office.clock.now()) == Fired()
    assert office.kinds(case).count(EventKind.TIMER_FIRED) == 1


def break_state(office: Office, case: UUID) -> None:
    with office.engine.store.transaction() as connection:
        _guard, _status, head = instances.lock(connection, case)
        instances.save(connection, case, head, {"guard": 99, "state": "{broken"})


def test_one_case_that_cannot_move_keeps_no_other_waiting(office: Office, case: UUID) -> None:
    other = office.start(key="laporan", year=2028).instance
    office.complete(other, "meminta", "joko", {})
    break_state(office, case)
    office.clock.move(DAY)
    assert fire_due(office.engine) == 1
    assert "mengingatkan" in office.open_elements(other)
    assert "sehari" in timers(office, case)


def test_a_hundred_timers_that_fail_keep_no_other_waiting(office: Office, case: UUID) -> None:
    break_state(office, case)
    [one] = [one for name, one in timers(office, case).items() if name == "sehari"]
    with office.engine.store.transaction() as connection:
        rows.add(
            connection,
            [
                {
                    "id": new_id(),
                    "office": one.office,
                    "instance": case,
                    "element": one.element,
                    "round": one.round,
                    "iteration": number,
                    "due_at": one.due_at - DAY,
                }
                for number in range(1, 121)
            ],
        )
    other = office.start(key="laporan", year=2028).instance
    office.complete(other, "meminta", "joko", {})
    office.clock.move(DAY)
    with capture_logs():  # a hundred tracebacks take longer to print than everything else
        assert sum(fire_due(office.engine) for _ in range(2)) == 1
    assert "mengingatkan" in office.open_elements(other)


def test_a_timer_that_fails_is_tried_ever_later_and_never_given_up(office: Office, case: UUID) -> None:
    break_state(office, case)
    office.clock.move(DAY)
    waits = []
    with capture_logs() as lines:
        for _ in range(13):
            assert fire_due(office.engine) == 0
            failed = timers(office, case)["sehari"]
            waits.append(failed.next_try_at - office.clock.now())
            assert fire_due(office.engine) == 0, "not before its next try"
            assert timers(office, case)["sehari"] == failed
            office.clock.set(failed.next_try_at)
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits[-1] == timedelta(days=1)
    told = [line for line in lines if line["element"] == "sehari"]
    assert [line["tries"] for line in told] == list(range(1, 14))
    assert [line["log_level"] for line in told] == ["warning"] * 9 + ["error"] * 4


def test_slow_cases_do_not_make_the_others_go_one_by_one(
    office: Office, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [office.start(key="laporan", year=year).instance for year in (2028, 2029)]
    for other in others:
        office.complete(other, "meminta", "joko", {})
    office.clock.move(DAY)
    due = [timers(office, one)["sehari"] for one in (case, *others)]
    monkeypatch.setattr("engine.actions.timers._STEPPING", -1.0)  # time is over after the first
    first = fire(office.engine, due, office.clock.now())
    assert first == Fired(done=due[:1], later=due[1:])
    assert fire_due(office.engine) == 2
    for one in (case, *others):
        assert office.kinds(one).count(EventKind.TIMER_FIRED) == 1
