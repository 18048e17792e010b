"""The page of a task: what stands in it for whom, and what may be done."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.actions import completion, drafts, tasks
from engine.actions.withdrawal import withdraw
from engine.errors import NotFound
from engine.ids import new_id
from engine.model.document import DocumentState
from engine.queries.chosen_file import chosen_file
from engine.queries.handed_on import handed_on
from engine.queries.inbox import InboxFilter
from engine.queries.task_page import TaskPage, task_page
from tests.offices import Office, raw, scan

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
NO = {"keputusan": "Tidak", "catatan": "Jumlah baris 1 kurang."}


@pytest.fixture
def case(office: Office) -> UUID:
    return office.start().instance


def see(office: Office, who: str, case: UUID, element: str) -> TaskPage:
    return task_page(office.engine, office.people[who], office.open_task(case, element).id)


def refuse(office: Office, case: UUID) -> None:
    """Let Kasub send what was asked for back."""
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", NO)


def person(office: Office, name: str) -> UUID:
    found = office.people[name].person
    assert found is not None
    return found


def test_a_free_task_can_be_done_by_its_role(office: Office, case: UUID) -> None:
    page = see(office, "joko", case, "mengajukan")
    assert page.rights.work
    assert page.rights.claim
    assert not page.rights.release
    assert page.form is not None
    assert page.form.raw["kegiatan"] == []
    assert [(slot.name, slot.from_form, slot.version) for slot in page.form.slots] == [
        ("Permohonan", True, 1)
    ]


def test_who_supervises_reads_and_strangers_find_nothing(office: Office, case: UUID) -> None:
    page = see(office, "agus", case, "mengajukan")
    assert page.form is None
    assert not page.rights.any_other
    for name in ("rina", "tono"):
        with pytest.raises(NotFound):
            see(office, name, case, "mengajukan")


def test_a_held_task_is_read_only_for_the_role(office: Office, case: UUID) -> None:
    tasks.claim(office.engine, office.people["wati"], office.open_task(case, "mengajukan").id)
    assert see(office, "joko", case, "mengajukan").form is None
    mine = see(office, "wati", case, "mengajukan").rights
    assert mine.release
    assert not mine.claim


def test_the_newest_draft_stands_in_the_form(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    tasks.ask_preparation(office.engine, office.people["joko"], task.id, person(office, "tono"))
    drafts.save(office.engine, office.people["joko"], task.id, raw({"kegiatan": "Lama"}), by_hand=False)
    office.clock.set(office.clock.now().replace(minute=59))
    drafts.save(
        office.engine, office.people["tono"], task.id, raw({"kegiatan": "Baru", "x": "y"}), by_hand=False
    )
    page = see(office, "joko", case, "mengajukan")
    assert page.form is not None
    assert page.form.raw["kegiatan"] == ["Baru"]
    assert "x" not in page.form.raw
    assert page.form.saved_by == "Tono"
    assert see(office, "tono", case, "mengajukan").rights.draft
    assert not see(office, "tono", case, "mengajukan").rights.work


def test_whom_it_can_be_handed_to(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    page = see(office, "rina", case, "memeriksa")
    assert {option.value for option in page.assignees} == {
        person(office, "joko").hex,
        person(office, "wati").hex,
    }
    assert person(office, "rina").hex not in {option.value for option in page.preparers}
    assert person(office, "tono").hex in {option.value for option in page.preparers}


def test_what_is_needed_says_what_was_submitted(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    page = see(office, "rina", case, "memeriksa")
    (needed,) = page.needed
    assert needed.newest is not None
    assert needed.newest.is_made
    shown = {one.label: one.text or one.rows for one in needed.shown}
    assert shown["Kegiatan"] == "Pelatihan"
    assert shown["Rincian"] == (("Kertas", "2"),)
    assert page.came_from == "staf"


def test_what_is_not_there_yet_is_named(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    page = see(office, "wati", case, "mengarsipkan")
    assert page.form is not None
    assert [(slot.name, slot.required, slot.from_form) for slot in page.form.slots] == [
        ("Arsip", True, False)
    ]


def test_the_notes_come_back_with_what_was_there(office: Office, case: UUID) -> None:
    refuse(office, case)
    page = see(office, "joko", case, "mengajukan")
    assert page.notes is not None
    assert (page.notes.text, page.notes.round) == ("Jumlah baris 1 kurang.", 1)
    assert page.notes.reviewer == "Kasubbag Penyusunan Program (Rina)"
    assert page.notes.reviewed is not None
    assert page.notes.reviewed.state is DocumentState.RETURNED
    changed = raw({**ASKED, "rincian.0.jumlah": "5"})
    drafts.save(office.engine, office.people["joko"], page.task.id, changed, by_hand=False)
    page = see(office, "joko", case, "mengajukan")
    assert page.form is not None
    assert page.form.earlier["rincian.0.jumlah"] == "2"
    assert {stand.element: stand.state for stand in page.stands} == {
        "mengajukan": "open",
        "memeriksa": "returned",
        "mengarsipkan": "waiting",
    }


def test_the_reviewer_sees_the_differences_of_the_rounds(office: Office, case: UUID) -> None:
    refuse(office, case)
    office.complete(case, "mengajukan", "joko", {**ASKED, "rincian.0.jumlah": "5"})
    page = see(office, "rina", case, "memeriksa")
    assert page.notes is None
    assert page.changed is not None
    assert page.changed.own
    assert page.changed.notes == "Jumlah baris 1 kurang."
    assert [(one.row, one.before, one.after) for one in page.changed.changes] == [(1, "2", "5")]
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert see(office, "wati", case, "mengarsipkan").changed is None


def test_a_completed_task_shows_what_was_sent_and_left(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    office.complete(case, "mengajukan", "joko", ASKED)
    page = task_page(office.engine, office.people["joko"], task.id)
    assert page.form is None
    assert page.rights.withdraw
    assert page.submitted[0].text == "Pelatihan"
    assert [one.name for one in page.left] == ["Permohonan"]
    tasks.see(office.engine, office.people["rina"], office.open_task(case, "memeriksa").id)
    assert not task_page(office.engine, office.people["joko"], task.id).rights.withdraw
    assert not task_page(office.engine, office.people["agus"], task.id).rights.withdraw


def test_what_was_taken_back_stands_in_the_form_again(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    office.complete(case, "mengajukan", "joko", ASKED)
    again = withdraw(office.engine, office.people["joko"], task.id)
    page = task_page(office.engine, office.people["joko"], again)
    assert page.form is not None
    assert page.form.raw["kegiatan"] == ["Pelatihan"]
    assert task_page(office.engine, office.people["joko"], task.id).left == ()


def test_a_chosen_file_is_its_owners(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    row = drafts.stage(office.engine, office.people["joko"], task.id, scan("Rencana"), {})
    assert chosen_file(office.engine, office.people["joko"], task.id, row.id).filename == "Rencana.pdf"
    page = see(office, "joko", case, "mengajukan")
    assert page.form is not None
    assert [one.filename for one in page.form.slots[0].staged] == ["Rencana.pdf"]
    for name in ("wati", "agus"):
        with pytest.raises(NotFound):
            chosen_file(office.engine, office.people[name], task.id, row.id)


def test_what_came_of_a_completion(office: Office, case: UUID) -> None:
    task = office.open_task(case, "mengajukan")
    office.complete(case, "mengajukan", "joko", ASKED)
    done = handed_on(office.engine, office.people["joko"], task.id, InboxFilter())
    assert (done.name, done.lanes, done.finished, done.following) == (
        "Mengajukan izin",
        ("Kasub",),
        False,
        None,
    )
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    archive = office.open_task(case, "mengarsipkan")
    drafts.stage(office.engine, office.people["joko"], archive.id, scan(), {})
    sent = completion.Completion(fields=raw({"lokasi": "Lemari 2"}), attempt=new_id())
    completion.complete(office.engine, office.people["joko"], archive.id, sent)
    assert handed_on(office.engine, office.people["joko"], archive.id, InboxFilter()).finished
