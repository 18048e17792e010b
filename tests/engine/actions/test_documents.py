"""Documents that are added to a case while it is worked on, and what people say about it."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

import pytest

from engine.actions import cancellation, documents
from engine.actions.files import Upload
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.task import Task
from engine.storage import documents as rows
from tests.offices import Office, scan


@pytest.fixture
def task(office: Office) -> Task:
    """Start a case; gives its first task."""
    return office.open_task(office.start().instance, "mengajukan")


def names(office: Office, case: UUID) -> list[tuple[int, str, int, DocumentState]]:
    with office.engine.store.reading() as connection:
        return [(one.no, one.name, one.version, one.state) for one in rows.of_instance(connection, case)]


def test_a_document_with_a_name_that_is_there_is_its_next_version(office: Office, task: Task) -> None:
    joko = office.people["joko"]
    assert documents.attach(office.engine, joko, task.id, " Surat  tugas ", scan(), new_id()) == 1
    assert documents.attach(office.engine, joko, task.id, "Surat tugas", scan(), new_id()) == 2
    assert documents.attach(office.engine, joko, task.id, "Peta", scan(), new_id()) == 3
    assert names(office, task.instance) == [
        (1, "Surat tugas", 1, DocumentState.DRAFT),
        (2, "Surat tugas", 2, DocumentState.DRAFT),
        (3, "Peta", 1, DocumentState.DRAFT),
    ]
    assert office.kinds(task.instance)[-3:] == [EventKind.DOCUMENT_ADDED] * 3


def test_who_may_not_do_the_task_adds_nothing(office: Office, task: Task) -> None:
    for name, error in (("agus", Forbidden), ("rina", NotFound), ("tono", NotFound)):
        with pytest.raises(error):
            documents.attach(office.engine, office.people[name], task.id, "Surat", scan(), new_id())
    assert names(office, task.instance) == []


def test_a_document_needs_a_name_of_its_own_length(office: Office, task: Task) -> None:
    for name in ("", "  ", "x" * 121):
        with pytest.raises(Invalid) as wrong:
            documents.attach(office.engine, office.people["joko"], task.id, name, scan(), new_id())
        assert [problem.field for problem in wrong.value.problems] == ["name"]


def test_a_refusal_returns_the_document_and_the_next_version_is_approved(office: Office, task: Task) -> None:
    case = task.instance
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Kurang"})
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert names(office, case) == [
        (1, "Permohonan", 1, DocumentState.RETURNED),
        (2, "Permohonan", 2, DocumentState.APPROVED),
    ]


def test_nothing_is_added_through_a_closed_task(office: Office, task: Task) -> None:
    office.complete(task.instance, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    with pytest.raises(Conflict):
        documents.attach(office.engine, office.people["wati"], task.id, "Surat", scan(), new_id())


class Slow(io.BytesIO):
    """A file that comes in while something else happens."""

    def __init__(self, content: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(content)
        self._meanwhile: Callable[[], object] | None = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().read(size)


def test_a_case_cancelled_while_the_file_came_in_takes_it_no_more(office: Office, task: Task) -> None:
    putu = office.people["putu"]
    slow = Slow(
        scan().stream.read(), lambda: cancellation.cancel(office.engine, putu, task.instance, "Salah")
    )
    upload = Upload(field="file", filename="surat.pdf", stream=slow)
    with pytest.raises(Conflict, match="closed"):
        documents.attach(office.engine, office.people["joko"], task.id, "Surat", upload, new_id())
    assert names(office, task.instance) == []
    assert office.kinds(task.instance)[-1] == EventKind.ATTEMPT_REFUSED


def test_a_second_click_makes_no_second_version(office: Office, task: Task) -> None:
    attempt, joko, paper = new_id(), office.people["joko"], scan().stream.read()
    for _ in range(2):
        again = Upload(field="file", filename="surat.pdf", stream=io.BytesIO(paper))
        assert documents.attach(office.engine, joko, task.id, "Surat", again, attempt) == 1
    assert documents.attach(office.engine, joko, task.id, "Peta", scan(), attempt) == 2
    assert [one[:3] for one in names(office, task.instance)] == [(1, "Surat", 1), (2, "Peta", 1)]


# -- comments ------------------------------------------------------------------------------------


def test_whoever_sees_the_task_may_say_something(office: Office, task: Task) -> None:
    office.complete(task.instance, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    for name in ("joko", "agus", "wati"):
        documents.comment(office.engine, office.people[name], task.id, "Baris satu\nbaris dua", new_id())
    assert office.kinds(task.instance).count(EventKind.COMMENT_ADDED) == 3
    with pytest.raises(NotFound):
        documents.comment(office.engine, office.people["tono"], task.id, "Halo", new_id())


def test_the_same_attempt_says_it_once(office: Office, task: Task) -> None:
    attempt = new_id()
    for _ in range(2):
        documents.comment(office.engine, office.people["joko"], task.id, "Segera", attempt)
    assert office.kinds(task.instance).count(EventKind.COMMENT_ADDED) == 1


def test_a_comment_is_neither_empty_nor_a_book(office: Office, task: Task) -> None:
    for text in (" \n ", "x" * 4001):
        with pytest.raises(Invalid) as wrong:
            documents.comment(office.engine, office.people["joko"], task.id, text, new_id())
        assert [problem.field for problem in wrong.value.problems] == ["text"]
