"""A case is rebuilt from its events; what was changed behind its back is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, select, update

from engine.actions import calendar, cancellation, documents, tasks, withdrawal
from engine.actions.amendments import Amendment, amend
from engine.actions.deployment import deploy, read_package
from engine.actions.erasures import erase
from engine.actions.move_undoing import undo
from engine.actions.offices import operator
from engine.ids import new_id
from engine.model.document import DocumentState
from engine.model.erasure import Erasure, begun_in, begun_of
from engine.model.event import GENESIS, EventKind, chain_link, header_of
from engine.model.hours import Hours
from engine.model.instance import InstanceStatus
from engine.queries.stored_case import StoredCase, stored_cases
from engine.record.rebuild import Answer, Difference, Rebuilder, Same, Untold
from engine.storage import tables
from tests.engine.actions.test_moves import ASKED, moved, revised
from tests.offices import MONDAY, SAMPLES, Office, raw, scan
from tests.revisions import with_a_check_before_archiving, with_more_time


def rebuilt(office: Office, case: UUID) -> Answer:
    [(_, answer)] = Rebuilder(office.engine).rebuild([case])
    return answer


def changed(office: Office, table: Table, case: UUID, **columns: Any) -> None:
    """Change the newest row of a case, as who can write to the database might."""
    key = list(table.primary_key.columns)[-1]
    with office.engine.store.transaction() as connection:
        newest = connection.scalar(select(key).where(table.c.instance == case).order_by(key.desc()).limit(1))
        connection.execute(update(table).where(table.c.instance == case, key == newest).values(**columns))


@pytest.fixture
def case(office: Office) -> UUID:
    """Give a case whose first step is done."""
    started = office.start().instance
    office.complete(started, "mengajukan", "joko", ASKED)
    return started


def seq_of(office: Office, case: UUID, kind: EventKind) -> int:
    return max(one.seq for one in office.events(case) if one.kind is kind)


def test_a_case_is_what_its_events_lead_to(office: Office, case: UUID) -> None:
    assert rebuilt(office, case) == Same(events=len(office.events(case)))


def test_what_people_do_beside_completing_is_rebuilt_too(office: Office, case: UUID) -> None:
    engine, rina, task = office.engine, office.people["rina"], office.open_task(case, "memeriksa").id
    tasks.claim(engine, rina, task)
    tasks.pause(engine, rina, task, "Menunggu berkas asli")
    office.clock.move(timedelta(hours=3))
    tasks.resume(engine, rina, task)
    documents.comment(engine, rina, task, "Sudah saya lihat", new_id())
    documents.attach(engine, rina, task, "Lampiran", scan("Lampiran"), new_id())
    tasks.ask_preparation(engine, rina, task, office.people["wati"].person or new_id())
    tasks.release(engine, rina, task)
    assert rebuilt(office, case) == Same(events=len(office.events(case)))


def test_a_withdrawn_completion_is_rebuilt(office: Office, case: UUID) -> None:
    [done, _open] = office.tasks(case)
    withdrawal.withdraw(office.engine, office.people["joko"], done.id)
    assert rebuilt(office, case) == Same(events=len(office.events(case)))
    office.complete(case, "mengajukan", "joko", ASKED | {"kegiatan": "Rapat"})
    assert rebuilt(office, case) == Same(events=len(office.events(case)))


def test_a_correction_and_a_cancellation_are_rebuilt(office: Office, case: UUID) -> None:
    fields = raw(ASKED | {"kegiatan": "Lokakarya"})
    sent = Amendment(fields=fields, reason="Keliru", attempt=new_id())
    amend(office.engine, office.people["joko"], office.tasks(case)[0].id, sent)
    assert rebuilt(office, case) == Same(events=len(office.events(case)))
    cancellation.cancel(office.engine, office.people["putu"], case, "Tidak jadi")
    assert rebuilt(office, case) == Same(events=len(office.events(case)))


def test_a_move_and_its_undoing_are_rebuilt(office: Office, case: UUID) -> None:
    assert moved(office, case, revised(office, with_a_check_before_archiving()))
    assert rebuilt(office, case) == Same(events=len(office.events(case)))
    undo(office.engine, office.people["putu"], case)
    assert rebuilt(office, case) == Same(events=len(office.events(case)))
    assert moved(office, case, revised(office, with_more_time()))
    assert rebuilt(office, case) == Same(events=len(office.events(case)))


def test_a_task_that_was_closed_by_hand_is_named(office: Office, case: UUID) -> None:
    changed(office, tables.task, case, state="cancelled")
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert found.seq == seq_of(office, case, EventKind.TASK_OPENED)
    assert (str(found.what), str(found.expected), str(found.found)) == (
        "The state of the task “Memeriksa permohonan”, round 1",
        "open",
        "cancelled",
    )
    assert found.at == office.events(case)[found.seq - 1].at


def commented(office: Office, case: UUID) -> None:
    """Let somebody write a comment, which changes nothing."""
    task = office.open_task(case, "memeriksa").id
    documents.comment(office.engine, office.people["rina"], task, "Sudah saya lihat", new_id())
    assert isinstance(rebuilt(office, case), Same)


TAMPERED: dict[str, tuple[Table, Mapping[str, Any], str]] = {
    "due": (tables.task, {"due_at": None}, "When the task “Memeriksa permohonan” is due, round 1"),
    "role": (tables.task, {"role": "kadin"}, "The role of the task “Memeriksa permohonan”, round 1"),
    "document": (tables.document, {"state": DocumentState.APPROVED.value}, "The document “"),
    "version": (tables.document, {"version": 7}, "The document “"),
    "author": (tables.document, {"author": UUID(int=7)}, "The document “"),
    "comment": (tables.comment, {"text": "Setuju"}, "A comment"),
    "commenter": (tables.comment, {"author": UUID(int=7)}, "A comment"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_changed_column_is_named(office: Office, case: UUID, what: str) -> None:
    table, columns, said = TAMPERED[what]
    commented(office, case)
    changed(office, table, case, **columns)
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert str(found.what).startswith(said)


def test_who_was_made_to_hold_a_task_is_named_with_who_should(office: Office, case: UUID) -> None:
    tasks.claim(office.engine, office.people["rina"], office.open_task(case, "memeriksa").id)
    changed(office, tables.task, case, assignee=office.people["budi"].person)
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert found.seq == seq_of(office, case, EventKind.TASK_CLAIMED)
    assert str(found.what) == "Who holds the task “Memeriksa permohonan”, round 1"
    assert "Rina" in str(found.expected)
    assert "Budi" in str(found.found)


def test_a_value_that_was_changed_in_the_state_is_named(office: Office, case: UUID) -> None:
    with office.engine.store.transaction() as connection:
        state = json.loads(
            connection.scalar(select(tables.instance.c.state).where(tables.instance.c.id == case)) or ""
        )
        state["variables"]["mengajukan"]["biaya"] = 1
        connection.execute(
            update(tables.instance).where(tables.instance.c.id == case).values(state=json.dumps(state))
        )
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert found.seq == seq_of(office, case, EventKind.TASK_COMPLETED)
    assert (str(found.what), str(found.expected), str(found.found)) == (
        "The value “mengajukan.biaya” of the case",
        "1500",
        "1",
    )


@pytest.mark.parametrize("state", ["{}", "no JSON", '{"format":1}'])
def test_a_state_that_is_none_is_no_error(office: Office, case: UUID, state: str) -> None:
    with office.engine.store.transaction() as connection:
        connection.execute(update(tables.instance).where(tables.instance.c.id == case).values(state=state))
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert str(found.found) == "what cannot be read"


def test_a_removed_document_is_named(office: Office, case: UUID) -> None:
    with office.engine.store.transaction() as connection:
        connection.execute(delete(tables.document).where(tables.document.c.instance == case))
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert found.seq == seq_of(office, case, EventKind.TASK_COMPLETED)
    assert str(found.found) == "nothing"


def test_a_removed_comment_is_named(office: Office, case: UUID) -> None:
    commented(office, case)
    with office.engine.store.transaction() as connection:
        connection.execute(delete(tables.comment).where(tables.comment.c.instance == case))
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert (found.seq, str(found.found)) == (seq_of(office, case, EventKind.COMMENT_ADDED), "nothing")


def test_a_case_that_was_made_to_end_is_named(office: Office, case: UUID) -> None:
    with office.engine.store.transaction() as connection:
        over = {"status": InstanceStatus.FINISHED.value, "state": None}
        connection.execute(update(tables.instance).where(tables.instance.c.id == case).values(**over))
    found = rebuilt(office, case)
    assert isinstance(found, Difference)
    assert (str(found.what), str(found.found)) == ("Whether the case runs", "finished")


@pytest.fixture
def counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Give a case with a timer in working time; the office's calendar has changed before and since."""
    monkeypatch.setattr("engine.opening._CALENDAR_AGE", -1.0)  # what is changed is seen at once
    package = read_package(SAMPLES / "laporan")
    own = b'<bpmn:extensionElements><sop:Timer time="working" /></bpmn:extensionElements>'
    at = b'<bpmn:boundaryEvent id="terlambat" attachedToRef="menghitung">'
    bpmn = package.bpmn.replace(at, at + own).replace(b">PT48H<", b">P2D<")
    office.clock.set(MONDAY)
    dewi = office.people["dewi"]
    calendar.set_day(office.engine, dewi, date(2026, 11, 24), "holiday", "Libur setempat")
    deploy(office.engine, operator(office.id), replace(package, bpmn=bpmn))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    calendar.set_day(office.engine, dewi, date(2026, 11, 25), "holiday", "Libur lagi")
    calendar.clear_day(office.engine, dewi, date(2026, 11, 24))
    calendar.set_hours(office.engine, dewi, [0, 1], Hours(spans=((8 * 60, 12 * 60),)))
    return case


