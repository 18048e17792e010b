"""Taking a completion back, until the next person has opened theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from engine.actions import drafts, tasks
from engine.actions.completion import Completion, complete
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import Forbidden, NotFound
from engine.ids import new_id
from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.storage import documents, timers
from engine.storage import drafts as draft_rows
from engine.storage.tables import instance
from tests.offices import SAMPLES, Office, scan

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}


@pytest.fixture
def case(office: Office) -> UUID:
    """Start a case and complete its first task."""
    started = office.start().instance
    office.complete(started, "mengajukan", "joko", ASKED)
    return started


def done(office: Office, case: UUID, element: str) -> UUID:
    """Find the last completed task of an element."""
    found = [one.id for one in office.tasks(case) if one.element == element and one.completed_at]
    return found[-1]


def test_the_task_stands_again_and_the_next_one_is_gone(office: Office, case: UUID) -> None:
    arrived = office.tasks(case)[0].opened_at
    office.clock.move(timedelta(minutes=5))
    again = withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))
    stands = office.open_task(case, "mengajukan")
    assert (stands.id, stands.round, stands.opened_at) == (again, 1, arrived)
    assert [(one.element, one.state) for one in office.tasks(case)] == [
        ("mengajukan", TaskState.COMPLETED),
        ("memeriksa", TaskState.WITHDRAWN),
        ("mengajukan", TaskState.OPEN),
    ]
    assert office.kinds(case)[-1] == EventKind.COMPLETION_WITHDRAWN


def test_the_case_goes_on_from_there(office: Office, case: UUID) -> None:
    withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))
    office.complete(case, "mengajukan", "joko", ASKED | {"biaya": "900"})
    assert office.open_elements(case) == ["memeriksa"]
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert office.open_elements(case) == ["mengarsipkan"]


def test_what_was_typed_stands_in_the_form_again(office: Office, case: UUID) -> None:
    again = withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))
    with office.engine.store.reading() as connection:
        [kept] = draft_rows.of_task(connection, again)
    assert kept.person == office.people["joko"].person
    assert {name: texts for name, texts in kept.fields.items() if texts} == {
        "kegiatan": ["Pelatihan"],
        "biaya": ["1500"],
        "rincian.0.barang": ["Kertas"],
        "rincian.0.jumlah": ["2"],
    }


def test_files_stand_in_their_slots_again(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "kiriman"))
    case = office.start(key="kiriman").instance
    task = office.open_task(case, "mengirim").id
    staged = drafts.stage(office.engine, office.people["joko"], task, scan("Surat"), {})
    office.complete(case, "mengirim", "joko", {})
    again = withdraw(office.engine, office.people["joko"], done(office, case, "mengirim"))
    with office.engine.store.reading() as connection:
        [kept] = draft_rows.of_task(connection, again)
        [made] = documents.of_instance(connection, case)
    assert kept.staged == {"output.0": [staged.id.hex]}
    assert made.state is DocumentState.WITHDRAWN
    office.complete(case, "mengirim", "joko", {})
    with office.engine.store.reading() as connection:
        versions = [(one.version, one.state) for one in documents.of_instance(connection, case)]
    assert versions == [(1, DocumentState.WITHDRAWN), (2, DocumentState.DRAFT)]


def test_a_decision_taken_back_leaves_the_document_as_it_was(office: Office, case: UUID) -> None:
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Terlalu mahal"})
    withdraw(office.engine, office.people["rina"], done(office, case, "memeriksa"))
    with office.engine.store.reading() as connection:
        [asked] = documents.of_instance(connection, case)
    assert asked.state is DocumentState.DRAFT
    assert office.open_elements(case) == ["memeriksa"]


def test_it_is_too_late_once_the_next_person_has_opened_theirs(office: Office, case: UUID) -> None:
    tasks.see(office.engine, office.people["rina"], office.open_task(case, "memeriksa").id)
    with pytest.raises(Forbidden, match="too late"):
        withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))
    assert office.open_elements(case) == ["memeriksa"]
    refused = office.events(case)[-1]
    assert refused.kind is EventKind.ATTEMPT_REFUSED
    assert json.loads(refused.payload or "")["act"] == EventKind.COMPLETION_WITHDRAWN


@pytest.mark.parametrize("act", [tasks.assign, tasks.ask_preparation, tasks.pause])
def test_it_is_too_late_once_the_next_person_has_done_anything_with_it(
    office: Office, case: UUID, act: Callable[..., object]
) -> None:
    fact = "Rapat" if act is tasks.pause else office.people["wati"].person
    act(office.engine, office.people["rina"], office.open_task(case, "memeriksa").id, fact)
    with pytest.raises(Forbidden, match="too late"):
        withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))


def test_only_the_last_completion_can_be_taken_back(office: Office, case: UUID) -> None:
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    with pytest.raises(Forbidden, match="too late"):
        withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))


def test_only_by_who_completed_it(office: Office, case: UUID) -> None:
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["wati"], done(office, case, "mengajukan"))
    with pytest.raises(NotFound):
        withdraw(office.engine, office.people["tono"], done(office, case, "mengajukan"))
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["rina"], office.open_task(case, "memeriksa").id)


def test_not_twice(office: Office, case: UUID) -> None:
    first = done(office, case, "mengajukan")
    withdraw(office.engine, office.people["joko"], first)
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["joko"], first)


def test_what_an_earlier_release_kept_for_it_is_taken_too(office: Office, case: UUID) -> None:
    with office.engine.store.transaction() as connection:
        row = connection.execute(select(instance.c.undo_state).where(instance.c.id == case)).scalar_one()
        rest, state = row.split("\n")
        together = json.dumps({"state": state} | json.loads(rest))
        connection.execute(update(instance).where(instance.c.id == case).values(undo_state=together))
    withdraw(office.engine, office.people["joko"], done(office, case, "mengajukan"))
    office.complete(case, "mengajukan", "joko", ASKED)
    assert office.open_elements(case) == ["memeriksa"]


def test_a_branch_taken_back_leaves_the_other_and_its_timers(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    with office.engine.store.reading() as connection:
        before = {(one.element, one.due_at) for one in timers.of_instance(connection, case)}
    office.complete(case, "menghitung", "rina", {})
    withdraw(office.engine, office.people["rina"], done(office, case, "menghitung"))
    with office.engine.store.reading() as connection:
        after = {(one.element, one.due_at) for one in timers.of_instance(connection, case)}
    assert after == before
    assert sorted(office.open_elements(case)) == ["menghitung", "menulis"]
    office.complete(case, "menghitung", "rina", {})
    office.complete(case, "menulis", "wati", {"isi": "Baik"})
    assert office.open_elements(case) == ["memutuskan"]


def test_a_retried_request_after_it_completes_nothing(office: Office) -> None:
    case, attempt = office.start().instance, new_id()
    office.complete(case, "mengajukan", "joko", ASKED, attempt=attempt)
    first = done(office, case, "mengajukan")
    withdraw(office.engine, office.people["joko"], first)
    complete(office.engine, office.people["joko"], first, Completion(fields={}, attempt=attempt))
    assert office.open_elements(case) == ["mengajukan"]
