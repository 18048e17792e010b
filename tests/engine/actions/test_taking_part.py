"""Who takes part in a case for good by what they do, and who sees it only for as long as it lasts."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.actions import documents, drafts, people, tasks
from engine.errors import NotFound
from engine.ids import new_id
from engine.model.task import Task
from engine.queries.case_page import case_page
from engine.queries.task_page import task_page
from engine.storage import instances
from tests.offices import Office, raw


@pytest.fixture
def case(office: Office) -> UUID:
    return office.start().instance


@pytest.fixture
def asked(office: Office, case: UUID) -> Task:
    """Bring it to its second task, for Kasub."""
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    return office.open_task(case, "memeriksa")


def person(office: Office, name: str) -> UUID:
    found = office.people[name].person
    assert found is not None
    return found


def takes_part(office: Office, case: UUID, name: str) -> bool:
    with office.engine.store.reading() as connection:
        row = instances.load(connection, case, person(office, name))
    return row is not None and row.takes_part


@pytest.mark.parametrize("who", ["agus", "dewi", "putu"])
def test_who_only_supervises_says_something_and_takes_no_part(office: Office, case: UUID, who: str) -> None:
    task = office.open_task(case, "mengajukan").id
    documents.comment(office.engine, office.people[who], task, "Segera", new_id())
    assert not takes_part(office, case, who)
    documents.comment(office.engine, office.people["wati"], task, "Baik", new_id())
    assert takes_part(office, case, "wati")


def test_who_prepares_sees_it_and_its_case_as_long_as_he_is_asked(office: Office, asked: Task) -> None:
    engine, tono, rina = office.engine, office.people["tono"], office.people["rina"]
    with pytest.raises(NotFound):
        case_page(engine, tono, asked.instance)
    tasks.ask_preparation(engine, rina, asked.id, person(office, "tono"))
    drafts.save(engine, tono, asked.id, raw({"catatan": "Baik"}), by_hand=True)
    documents.comment(engine, tono, asked.id, "Sudah saya isi", new_id())
    assert task_page(engine, tono, asked.id).seen.task.id == asked.id
    assert case_page(engine, tono, asked.instance).facts.number
    office.complete(asked.instance, "memeriksa", "rina", {"keputusan": "Ya"})
    assert not takes_part(office, asked.instance, "tono")
    for page in (lambda: task_page(engine, tono, asked.id), lambda: case_page(engine, tono, asked.instance)):
        with pytest.raises(NotFound):
            page()


def test_who_puts_an_orphan_back_takes_no_part(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan").id
    tasks.claim(office.engine, office.people["joko"], task)
    people.deactivate_person(office.engine, office.people["dewi"], person(office, "joko"))
    tasks.release_orphan(office.engine, office.people["dewi"], task)
    assert not takes_part(office, case, "dewi")
