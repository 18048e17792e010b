"""A case replayed: how it stood at each event, and what each event says, from the record alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from engine.actions import tasks, withdrawal
from engine.errors import Forbidden, NotFound
from engine.model.actor import Standing
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.replay import Noted
from engine.queries.replay import Replay, ReplayAsked, form_then, replay
from engine.queries.replay_list import EventGroup
from engine.storage import tables
from tests.offices import Office
from tests.replaying import ASKED, NOTES, eventful, person


def at(office: Office, case: UUID, step: int | None = None, **asked: object) -> Replay:
    found = ReplayAsked(step=step, **asked)  # type: ignore[arg-type]
    return replay(office.engine, office.people["agus"], case, found)


def seqs(office: Office, case: UUID, kind: EventKind) -> list[int]:
    return [one.seq for one in office.events(case) if one.kind is kind]


def opened(found: Replay) -> list[tuple[str, int, str, str]]:
    return [(line.task.key.element, line.task.key.round, line.holder, line.lender) for line in found.open]


@pytest.fixture
def case(drawn: Office) -> UUID:
    return eventful(drawn)


def test_who_had_what_at_each_moment(drawn: Office, case: UUID) -> None:
    first = at(drawn, case, 1)
    assert opened(first) == [("mengajukan", 1, "", "")]
    [claimed] = seqs(drawn, case, EventKind.TASK_CLAIMED)
    [assigned] = seqs(drawn, case, EventKind.TASK_ASSIGNED)
    examining = ("memeriksa", 1)
    assert opened(at(drawn, case, claimed)) == [(*examining, "Kasubbag Penyusunan Program", "")]
    assert opened(at(drawn, case, assigned)) == [(*examining, "Staf Subbag", "Kasubbag Penyusunan Program")]


def test_what_was_done_at_once_is_one_moment(drawn: Office, case: UUID) -> None:
    done = seqs(drawn, case, EventKind.TASK_COMPLETED)[0]
    before, after, led = at(drawn, case, done - 1), at(drawn, case, done), at(drawn, case, done + 1)
    assert [line.task.key.element for line in before.open] == ["mengajukan"]
    assert [line.task.key.element for line in after.open] == ["memeriksa"]
    assert (led.event.happened.kind, led.event.first) == (EventKind.TASK_OPENED, done)
    assert opened(led) == opened(after)


def test_a_return_is_a_round_of_its_own(drawn: Office, case: UUID) -> None:
    returned = seqs(drawn, case, EventKind.TASK_COMPLETED)[1]
    found = at(drawn, case, returned)
    assert opened(found) == [("mengajukan", 2, "", "")]
    assert found.way.elements["memeriksa"] == "returned"
    assert found.way.flows["f_tidak"] == "returned"
    assert [(one.gateway, one.flow) for one in found.event.chosen] == [("Diterima?", "Tidak")]
    assert [(to.element, to.round) for to in found.event.happened.opened] == [("mengajukan", 2)]
    assert found.event.happened.on_behalf_of.startswith("Kasubbag Penyusunan Program")
    rounds = [(line.task.key.element, line.task.key.round, line.is_open) for line in found.lines]
    assert rounds == [("mengajukan", 1, False), ("memeriksa", 1, False), ("mengajukan", 2, True)]


def test_the_way_ahead_is_not_known_before_it_is_taken(drawn: Office, case: UUID) -> None:
    assert set(at(drawn, case, 1).way.flows) == {"f0"}
    assert "memeriksa" not in at(drawn, case, 1).way.elements


def test_a_move_changes_the_picture(drawn: Office, case: UUID) -> None:
    [moved] = seqs(drawn, case, EventKind.CASE_MOVED)
    assert at(drawn, case, moved - 1).version.number == 1
    there = at(drawn, case, moved)
    assert (there.version.number, there.facts.version_number) == (2, 2)
    assert next(one.happened.seq for one in there.listing.rows if one.version == 2) == moved
    assert opened(at(drawn, case))[0][0] == "memastikan"


def test_a_value_has_its_old_one_and_whose_that_was(drawn: Office, case: UUID) -> None:
    first, _refusal, second, _last = seqs(drawn, case, EventKind.TASK_COMPLETED)
    entered = at(drawn, case, first).event.entered
    assert entered is not None
    assert (entered.before, entered.after["biaya"]) == ({}, 1500)
    again = at(drawn, case, second).event.entered
    assert again is not None
    assert (again.before["biaya"], again.after["biaya"]) == (1500, 1200)
    assert (again.authors["biaya"].seq, again.authors["rincian"].seq) == (first, first)
    [amended] = seqs(drawn, case, EventKind.TASK_AMENDED)
    corrected = at(drawn, case, amended).event
    assert corrected.entered is not None
    assert (corrected.entered.before["biaya"], corrected.entered.after["biaya"]) == (1200, 1250)
    assert corrected.entered.authors["biaya"].author == "Staf Subbag (Joko)"
    assert corrected.by_administrator


def test_the_form_is_as_it_was_handed_in(drawn: Office, case: UUID) -> None:
    first = seqs(drawn, case, EventKind.TASK_COMPLETED)[0]
    found = form_then(drawn.engine, drawn.people["agus"], case, first)
    assert found.version.number == 1
    assert found.event.entered is not None
    assert found.event.entered.after["kegiatan"] == ASKED["kegiatan"]
    with pytest.raises(NotFound, match="no form"):
        form_then(drawn.engine, drawn.people["agus"], case, first + 1)


def test_what_is_worth_finding_is_noted(drawn: Office, case: UUID) -> None:
    notes = at(drawn, case).notes
    of = {what: [note.seq for note in notes if note.what is what] for what in Noted}
    assert of[Noted.REFUSED] == seqs(drawn, case, EventKind.ATTEMPT_REFUSED)
    assert of[Noted.RETURNED] == [seqs(drawn, case, EventKind.TASK_COMPLETED)[1]]
    assert of[Noted.CORRECTED] == seqs(drawn, case, EventKind.TASK_AMENDED)
    assert of[Noted.MOVED] == seqs(drawn, case, EventKind.CASE_MOVED)
    late = [(note.seq, note.key and note.key.element) for note in notes if note.what is Noted.LATE]
    [assigned] = seqs(drawn, case, EventKind.TASK_ASSIGNED)
    assert (assigned, "memeriksa") in late
    refused = at(drawn, case, group=EventGroup.REFUSED).listing.rows
    assert {one.happened.kind for one in refused} == {EventKind.ATTEMPT_REFUSED}
    for group, told in ((EventGroup.LATE, True), (EventGroup.ALL, True), (EventGroup.HOLDERS, False)):
        rows = at(drawn, case, group=group).listing.rows
        assert any(note.what is Noted.LATE for row in rows for note in row.notes) is told, group


def test_roles_and_how_they_were_held(drawn: Office, case: UUID) -> None:
    found = at(drawn, case, 1).event
    assert [(role.label, role.standing) for role in found.roles] == [("Staf", Standing.DEFINITIVE)]


def test_time_stands_beside_the_standard_of_that_moment(drawn: Office, case: UUID) -> None:
    returned = seqs(drawn, case, EventKind.TASK_COMPLETED)[1]
    line = next(one for one in at(drawn, case, returned).lines if one.task.key.element == "memeriksa")
    assert line.allowed is not None
    assert line.is_late
    assert line.worked > line.allowed
    before = next(one for one in at(drawn, case, returned - 1).lines if one.is_open)
    assert (before.is_late, before.worked) == (False, 60)


def test_a_jump_to_an_instant(drawn: Office, case: UUID) -> None:
    events = drawn.events(case)
    between = events[4].at + timedelta(seconds=1)
    assert at(drawn, case, at=between).step == max(one.seq for one in events if one.at <= between)
    assert at(drawn, case, at=events[0].at - timedelta(days=1)).step == 1


def test_it_is_read_from_the_record_alone(drawn: Office, case: UUID) -> None:
    last = at(drawn, case)
    with drawn.engine.store.transaction() as connection:
        connection.execute(delete(tables.draft))
        connection.execute(delete(tables.task).where(tables.task.c.instance == case))
        connection.execute(update(tables.instance).where(tables.instance.c.id == case).values(state=None))
    again = at(drawn, case)
    assert (opened(again), again.way, again.notes) == (opened(last), last.way, last.notes)


def test_a_completion_that_was_taken_back(drawn: Office) -> None:
    case = drawn.start().instance
    drawn.clock.move(timedelta(hours=1))
    drawn.complete(case, "mengajukan", "joko", ASKED)
    done = next(one for one in drawn.tasks(case) if one.element == "mengajukan")
    withdrawal.withdraw(drawn.engine, drawn.people["joko"], done.id)
    found = at(drawn, case)
    assert opened(found) == [("mengajukan", 1, "Staf Subbag", "")]
    assert set(found.way.flows) == {"f0"}
    assert [line.taken_back for line in found.lines] == [True, False]
    drawn.complete(case, "mengajukan", "joko", ASKED | {"biaya": "900"})
    entered = at(drawn, case).event
    done_again = seqs(drawn, case, EventKind.TASK_COMPLETED)[1]
    entered = at(drawn, case, done_again).event
    assert entered.entered is not None
    assert entered.entered.before == {}


def test_a_paused_clock_is_not_late(drawn: Office) -> None:
    case = drawn.start().instance
    task = drawn.open_task(case, "mengajukan").id
    tasks.pause(drawn.engine, drawn.people["joko"], task, "Menunggu data")
    drawn.clock.move(timedelta(days=2))
    tasks.resume(drawn.engine, drawn.people["joko"], task)
    found = at(drawn, case)
    assert [note.what for note in found.notes] == []
    assert found.open[0].waited > 0


def test_steps_that_are_not_there(drawn: Office, case: UUID) -> None:
    for step in (0, -1, 10_000):
        with pytest.raises(NotFound, match="no event"):
            at(drawn, case, step)


def test_only_who_reads_the_record_replays(drawn: Office, case: UUID) -> None:
    for name in ("joko", "rina", "lina", "dewi", "tono"):
        with pytest.raises(Forbidden):
            replay(drawn.engine, drawn.people[name], case, ReplayAsked())
    assert (
        replay(drawn.engine, drawn.people["putu"], case, ReplayAsked()).facts.status is InstanceStatus.RUNNING
    )


def test_a_case_of_another_office_is_not_found(drawn: Office) -> None:
    with pytest.raises(NotFound):
        at(drawn, person(drawn, "joko"))


def test_the_notes_of_a_reviewer_are_what_was_entered(drawn: Office, case: UUID) -> None:
    returned = seqs(drawn, case, EventKind.TASK_COMPLETED)[1]
    entered = at(drawn, case, returned).event.entered
    assert entered is not None
    assert entered.after["catatan"] == NOTES
    assert isinstance(at(drawn, case, returned).at, datetime)