def test_times_are_counted_by_the_calendar_as_it_was(office: Office, counted: UUID) -> None:
    assert rebuilt(office, counted) == Same(events=len(office.events(counted)))


def test_a_calendar_that_is_not_on_record_leaves_it_untold(office: Office, counted: UUID) -> None:
    with office.engine.store.transaction() as connection:
        connection.execute(update(tables.calendar_day).values(day=date(2027, 5, 3)))
    found = rebuilt(office, counted)
    assert isinstance(found, Untold)
    assert found.seq == seq_of(office, counted, EventKind.TASK_COMPLETED)


def test_what_was_erased_leaves_it_untold_from_there(office: Office, case: UUID) -> None:
    with office.engine.store.reading() as connection:
        [stored] = stored_cases(connection, [case])
    place = seq_of(office, case, EventKind.TASK_COMPLETED) - 1
    stored.events[place] = replace(stored.events[place], payload=None, salt=None)
    found = Rebuilder(office.engine).answer(stored)
    assert isinstance(found, Untold)
    assert found.seq == place + 1


def test_a_case_whose_beginning_was_erased_is_rebuilt_by_what_the_erasure_keeps(
    office: Office, case: UUID
) -> None:
    cancellation.cancel(office.engine, office.people["putu"], case, "Tidak jadi")
    asked = Erasure(events=frozenset({1}), letter="Surat 1", reason="Diminta", attempt=new_id())
    erase(office.engine, office.people["dewi"], case, asked)
    assert rebuilt(office, case) == Same(events=len(office.events(case)))
    changed(office, tables.task, case, role="pimpinan")
    assert isinstance(rebuilt(office, case), Difference)


