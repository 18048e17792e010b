"""What fails stops only its case, and is noted once however often it fails; it is over when it passed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from engine.actions.incidents_noted import Failed, note, note_version, tried_by
from engine.errors import ProcessFailed, say
from engine.model.event import EventKind
from engine.model.incident import Cause, IncidentKind, SeenValue, Solution, Tried
from engine.storage.startable import startable
from engine.worker import fire_due
from tests.engine.actions.failing import DAY, LEAST, estimate, failing_start, fill, noted, press, save, told
from tests.offices import Office


@pytest.fixture
def case(office: Office) -> UUID:
    return estimate(office)


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
        [found] = startable(connection, sop, office.clock.now().date())
    version, ready = office.engine.versions.get(found.id), Barrier(4)
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


def test_a_case_whose_state_cannot_be_read_says_so(office: Office, case: UUID) -> None:
    save(office, case, "{broken")
    office.clock.move(DAY)
    fire_due(office.engine)
    [one] = noted(office)
    assert (one.element, one.kind) == ("sehari", IncidentKind.TIMER)
    assert "JSONDecodeError" in str(one.sentence)


def test_what_went_through_meanwhile_is_not_noted(office: Office, case: UUID) -> None:
    """The failing try was made on what somebody has changed since."""
    task = office.open_task(case, "memeriksa")
    fill(office, case)
    office.complete(case, "memeriksa", "rina", LEAST)
    failed = ProcessFailed("cukup", "Cukup?", say("too late"))
    note(office.engine, office.people["rina"], case, Failed.by(failed, tried_by(task)))
    assert noted(office) == []


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
    fill(office, case, {"jumlah": "x" * 100_000, "hari": None})
    press(office, case)
    [one] = noted(office)
    [long] = [value for value in one.seen if value.name == "mengisi"]
    assert long.value is None
    assert long.cut is not None
    assert long.cut.startswith('{"jumlah": "xxx')
    assert len(long.cut) == 8_000
