"""The clock is set back or forward: nothing fires twice, nothing is lost, the record keeps its order."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.model.event import EventKind
from engine.storage import timers
from engine.worker import clean_up, fire_due
from tests.chain import head_of
from tests.offices import SAMPLES, Office

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


@pytest.fixture
def case(office: Office) -> UUID:
    """Start a report: whoever writes it is reminded after a day and after two."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    started = office.start(key="laporan").instance
    office.complete(started, "meminta", "joko", {})
    return started


def reminders(office: Office, case: UUID) -> int:
    return sum(one.kind is EventKind.TIMER_FIRED and one.element == "sehari" for one in office.events(case))


def test_what_has_fired_does_not_fire_again_when_the_clock_is_set_back(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    assert fire_due(office.engine) == 1
    office.clock.move(-HOUR)
    for _ in range(120):
        assert fire_due(office.engine) == 0
        office.clock.move(timedelta(minutes=1))
    assert reminders(office, case) == 1


def test_what_was_set_before_is_not_lost(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    office.clock.move(-HOUR)
    assert fire_due(office.engine) == 0
    office.clock.move(DAY + HOUR)
    assert fire_due(office.engine) == 2, (
        "the second reminder, and the count that is taken over after two days"
    )
    assert reminders(office, case) == 2


def test_a_clock_set_forward_lets_happen_what_is_due_by_it_and_set_right_again_nothing_twice(
    office: Office, case: UUID
) -> None:
    office.clock.move(DAY + HOUR)
    assert fire_due(office.engine) == 1
    office.clock.move(-2 * HOUR)
    office.complete(case, "menulis", "joko", {"isi": "Baik"})
    office.clock.move(10 * DAY)
    fire_due(office.engine)
    assert reminders(office, case) == 1


def test_the_record_keeps_its_order_by_number_whatever_the_clock_says(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    office.clock.move(-HOUR)
    office.complete(case, "menulis", "joko", {"isi": "Baik"})
    told = office.events(case)
    assert [one.seq for one in told] == list(range(1, len(told) + 1))
    kinds = [one.kind for one in told]
    fired, written = kinds.index(EventKind.TIMER_FIRED), len(kinds) - 1
    assert fired < written
    assert told[fired].at > told[written].at, "each says what its clock showed"
    assert head_of(told)


def test_what_a_worker_had_taken_while_the_clock_was_wrong_is_due_again(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    wrong = office.clock.now() + timedelta(days=365)
    with office.engine.store.transaction() as connection:
        taken = timers.claim(connection, office.clock.now(), wrong, 10)
    assert [one.element for one in taken] == ["sehari"]
    assert fire_due(office.engine) == 0
    clean_up(office.engine)
    assert fire_due(office.engine) == 1
    assert reminders(office, case) == 1
    assert fire_due(office.engine) == 0, "what is due in future is left alone"