def test_a_case_that_went_on_from_more_than_the_erasure_keeps_is_untold(office: Office, case: UUID) -> None:
    cancellation.cancel(office.engine, office.people["putu"], case, "Tidak jadi")
    with office.engine.store.reading() as connection:
        [stored] = stored_cases(connection, [case])
    started = json.loads(stored.events[0].payload or "{}") | {"case": {"year": 2027, "judul": "Lama"}}
    begun = begun_of(started)
    assert (begun["whole"], "case" in begun) == (False, False)
    assert begun_in([{"begun": begun}, {"events": [2]}]) == {}
    stored.events[0] = replace(stored.events[0], payload=None, salt=None)
    found = Rebuilder(office.engine).answer(stored)
    assert isinstance(found, Untold)
    assert found.seq == 1


def test_an_erased_comment_takes_nothing_from_the_answer(office: Office, case: UUID) -> None:
    rina, task = office.people["rina"], office.open_task(case, "memeriksa").id
    documents.comment(office.engine, rina, task, "Sudah saya lihat", new_id())
    tasks.pause(office.engine, rina, task, "Menunggu berkas asli")
    cancellation.cancel(office.engine, office.people["putu"], case, "Tidak jadi")
    seqs = frozenset({seq_of(office, case, EventKind.COMMENT_ADDED)})
    asked = Erasure(events=seqs, documents=frozenset(), letter="Surat 1", reason="Diminta", attempt=new_id())
    erase(office.engine, office.people["dewi"], case, asked)
    assert rebuilt(office, case) == Same(events=len(office.events(case)))


def test_an_event_that_says_something_else_breaks_the_chain(office: Office, case: UUID) -> None:
    stored, place = with_another_step(office, case)
    found = Rebuilder(office.engine).answer(stored)
    assert isinstance(found, Difference)
    assert (found.seq, str(found.what)) == (place + 1, "The chain of the record")


def test_an_event_that_says_something_else_leads_elsewhere_though_its_chain_was_mended(
    office: Office, case: UUID
) -> None:
    stored, place = with_another_step(office, case)
    link = GENESIS
    for at, one in enumerate(stored.events):
        link = chain_link(link, header_of(one), one.digest)
        stored.events[at] = replace(one, chain=link)
    found = Rebuilder(office.engine).answer(replace(stored, chain_head=link))
    assert isinstance(found, Difference)
    assert (found.seq, str(found.what)) == (place + 1, f"What followed from event {place}")
    assert str(found.found) == "“Memeriksa permohonan” opens, round 1"


def with_another_step(office: Office, case: UUID) -> tuple[StoredCase, int]:
    """Read a case and let the event that opened its last step name another one; gives its place too."""
    with office.engine.store.reading() as connection:
        [stored] = stored_cases(connection, [case])
    place = seq_of(office, case, EventKind.TASK_OPENED) - 1
    stored.events[place] = replace(stored.events[place], element="mengarsipkan")
    return stored, place
