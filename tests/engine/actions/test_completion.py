"""Completing a task: exactly once, by whom it is for, with everything on record."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.actions import drafts, tasks
from engine.actions.completion import Completion, complete
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.storage import drafts as rows
from tests.offices import Office, scan

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}


def test_a_completion_closes_the_task_and_opens_the_next(office: Office) -> None:
    case = office.start().instance
    done = office.complete(case, "mengajukan", "joko", ASKED)
    assert done.opened == ("memeriksa",)
    assert office.open_elements(case) == ["memeriksa"]
    first = office.tasks(case)[0]
    assert first.state is TaskState.COMPLETED
    assert first.completed_by == office.people["joko"].person


def test_a_case_ends_with_its_last_task_and_leaves_no_state(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    drafts.stage(office.engine, office.people["joko"], office.open_task(case, "mengarsipkan").id, scan(), {})
    done = office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"})
    assert done.finished
    assert office.open_elements(case) == []
    assert office.kinds(case)[-1] == EventKind.CASE_FINISHED


def test_a_refusal_opens_the_first_step_again_as_round_two(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Biaya terlalu tinggi"})
    again = office.open_task(case, "mengajukan")
    assert again.round == 2


def test_notes_are_required_for_a_refusal(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    with pytest.raises(Invalid) as refused:
        office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak"})
    assert [problem.field for problem in refused.value.problems] == ["catatan"]
    assert office.open_elements(case) == ["memeriksa"]


def test_a_stranger_cannot_complete_it_because_it_does_not_exist_for_him(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")
    with pytest.raises(NotFound):
        office.complete(case, "mengajukan", "tono", ASKED)
    assert office.open_task(case, "mengajukan") == task


def test_who_follows_the_case_by_role_may_not_do_anothers_step(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    with pytest.raises(Forbidden):
        office.complete(case, "memeriksa", "joko", {"keputusan": "Ya"})
    refused = office.events(case)[-1]
    assert refused.kind is EventKind.ATTEMPT_REFUSED
    assert refused.actor == office.people["joko"].person


def test_a_second_person_is_told_who_was_first(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")
    office.complete(case, "mengajukan", "joko", ASKED)
    other = Completion(fields={"kegiatan": ["Lain"]}, attempt=new_id())
    with pytest.raises(Conflict) as lost:
        complete(office.engine, office.people["wati"], task.id, other)
    assert "Staf Subbag" in str(lost.value)
    with office.engine.store.reading() as connection:
        kept = rows.of_person(connection, task.id, office.people["wati"].person)
    assert kept is not None
    assert kept.fields == {"kegiatan": ["Lain"]}


def test_the_same_attempt_twice_completes_once(office: Office) -> None:
    case = office.start().instance
    task, attempt = office.open_task(case, "mengajukan"), new_id()
    office.complete(case, "mengajukan", "joko", ASKED, attempt=attempt)
    before = office.kinds(case)
    again = complete(
        office.engine,
        office.people["joko"],
        task.id,
        Completion(fields={"kegiatan": ["Pelatihan"]}, attempt=attempt),
    )
    assert again.instance == case
    assert office.kinds(case) == before


def test_of_an_acts_events_the_first_carries_its_attempt(office: Office) -> None:
    case, attempt = office.start().instance, new_id()
    before = len(office.kinds(case))
    office.complete(case, "mengajukan", "joko", ASKED, attempt=attempt)
    act = office.events(case)[before:]
    assert len(act) > 1
    assert [event.kind for event in act if event.attempt == attempt] == [EventKind.TASK_COMPLETED]


def test_the_same_person_trying_anew_is_told_that_it_is_done(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")
    office.complete(case, "mengajukan", "joko", ASKED)
    before = office.kinds(case)
    with pytest.raises(Conflict, match="already completed"):
        office.complete_task(task.id, "joko", ASKED)
    assert office.kinds(case) == [*before, EventKind.ATTEMPT_REFUSED]


def test_what_was_typed_comes_back_after_a_mistake(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")
    with pytest.raises(Invalid):
        office.complete(case, "mengajukan", "joko", {"kegiatan": "", "biaya": "banyak"})
    with office.engine.store.reading() as connection:
        kept = rows.of_person(connection, task.id, office.people["joko"].person)
    assert kept is not None
    assert kept.fields == {"kegiatan": [""], "biaya": ["banyak"]}


def test_a_required_document_must_be_uploaded(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    with pytest.raises(Invalid) as refused:
        office.complete(case, "mengarsipkan", "joko", {"lokasi": ""})
    assert {problem.field for problem in refused.value.problems} == {"lokasi", "output.0"}


def test_the_record_holds_what_was_submitted_and_what_it_replaced(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Terlalu mahal"})
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan", "biaya": "1.000"})
    done = [event for event in office.events(case) if event.kind is EventKind.TASK_COMPLETED]
    payload = json.loads(done[-1].payload or "")
    assert payload["data"]["biaya"] == 1000
    assert payload["was"] == {"biaya": 1500}
    assert done[-1].round == 2
    assert payload["software"].startswith("0.2.0/3.2.0/")


def test_naming_a_person_assigns_the_next_task(office: Office) -> None:
    case = office.start().instance
    rina = office.people["rina"].person
    assert rina is not None
    office.complete(case, "mengajukan", "joko", ASKED | {"pemeriksa": rina.hex})
    assert office.open_task(case, "memeriksa").assignee == rina


def test_a_delegate_completes_on_behalf_of_the_holder(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    rina, wati = office.people["rina"], office.people["wati"]
    assert wati.person is not None
    tasks.assign(office.engine, rina, office.open_task(case, "memeriksa").id, wati.person)
    office.complete(case, "memeriksa", "wati", {"keputusan": "Ya"})
    done = next(one for one in office.tasks(case) if one.element == "memeriksa")
    assert (done.completed_by, done.on_behalf_of) == (wati.person, rina.person)
    done = [event for event in office.events(case) if event.kind is EventKind.TASK_COMPLETED][-1]
    assert (done.actor, done.on_behalf_of) == (office.people["wati"].person, office.people["rina"].person)


def test_work_done_earlier_is_dated_between_arrival_and_today(office: Office) -> None:
    case = office.start().instance
    arrived = office.engine.calendar_of(office.id).local(office.clock.now()).date()
    office.clock.move(timedelta(days=3))
    with pytest.raises(Invalid):
        office.complete(case, "mengajukan", "joko", ASKED, done_on=arrived - timedelta(days=1))
    office.complete(case, "mengajukan", "joko", ASKED, done_on=arrived)
    done = office.tasks(case)[0]
    assert done.done_on is not None
    assert done.completed_at is not None
    assert done.done_on < done.completed_at
