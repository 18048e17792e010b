"""A running case goes on by another version of its SOP, and back again while nobody has worked on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions import drafts, tasks
from engine.actions.deployment import Package, deploy
from engine.actions.move_saving import Moving
from engine.actions.move_undoing import undo
from engine.actions.moves import move
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import Forbidden, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.model.verdict import Verdict
from engine.storage import batches, incidents, tables
from engine.storage import drafts as draft_rows
from engine.worker import clean_up, fire_due
from tests.chain import head_of
from tests.offices import Office, scan
from tests.revisions import (
    changed,
    for_another_role,
    izin,
    with_a_check_before_archiving,
    with_a_check_before_examining,
    with_more_time,
)

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}


def revised(office: Office, package: Package) -> UUID:
    return deploy(office.engine, operator(office.id), package).version


def moving(office: Office, to: UUID, **mapping: str) -> Moving:
    """Write a batch of one case, as the worker has one of many."""
    version = office.engine.versions.get(to)
    batch = new_id()
    with office.engine.store.transaction() as connection:
        batches.add(
            connection,
            {},
            id=batch,
            office=office.id,
            kind="move",
            process=version.process,
            version=to,
            asked_by=office.people["putu"].person,
            asked_at=office.clock.now() + timedelta(days=365),
            total=1,
        )
    return Moving(to=to, reason="Revisi 2 berlaku", batch=batch, mapping=mapping)


def moved(office: Office, case: UUID, to: UUID, **mapping: str) -> bool:
    return move(office.engine, office.people["putu"], case, moving(office, to, **mapping)).moved


def rows(office: Office, case: UUID) -> dict[str, list[dict[str, Any]]]:
    """Read everything that is kept of a case but its record."""
    found = {}
    with office.engine.store.reading() as connection:
        for table in (
            tables.instance,
            tables.task,
            tables.timer,
            tables.message_wait,
            tables.job,
            tables.draft,
            tables.document,
            tables.blob,
            tables.participant,
        ):
            column = table.c.get("instance")
            if column is None:
                column = table.c.id if table is tables.instance else None
            query = select(table) if column is None else select(table).where(column == case)
            found[table.name] = [
                {
                    name: value
                    for name, value in row.items()
                    if name not in ("guard", "last_seq", "chain_head")
                }
                for row in connection.execute(query).mappings()
            ]
    return found


def chain_head(office: Office, case: UUID) -> bytes:
    with office.engine.store.reading() as connection:
        found = connection.execute(select(tables.instance.c.chain_head).where(tables.instance.c.id == case))
        head: bytes = found.scalar_one()
    return head


def test_the_case_goes_on_by_the_new_version(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    to = revised(office, with_a_check_before_archiving())
    assert moved(office, case, to)
    assert {task.version for task in office.tasks(case)} == {to}
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert office.open_elements(case) == ["memastikan"]
    office.complete(case, "memastikan", "joko", {})
    archive = office.open_task(case, "mengarsipkan").id
    drafts.stage(office.engine, office.people["joko"], archive, scan("Arsip"), {})
    office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"})
    assert office.kinds(case)[-1] == EventKind.CASE_FINISHED


def test_the_record_says_who_why_from_and_to(office: Office) -> None:
    case = office.start().instance
    old = office.open_task(case, "mengajukan").version
    to = revised(office, with_more_time())
    assert moved(office, case, to)
    event = office.events(case)[-1]
    said = json.loads(event.payload or "")
    assert event.kind is EventKind.CASE_MOVED
    assert event.actor == office.people["putu"].person
    assert said["revisions"] == [1, 2]
    assert said["versions"] == [old.hex, to.hex]
    assert said["reason"] == "Revisi 2 berlaku"
    assert head_of(office.events(case)) == chain_head(office, case)


def test_who_has_it_keeps_it_with_what_was_typed(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")
    joko = office.people["joko"]
    tasks.claim(office.engine, joko, task.id)
    drafts.save(office.engine, joko, task.id, {"kegiatan": ["Rapat"]}, by_hand=False)
    assert moved(office, case, revised(office, with_a_check_before_archiving()))
    now = office.open_task(case, "mengajukan")
    assert (now.id, now.assignee, now.due_at) == (task.id, joko.person, task.due_at)
    with office.engine.store.reading() as connection:
        [kept] = draft_rows.of_task(connection, task.id)
    assert kept.fields["kegiatan"] == ["Rapat"]


def test_the_time_of_the_open_step_is_the_new_one_from_when_it_began(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    before = office.open_task(case, "memeriksa").due_at
    office.clock.move(timedelta(hours=1))
    assert moved(office, case, revised(office, with_more_time()))
    after = office.open_task(case, "memeriksa").due_at
    assert before is not None
    assert after is not None
    assert after - before == timedelta(days=1)


def test_the_open_step_goes_to_the_new_role(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    task = office.open_task(case, "memeriksa")
    tasks.claim(office.engine, office.people["rina"], task.id)
    assert moved(office, case, revised(office, for_another_role()))
    now = office.open_task(case, "memeriksa")
    assert (now.role, now.assignee) == ("sekdin", None)
    office.complete(case, "memeriksa", "sri", {"keputusan": "Ya"})
    assert office.open_elements(case) == ["mengarsipkan"]


def test_an_open_step_becomes_the_one_it_is_mapped_to(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    task = office.open_task(case, "memeriksa")
    to = revised(office, with_a_check_before_examining())
    judgement = move(office.engine, office.people["putu"], case, moving(office, to)).judgement
    assert judgement.verdict is Verdict.BLOCKED
    assert (judgement.mappable, judgement.suggested) == ("memeriksa", "mencatat")
    assert office.open_task(case, "memeriksa").version == task.version
    office.clock.move(timedelta(hours=3))
    assert moved(office, case, to, memeriksa="mencatat")
    now = office.open_task(case, "mencatat")
    assert (now.id, now.name, now.role, now.round) == (task.id, "Mencatat permohonan", "staf", 1)
    assert now.due_at is not None
    assert now.due_at > office.clock.now()
    office.complete(case, "mencatat", "joko", {})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert office.open_elements(case) == ["mengarsipkan"]


def test_only_the_owner_moves_a_case_of_his_office(office: Office) -> None:
    case = office.start().instance
    to = revised(office, with_more_time())
    for name in ("joko", "agus", "dewi", "lina"):
        with pytest.raises(NotFound):
            move(office.engine, office.people[name], case, moving(office, to))
    assert office.open_task(case, "mengajukan").version != to


def test_a_completion_can_no_longer_be_taken_back(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    done = office.tasks(case)[0].id
    assert moved(office, case, revised(office, with_more_time()))
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["joko"], done)


# -- taking a move back


@pytest.mark.parametrize(
    ("package", "mapping"),
    [
        (with_a_check_before_archiving, {}),
        (for_another_role, {}),
        (with_a_check_before_examining, {"memeriksa": "mencatat"}),
    ],
)
def test_a_move_is_taken_back_exactly(
    office: Office, package: Callable[[], Package], mapping: dict[str, str]
) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    tasks.claim(office.engine, office.people["rina"], office.open_task(case, "memeriksa").id)
    before = rows(office, case)
    assert moved(office, case, revised(office, package()), **mapping)
    assert rows(office, case) != before
    office.clock.move(timedelta(hours=1))
    undo(office.engine, office.people["putu"], case)
    assert rows(office, case) == before
    assert office.kinds(case)[-1] == EventKind.MOVE_UNDONE
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert office.open_elements(case) == ["mengarsipkan"]
    assert head_of(office.events(case)) == chain_head(office, case)


def test_a_move_is_not_taken_back_behind_somebody_who_worked_on_it(office: Office) -> None:
    case = office.start().instance
    assert moved(office, case, revised(office, with_more_time()))
    tasks.claim(office.engine, office.people["joko"], office.open_task(case, "mengajukan").id)
    with pytest.raises(Forbidden, match=r"\(Joko\) has worked on the case since"):
        undo(office.engine, office.people["putu"], case)
    assert office.kinds(case)[-1] == EventKind.ATTEMPT_REFUSED


def test_what_was_typed_and_chosen_waits_again_as_it_did(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    task, rina = office.open_task(case, "memeriksa"), office.people["rina"]
    tasks.claim(office.engine, rina, task.id)
    tasks.pause(office.engine, rina, task.id, "Menunggu surat")
    drafts.save(office.engine, rina, task.id, {"catatan": ["Biaya"]}, by_hand=True)
    before = rows(office, case)
    office.clock.move(timedelta(hours=1))
    assert moved(office, case, revised(office, with_a_check_before_examining()), memeriksa="mencatat")
    assert rows(office, case)["draft"] == before["draft"]  # it came along
    assert rows(office, case) != before
    office.clock.move(timedelta(hours=1))
    undo(office.engine, office.people["putu"], case)
    assert rows(office, case) == before


def test_a_move_is_not_taken_back_behind_somebody_who_is_typing(office: Office) -> None:
    case = office.start().instance
    task, joko = office.open_task(case, "mengajukan"), office.people["joko"]
    tasks.claim(office.engine, joko, task.id)
    drafts.save(office.engine, joko, task.id, {"kegiatan": ["Rapat"]}, by_hand=False)
    office.clock.move(timedelta(hours=1))
    to = revised(office, with_more_time())
    assert moved(office, case, to)
    undo(office.engine, office.people["putu"], case)
    assert moved(office, case, to)
    office.clock.move(timedelta(minutes=5))
    drafts.save(office.engine, joko, task.id, {"kegiatan": ["Rapat kerja"]}, by_hand=False)
    with pytest.raises(Forbidden, match=r"\(Joko\) has worked on the case since"):
        undo(office.engine, office.people["putu"], case)
    assert office.open_task(case, "mengajukan").version == to


def test_a_move_is_taken_back_once(office: Office) -> None:
    case = office.start().instance
    assert moved(office, case, revised(office, with_more_time()))
    undo(office.engine, office.people["putu"], case)
    with pytest.raises(Forbidden):
        undo(office.engine, office.people["putu"], case)
    assert [task.state for task in office.tasks(case)] == [TaskState.OPEN]


def test_a_withdrawal_is_possible_again_after_a_move_was_taken_back(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    done = office.tasks(case)[0].id
    assert moved(office, case, revised(office, with_more_time()))
    undo(office.engine, office.people["putu"], case)
    withdraw(office.engine, office.people["joko"], done)
    assert office.open_elements(case) == ["mengajukan"]


def test_what_can_no_longer_be_put_back_is_not_kept(office: Office) -> None:
    first, second = (office.start(knowingly=True).instance for _ in range(2))
    to = revised(office, with_more_time())
    for case in (first, second):
        assert moved(office, case, to)
    office.complete(first, "mengajukan", "joko", ASKED)
    clean_up(office.engine)
    with office.engine.store.reading() as connection:
        query = select(tables.moved.c.instance).where(tables.moved.c.before.is_not(None))
        assert list(connection.scalars(query)) == [second]
    undo(office.engine, office.people["putu"], second)


# -- timers

LATE = (
    '<bpmn:boundaryEvent id="lambat" attachedToRef="memeriksa" cancelActivity="false">'
    "<bpmn:timerEventDefinition><bpmn:timeDuration>{span}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    '</bpmn:boundaryEvent><bpmn:endEvent id="sudah" />'
    '<bpmn:sequenceFlow id="f_lambat" sourceRef="lambat" targetRef="sudah" /></bpmn:process>'
)


def with_timer(span: str) -> Package:
    return changed(izin(), ("</bpmn:process>", LATE.format(span=span)))


def timers_of(office: Office, case: UUID) -> list[Any]:
    return [row["due_at"] for row in rows(office, case)["timer"]]


def test_timers_come_along_and_back(office: Office) -> None:
    revised(office, with_timer("PT5H"))
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    arrived = office.clock.now()
    assert timers_of(office, case) == [arrived + timedelta(hours=5)]
    office.clock.move(timedelta(hours=1))
    longer = revised(office, with_timer("PT50H"))
    assert moved(office, case, longer)
    assert timers_of(office, case) == [arrived + timedelta(hours=50)]
    undo(office.engine, office.people["putu"], case)
    assert timers_of(office, case) == [arrived + timedelta(hours=5)]


FAILING = (
    '<bpmn:boundaryEvent id="late" attachedToRef="mengajukan" cancelActivity="false">'
    "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    '</bpmn:boundaryEvent><bpmn:scriptTask id="boom"><bpmn:script>zz = 1 // (1 - 1)</bpmn:script>'
    '</bpmn:scriptTask><bpmn:endEvent id="over" /><bpmn:sequenceFlow id="l1" sourceRef="late"'
    ' targetRef="boom" /><bpmn:sequenceFlow id="l2" sourceRef="boom" targetRef="over" /></bpmn:process>'
)


def test_what_failed_and_is_gone_no_longer_stops_the_case(office: Office) -> None:
    revised(office, changed(izin(), ("</bpmn:process>", FAILING)))
    case = office.start().instance
    office.clock.move(timedelta(hours=2))
    fire_due(office.engine)

    def stopped() -> int:
        with office.engine.store.reading() as connection:
            return len(incidents.open_of(connection, case))

    assert stopped() == 1
    assert moved(office, case, revised(office, with_more_time()))
    assert stopped() == 0
    assert office.kinds(case)[-1] == EventKind.INCIDENT_SOLVED
    undo(office.engine, office.people["putu"], case)
    assert stopped() == 1  # the timer waits again, and has failed
    assert office.kinds(case)[-2:] == [EventKind.MOVE_UNDONE, EventKind.INCIDENT_OPENED]


def test_the_clock_of_a_step_that_became_another_one_runs(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    task, rina = office.open_task(case, "memeriksa"), office.people["rina"]
    tasks.claim(office.engine, rina, task.id)
    tasks.pause(office.engine, rina, task.id, "Menunggu berkas")
    office.clock.move(timedelta(hours=1))
    before = rows(office, case)
    assert moved(office, case, revised(office, with_a_check_before_examining()), memeriksa="mencatat")
    now = office.open_task(case, "mencatat")
    assert (now.paused_at, now.paused_minutes) == (None, 0)
    assert now.due_at is not None
    undo(office.engine, office.people["putu"], case)
    assert rows(office, case) == before
