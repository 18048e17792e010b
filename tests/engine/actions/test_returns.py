"""Sending a case back to an earlier step, for a reason."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import drafts, returns, tasks
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.roles import end_role
from engine.actions.withdrawal import withdraw
from engine.errors import AlurError, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.task import Task, TaskState
from engine.storage import drafts as draft_rows
from engine.storage import instances, people, timers
from engine.worker import fire_due
from tests.chain import head_of
from tests.offices import SAMPLES, Office

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}


@pytest.fixture
def case(office: Office) -> UUID:
    """Bring a case to its last step."""
    started = office.start(by="wati").instance
    office.complete(started, "mengajukan", "wati", ASKED)
    office.complete(started, "memeriksa", "rina", {"keputusan": "Ya"})
    return started


def back(
    office: Office,
    task: Task,
    by: str = "joko",
    to: str = "memeriksa",
    reason: str = "Nomor keliru",
    **more: Any,
) -> returns.Returned:
    attempt = more.pop("attempt", None) or new_id()
    return returns.send_back(office.engine, office.people[by], task.id, to, reason, attempt)


def states(office: Office, case: UUID) -> list[tuple[str, int, TaskState]]:
    return [(one.element, one.round, one.state) for one in office.tasks(case)]


def test_the_earlier_step_is_open_again_for_who_did_it(office: Office, case: UUID) -> None:
    office.clock.move(timedelta(minutes=30))
    sent = back(office, office.open_task(case, "mengarsipkan"))
    assert states(office, case) == [
        ("mengajukan", 1, TaskState.COMPLETED),
        ("memeriksa", 1, TaskState.COMPLETED),
        ("mengarsipkan", 1, TaskState.RETURNED),
        ("memeriksa", 2, TaskState.OPEN),
    ]
    again = office.open_task(case, "memeriksa")
    assert sent.opened == again.id
    assert (again.assignee, again.claimed_at) == (office.people["rina"].person, None)
    assert (again.opened_at, again.due_at is not None) == (office.clock.now(), True)


def test_it_is_on_record_as_a_deviation_with_its_reason(office: Office, case: UUID) -> None:
    attempt = new_id()
    back(office, office.open_task(case, "mengarsipkan"), reason="Nomor\n keliru ", attempt=attempt)
    told, opened = office.events(case)[-2:]
    said = json.loads(told.payload or "")
    assert (told.kind, told.element, told.round) == (EventKind.TASK_RETURNED, "mengarsipkan", 1)
    assert (told.actor, told.attempt) == (office.people["joko"].person, attempt)
    assert (said["deviation"], said["reason"], said["back_to"]) == (
        "return",
        "Nomor keliru",
        ["memeriksa", 2],
    )
    assert said["task"] == office.open_task(case, "memeriksa").id.hex
    assert (opened.kind, opened.element) == (EventKind.TASK_OPENED, "memeriksa")
    with office.engine.store.transaction() as connection:
        head = instances.lock(connection, case)[2]
    assert head_of(office.events(case)) == head.chain


def test_the_case_goes_on_from_there_to_its_end(office: Office, case: UUID) -> None:
    back(office, office.open_task(case, "mengarsipkan"), to="mengajukan")
    office.engine.runner.forget(case)
    office.complete(case, "mengajukan", "wati", ASKED | {"biaya": "900"})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert office.open_elements(case) == ["mengarsipkan"]
    assert office.open_task(case, "mengarsipkan").round == 2


@pytest.mark.parametrize(
    ("by", "to", "reason", "error"),
    [
        ("joko", "memeriksa", "  ", Invalid),
        ("joko", "memeriksa", "x" * 501, Invalid),
        ("joko", "mengarsipkan", "Keliru", Forbidden),
        ("joko", "gone", "Keliru", Forbidden),
        ("rina", "memeriksa", "Keliru", Forbidden),
        ("putu", "memeriksa", "Keliru", Forbidden),
        ("tono", "memeriksa", "Keliru", NotFound),
    ],
)
def test_what_is_refused(
    office: Office, case: UUID, by: str, to: str, reason: str, error: type[AlurError]
) -> None:
    with pytest.raises(error):
        back(office, office.open_task(case, "mengarsipkan"), by, to, reason)
    assert office.open_elements(case) == ["mengarsipkan"]
    refused = [one for one in office.events(case) if one.kind is EventKind.ATTEMPT_REFUSED]
    assert len(refused) == (error is Forbidden)


def test_only_who_holds_the_task_may(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengarsipkan")
    tasks.claim(office.engine, office.people["wati"], task.id)
    with pytest.raises(Forbidden, match="Somebody else"):
        back(office, task, "joko")
    back(office, task, "wati")
    assert office.open_elements(case) == ["memeriksa"]


def test_a_second_click_does_nothing(office: Office, case: UUID) -> None:
    task, attempt = office.open_task(case, "mengarsipkan"), new_id()
    back(office, task, attempt=attempt)
    before = office.events(case)
    assert back(office, task, attempt=attempt).again
    assert office.events(case) == before
    with pytest.raises(Conflict, match="closed"):
        back(office, task, "wati", attempt=attempt)
    with pytest.raises(Conflict, match="closed"):
        back(office, task)


def test_a_step_that_was_not_done_is_nowhere_to_go_back_to(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    office.clock.move(timedelta(hours=49))
    fire_due(office.engine)
    with pytest.raises(Conflict, match="Menghitung capaian has not been done"):
        back(office, office.open_task(case, "menagih"), "sri", "menghitung")


def test_branches_and_timers_go_with_it(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    back(office, office.open_task(case, "menghitung"), "rina", "meminta")
    assert ("menulis", 1, TaskState.CANCELLED) in states(office, case)
    with office.engine.store.reading() as connection:
        assert timers.of_instance(connection, case) == []
    office.complete(case, "meminta", "joko", {})
    assert sorted(office.open_elements(case)) == ["menghitung", "menulis"]
    assert [one.kind for one in office.events(case) if one.element == "menulis"] == [
        EventKind.TASK_OPENED,
        EventKind.TASK_CANCELLED,
        EventKind.TASK_OPENED,
    ]


def test_who_no_longer_holds_the_role_does_not_get_it_again(office: Office, case: UUID) -> None:
    with office.engine.store.reading() as connection:
        kasub, rina = people.role_keys(connection, office.id)["kasub"], office.people["rina"].person
        assert rina is not None
        [held] = people.assignments_of(connection, rina, kasub)
    end_role(office.engine, office.people["dewi"], held.id, "2026-11-22")
    back(office, office.open_task(case, "mengarsipkan"))
    assert office.open_task(case, "memeriksa").assignee is None


def test_nothing_before_it_can_be_taken_back(office: Office, case: UUID) -> None:
    done = next(one for one in office.tasks(case) if one.element == "memeriksa")
    back(office, office.open_task(case, "mengarsipkan"))
    with pytest.raises(Forbidden, match="too late"):
        withdraw(office.engine, office.people["rina"], done.id)


def test_what_was_typed_into_the_task_stays(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengarsipkan")
    drafts.save(office.engine, office.people["joko"], task.id, {"lokasi": ["Lemari"]}, by_hand=False)
    back(office, task)
    with office.engine.store.reading() as connection:
        [kept] = draft_rows.of_task(connection, task.id)
    assert kept.fields == {"lokasi": ["Lemari"]}


def test_the_time_that_was_spent_is_kept(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengarsipkan")
    tasks.claim(office.engine, office.people["joko"], task.id)
    office.clock.move(timedelta(minutes=20))
    back(office, task)
    said = json.loads(office.events(case)[-2].payload or "")
    assert (said["worked"], said["waited"]) == (20, 0)
