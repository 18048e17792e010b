"""Who holds a task and whether its clock runs: taking, handing out, preparing, pausing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine.actions import people, tasks
from engine.actions.roles import end_role
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.event import EventKind
from engine.model.task import Task, TaskState
from engine.queries.roles import attention
from engine.queries.task_page import task_page
from engine.storage import people as people_rows
from engine.storage import tasks as task_rows
from tests.offices import Office

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}
WIB_11 = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def case(office: Office) -> UUID:
    """Start a case: its first task is for Staf, two working hours, from arrival."""
    return office.start().instance


@pytest.fixture
def asked(office: Office, case: UUID) -> Task:
    """Bring it to its second task: for Kasub, one working day, may be handed to Staf."""
    office.complete(case, "mengajukan", "joko", ASKED)
    return office.open_task(case, "memeriksa")


def person(office: Office, name: str) -> UUID:
    found = office.people[name].person
    assert found is not None
    return found


# -- taking it and giving it back --------------------------------------------------------------


def test_who_takes_a_task_holds_it(office: Office, case: UUID) -> None:
    tasks.claim(office.engine, office.people["joko"], office.open_task(case, "mengajukan").id)
    held = office.open_task(case, "mengajukan")
    assert held.assignee == person(office, "joko")
    assert held.claimed_at == office.clock.now()
    assert office.kinds(case)[-1] == EventKind.TASK_CLAIMED


def test_taking_ones_own_again_changes_nothing(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    tasks.claim(office.engine, office.people["joko"], task)
    before = office.open_task(case, "mengajukan"), office.kinds(case)
    tasks.claim(office.engine, office.people["joko"], task)
    assert (office.open_task(case, "mengajukan"), office.kinds(case)) == before


def test_what_somebody_else_holds_can_neither_be_taken_nor_done(office: Office, case: UUID) -> None:
    tasks.claim(office.engine, office.people["joko"], office.open_task(case, "mengajukan").id)
    with pytest.raises(Conflict, match=r"Staf Subbag \(Joko\) is working on this task already"):
        tasks.claim(office.engine, office.people["wati"], office.open_task(case, "mengajukan").id)
    with pytest.raises(Forbidden):
        office.complete(case, "mengajukan", "wati", ASKED)
    assert office.open_elements(case) == ["mengajukan"]


def test_given_back_it_is_everybodys_of_the_role_again(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    tasks.claim(office.engine, office.people["joko"], task)
    tasks.release(office.engine, office.people["joko"], task)
    assert office.open_task(case, "mengajukan").assignee is None
    office.complete(case, "mengajukan", "wati", ASKED)
    assert office.open_elements(case) == ["memeriksa"]


def test_only_its_holder_gives_it_back(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    tasks.claim(office.engine, office.people["joko"], task)
    with pytest.raises(Forbidden):
        tasks.release(office.engine, office.people["wati"], task)
    assert office.open_task(case, "mengajukan").assignee == person(office, "joko")


def test_a_clock_of_mulai_dikerjakan_starts_with_the_first_taking(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    waiting = office.open_task(case, "mengarsipkan")
    assert (waiting.clock_started_at, waiting.due_at) == (None, None)
    office.clock.set(WIB_11)
    tasks.claim(office.engine, office.people["joko"], waiting.id)
    assert office.open_task(case, "mengarsipkan").due_at == WIB_11 + timedelta(minutes=30)
    office.clock.move(timedelta(hours=1))
    tasks.release(office.engine, office.people["joko"], waiting.id)
    tasks.claim(office.engine, office.people["wati"], waiting.id)
    assert office.open_task(case, "mengarsipkan").clock_started_at == WIB_11


def test_an_administrator_frees_a_task_whose_holder_is_gone(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    tasks.claim(office.engine, office.people["joko"], task)
    with pytest.raises(Forbidden):
        tasks.release_orphan(office.engine, office.people["rina"], task)
    with pytest.raises(Conflict, match="can still do this task"):
        tasks.release_orphan(office.engine, office.people["dewi"], task)
    leave(office, "joko")
    tasks.release_orphan(office.engine, office.people["dewi"], task)
    assert office.open_task(case, "mengajukan").assignee is None


def test_a_delegate_without_any_role_left_holds_an_orphan(office: Office, asked: Task) -> None:
    tasks.assign(office.engine, office.people["rina"], asked.id, person(office, "wati"))
    assert attention(office.engine, office.people["dewi"]).orphans == ()
    with pytest.raises(Conflict, match="can still do this task"):
        tasks.release_orphan(office.engine, office.people["dewi"], asked.id)
    lose_roles(office, "wati")
    assert [one.id for one in attention(office.engine, office.people["dewi"]).orphans] == [asked.id]
    tasks.release_orphan(office.engine, office.people["dewi"], asked.id)
    assert office.open_task(asked.instance, "memeriksa").assignee is None


def leave(office: Office, name: str) -> None:
    """Let somebody leave the office."""
    people.deactivate_person(office.engine, office.people["dewi"], person(office, name))


def lose_roles(office: Office, name: str) -> None:
    """Take every role of somebody away, as of yesterday."""
    with office.engine.store.reading() as connection:
        roles = people_rows.role_keys(connection, office.id).values()
        held = [
            one
            for role in roles
            for one in people_rows.assignments_of(connection, person(office, name), role)
        ]
    for one in held:
        end_role(office.engine, office.people["dewi"], one.id, "2026-11-22")


# -- handing it out ----------------------------------------------------------------------------


def test_handed_to_somebody_of_the_role_named_in_the_diagram(office: Office, asked: Task) -> None:
    tasks.assign(office.engine, office.people["rina"], asked.id, person(office, "wati"))
    held = office.open_task(asked.instance, "memeriksa")
    assert (held.assignee, held.delegated_by) == (person(office, "wati"), person(office, "rina"))
    with pytest.raises(Forbidden):
        office.complete(asked.instance, "memeriksa", "rina", {"keputusan": "Ya"})


@pytest.mark.parametrize("name", ["sri", "tono", "rina"])
def test_nobody_else_can_be_chosen(office: Office, asked: Task, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        tasks.assign(office.engine, office.people["rina"], asked.id, person(office, name))
    assert [problem.field for problem in refused.value.problems] == ["person"]


def test_a_step_that_names_no_role_for_it_stays_with_its_own(office: Office, case: UUID) -> None:
    with pytest.raises(Forbidden, match="cannot be handed"):
        tasks.assign(
            office.engine,
            office.people["joko"],
            office.open_task(case, "mengajukan").id,
            person(office, "wati"),
        )


def test_a_delegate_cannot_lend_it_on(office: Office, asked: Task) -> None:
    tasks.assign(office.engine, office.people["rina"], asked.id, person(office, "wati"))
    with pytest.raises(Forbidden):
        tasks.assign(office.engine, office.people["wati"], asked.id, person(office, "joko"))


def test_who_handed_it_out_takes_it_back(office: Office, asked: Task) -> None:
    tasks.assign(office.engine, office.people["rina"], asked.id, person(office, "wati"))
    with pytest.raises(Forbidden):
        tasks.take_back(office.engine, office.people["joko"], asked.id)
    tasks.take_back(office.engine, office.people["rina"], asked.id)
    with pytest.raises(Forbidden):
        office.complete(asked.instance, "memeriksa", "wati", {"keputusan": "Ya"})
    office.complete(asked.instance, "memeriksa", "rina", {"keputusan": "Ya"})


def test_a_delegate_without_a_role_that_day_can_no_longer_do_it(office: Office, asked: Task) -> None:
    tasks.assign(office.engine, office.people["rina"], asked.id, person(office, "wati"))
    office.people["wati"] = replace(office.people["wati"], roles=())
    with pytest.raises(Forbidden):
        office.complete(asked.instance, "memeriksa", "wati", {"keputusan": "Ya"})
    assert office.open_task(asked.instance, "memeriksa").assignee == person(office, "wati")


def test_a_delegate_who_gives_it_back_gives_it_to_the_role(office: Office, asked: Task) -> None:
    tasks.assign(office.engine, office.people["rina"], asked.id, person(office, "wati"))
    tasks.release(office.engine, office.people["wati"], asked.id)
    free = office.open_task(asked.instance, "memeriksa")
    assert (free.assignee, free.delegated_by) == (None, None)


# -- having it prepared --------------------------------------------------------------------------


def test_a_colleague_of_any_post_may_prepare_it_but_not_complete_it(office: Office, asked: Task) -> None:
    tasks.ask_preparation(office.engine, office.people["rina"], asked.id, person(office, "tono"))
    held = office.open_task(asked.instance, "memeriksa")
    assert (held.prepared_by, held.assignee) == (person(office, "tono"), person(office, "rina"))
    with pytest.raises(Forbidden):
        office.complete(asked.instance, "memeriksa", "tono", {"keputusan": "Ya"})
    tasks.end_preparation(office.engine, office.people["tono"], asked.id)
    assert office.open_task(asked.instance, "memeriksa").prepared_by is None


@pytest.mark.parametrize("name", ["dewi", "agus"])
def test_who_only_supervises_or_administers_is_given_no_work(office: Office, asked: Task, name: str) -> None:
    rina = office.people["rina"]
    offered = {option.value for option in task_page(office.engine, rina, asked.id).preparers}
    assert person(office, "tono").hex in offered
    assert person(office, name).hex not in offered
    with pytest.raises(Invalid):
        tasks.ask_preparation(office.engine, rina, asked.id, person(office, name))


def test_who_gets_a_task_prepares_it_no_more(office: Office, asked: Task) -> None:
    engine, rina, wati = office.engine, office.people["rina"], office.people["wati"]
    tasks.ask_preparation(engine, rina, asked.id, person(office, "wati"))
    tasks.assign(engine, rina, asked.id, person(office, "wati"))
    held = office.open_task(asked.instance, "memeriksa")
    assert (held.assignee, held.prepared_by) == (wati.person, None)
    tasks.ask_preparation(engine, wati, asked.id, person(office, "rina"))
    tasks.take_back(engine, rina, asked.id)
    held = office.open_task(asked.instance, "memeriksa")
    assert (held.assignee, held.prepared_by) == (rina.person, None)
    told = json.loads(office.events(asked.instance)[-1].payload or "")
    assert told["was"]["prepared_by"] == person(office, "rina").hex


def test_a_preparer_of_the_role_who_takes_it_prepares_it_no_more(office: Office, case: UUID) -> None:
    engine, task = office.engine, office.open_task(case, "mengajukan").id
    tasks.ask_preparation(engine, office.people["joko"], task, person(office, "wati"))
    tasks.release(engine, office.people["joko"], task)
    tasks.claim(engine, office.people["wati"], task)
    held = office.open_task(case, "mengajukan")
    assert (held.assignee, held.prepared_by) == (person(office, "wati"), None)


def test_only_who_may_do_it_names_who_prepares_it(office: Office, asked: Task) -> None:
    with pytest.raises(Forbidden):
        tasks.ask_preparation(office.engine, office.people["joko"], asked.id, person(office, "tono"))
    with pytest.raises(NotFound):
        tasks.ask_preparation(office.engine, office.people["tono"], asked.id, person(office, "tono"))


# -- its clock -----------------------------------------------------------------------------------


def test_a_pause_moves_the_due_time_by_its_working_minutes(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    assert task.due_at == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 09.00 and two hours
    tasks.pause(office.engine, office.people["joko"], task.id, "  Menunggu \n rapat ")
    paused = office.open_task(case, "mengajukan")
    assert (paused.due_at, paused.pause_reason) == (None, "Menunggu rapat")
    office.clock.move(timedelta(hours=24))  # 09.00 the next day: a working day of 7.5 hours later
    tasks.resume(office.engine, office.people["joko"], task.id)
    running = office.open_task(case, "mengajukan")
    assert running.paused_minutes == 450
    assert running.due_at == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_pauses_add_up(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    for minutes in (20, 30):
        tasks.pause(office.engine, office.people["joko"], task.id, "Menunggu data")
        office.clock.move(timedelta(minutes=minutes))
        tasks.resume(office.engine, office.people["joko"], task.id)
    running = office.open_task(case, "mengajukan")
    assert task.due_at is not None
    assert (running.paused_minutes, running.due_at) == (50, task.due_at + timedelta(minutes=50))


def test_pausing_twice_is_one_pause_and_needs_a_reason(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    with pytest.raises(Invalid) as refused:
        tasks.pause(office.engine, office.people["joko"], task, "   ")
    assert [problem.field for problem in refused.value.problems] == ["reason"]
    tasks.pause(office.engine, office.people["joko"], task, "Menunggu data")
    tasks.pause(office.engine, office.people["joko"], task, "Menunggu lagi")
    assert office.open_task(case, "mengajukan").pause_reason == "Menunggu data"
    assert office.kinds(case).count(EventKind.CLOCK_PAUSED) == 1


def test_taking_a_paused_task_does_not_set_its_clock_going(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    task = office.open_task(case, "mengarsipkan").id
    tasks.pause(office.engine, office.people["joko"], task, "Menunggu tanda tangan")
    tasks.claim(office.engine, office.people["joko"], task)
    assert office.open_task(case, "mengarsipkan").due_at is None
    office.clock.move(timedelta(minutes=60))
    tasks.resume(office.engine, office.people["joko"], task)
    assert office.open_task(case, "mengarsipkan").due_at == office.clock.now() + timedelta(minutes=30)


def test_working_and_waiting_time_are_kept_apart(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    office.clock.move(timedelta(minutes=20))
    tasks.pause(office.engine, office.people["joko"], task, "Menunggu data")
    office.clock.move(timedelta(minutes=45))
    tasks.resume(office.engine, office.people["joko"], task)
    office.clock.move(timedelta(minutes=10))
    office.complete(case, "mengajukan", "joko", ASKED)
    done = next(e for e in office.events(case) if e.kind is EventKind.TASK_COMPLETED)
    payload = json.loads(done.payload or "")
    assert (payload["worked"], payload["waited"]) == (30, 45)


@pytest.mark.parametrize("first", ["taken", "handed out", "prepared", "paused"])
def test_what_changed_since_it_was_read_is_not_written_over(office: Office, asked: Task, first: str) -> None:
    engine, rina, wati = office.engine, office.people["rina"], person(office, "wati")
    if first in {"prepared", "paused"}:  # so that the holder is not what differs
        tasks.claim(engine, rina, asked.id)
    seen = office.open_task(asked.instance, "memeriksa")
    match first:
        case "taken":
            tasks.claim(engine, rina, asked.id)
        case "handed out":
            tasks.assign(engine, rina, asked.id, wati)
        case "prepared":
            tasks.ask_preparation(engine, rina, asked.id, wati)
        case _:
            tasks.pause(engine, rina, asked.id, "Menunggu data")
    now = office.open_task(asked.instance, "memeriksa")
    with engine.store.transaction() as connection:
        assert not task_rows.change(connection, seen, {"pause_reason": "Lain"})
        assert task_rows.change(connection, now, {"pause_reason": "Lain"})


# -- opening it ----------------------------------------------------------------------------------


def test_opening_a_task_is_noted_once_and_is_no_event(office: Office, case: UUID) -> None:
    task, before = office.open_task(case, "mengajukan"), office.kinds(case)
    tasks.see(office.engine, office.people["agus"], task.id)  # may read it, not do it
    assert office.open_task(case, "mengajukan").seen_at is None
    tasks.see(office.engine, office.people["joko"], task.id)
    first = office.clock.now()
    office.clock.move(timedelta(hours=1))
    tasks.see(office.engine, office.people["wati"], task.id)
    assert office.open_task(case, "mengajukan").seen_at == first
    assert office.kinds(case) == before


def test_nothing_can_be_done_with_a_closed_task(office: Office, asked: Task) -> None:
    joko, done = office.people["joko"], office.tasks(asked.instance)[0]
    assert done.state is TaskState.COMPLETED
    for act in (tasks.claim, tasks.release, tasks.take_back, tasks.end_preparation, tasks.resume):
        with pytest.raises(Conflict, match="already completed by Staf Subbag"):
            act(office.engine, joko, done.id)
    assert office.tasks(asked.instance)[0] == done


def test_tasks_of_another_office_do_not_exist(office: Office, case: UUID) -> None:
    elsewhere = replace(office.people["joko"], office=office.people["joko"].person)
    with pytest.raises(NotFound):
        tasks.claim(office.engine, elsewhere, office.open_task(case, "mengajukan").id)
