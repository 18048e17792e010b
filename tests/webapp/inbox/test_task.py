"""The page of a task: what it shows to whom, and its other acts."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from engine.demo_paper import paper
from engine.model.task import Task
from tests.offices import raw
from tests.webapp.visitors import Site, Visitor

FILLED = {
    "kegiatan": "Pelatihan guru",
    "biaya": "1.500",
    "rincian.0.barang": "Kertas",
    "rincian.0.jumlah": "2",
    "rincian.1.barang": "Pena",
    "rincian.1.jumlah": "10",
}
REFUSED = {"keputusan": "Tidak", "catatan": "Jumlah pada baris 2 terlalu banyak.\nLampirkan jadwal."}


@pytest.fixture
def task(site: Site) -> Task:
    """Give the task of Kasub: to review what joko asked for, one working day, may go to Staf."""
    case = site.office.start("joko", knowingly=True).instance
    site.office.complete(case, "mengajukan", "joko", raw(FILLED))
    return site.office.open_task(case, "memeriksa")


@pytest.fixture
def rina(site: Site) -> Visitor:
    return site.visitor("rina")


def page_of(visitor: Visitor, task: Task) -> str:
    return visitor.get(f"/tasks/{task.id.hex}").text


def test_it_shows_what_to_do_and_with_what(rina: Visitor, task: Task) -> None:
    page = page_of(rina, task)
    assert "<h1>Memeriksa permohonan</h1>" in page
    assert "Memeriksa permohonan izin kegiatan" in page
    assert "Langkah 2 dari 3" in page
    assert "Permohonan" in page
    assert "Pelatihan guru" in page  # what the document says, made from the form
    assert "dari Staf" in page
    assert "1 hari kerja" in page


def test_a_reviews_buttons_are_its_answers(rina: Visitor, task: Task) -> None:
    page = page_of(rina, task)
    assert 'name="keputusan" value="Ya">' in page
    assert "Setujui, teruskan ke Staf" in page
    assert "Kembalikan ke Staf" in page
    assert "Selesai, teruskan" not in page


def test_pressing_no_answer_asks_for_one(rina: Visitor, task: Task) -> None:
    answer = rina.post(f"/tasks/{task.id.hex}/completion", attempt=uuid4().hex)
    assert answer.status_code == 422
    assert 'href="#keputusan"' in answer.text
    assert 'id="keputusan"' in answer.text


def test_what_comes_back_shows_the_notes_and_what_was_there(site: Site, rina: Visitor, task: Task) -> None:
    rina.post(f"/tasks/{task.id.hex}/completion", attempt=uuid4().hex, **REFUSED)
    again = site.office.open_task(task.instance, "mengajukan")
    page = page_of(site.visitor("joko"), again)
    assert "Putaran 2" in page
    assert "Catatan reviu dari Kasubbag Penyusunan Program (Rina)" in page
    assert 'Jumlah pada baris 2 terlalu banyak. <a href="#baris-2">Ke baris 2</a>' in page
    assert "Lampirkan jadwal." in page
    assert f'/cases/{task.instance.hex}/documents/1">Permohonan putaran 1 yang direviu' in page


def test_the_reviewer_sees_what_changed_since(site: Site, rina: Visitor, task: Task) -> None:
    rina.post(f"/tasks/{task.id.hex}/completion", attempt=uuid4().hex, **REFUSED)
    site.office.complete(task.instance, "mengajukan", "joko", raw({**FILLED, "rincian.1.jumlah": "4"}))
    page = page_of(rina, site.office.open_task(task.instance, "memeriksa"))
    assert "Yang berubah sejak catatan Anda" in page
    assert "Baris 2, Jumlah" in page
    assert "<del>10</del>" in page
    assert "<ins>4</ins>" in page
    assert "Lampirkan jadwal." in page


def test_the_first_opening_by_who_may_do_it_is_noted(site: Site, rina: Visitor, task: Task) -> None:
    page_of(site.visitor("agus"), task)
    assert site.office.open_task(task.instance, "memeriksa").seen_at is None
    page_of(rina, task)
    assert site.office.open_task(task.instance, "memeriksa").seen_at == site.office.clock.now()


def test_who_may_only_read_gets_no_form(site: Site, task: Task) -> None:
    page = page_of(site.visitor("agus"), task)
    assert 'class="task-form' not in page
    assert "Tugas ini menunggu Kasub." in page
    assert "Jeda waktu" not in page


def test_a_completed_task_says_by_whom_and_can_be_taken_back(site: Site, task: Task) -> None:
    joko = site.visitor("joko")
    done = next(one for one in site.office.tasks(task.instance) if one.element == "mengajukan")
    page = page_of(joko, done)
    assert "Diselesaikan Staf Subbag (Joko) pada Senin, 23-11-2026 pukul 08.30 WIB." in page
    assert "Pelatihan guru" in page
    assert "Tarik kembali" in page
    assert "Tarik kembali" not in page_of(site.visitor("agus"), done)
    answer = joko.post(f"/tasks/{done.id.hex}/withdrawal")
    again = site.office.open_task(task.instance, "mengajukan")
    assert answer.headers["Location"] == f"/tasks/{again.id.hex}"
    assert 'value="Pelatihan guru"' in page_of(joko, again)


def test_it_cannot_be_taken_back_once_the_next_person_opened_theirs(
    site: Site, rina: Visitor, task: Task
) -> None:
    page_of(rina, task)
    done = next(one for one in site.office.tasks(task.instance) if one.element == "mengajukan")
    assert "Tarik kembali" not in page_of(site.visitor("joko"), done)
    assert site.visitor("joko").post(f"/tasks/{done.id.hex}/withdrawal").status_code == 403


def test_the_clock_is_stopped_with_a_reason_and_runs_again(rina: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    refused = rina.post(f"{address}/pause", **{"act:reason": " "})
    assert refused.status_code == 422
    assert 'href="#pause-field"' in refused.text
    assert rina.post(f"{address}/pause", **{"act:reason": "Menunggu rapat"}).status_code == 303
    page = page_of(rina, task)
    assert "Menunggu rapat" in page
    assert "Jalankan waktu lagi" in page
    rina.post(f"{address}/pause", **{"act:end": "1"})
    assert "Jalankan waktu lagi" not in page_of(rina, task)


def test_a_task_is_assigned_and_taken_back(site: Site, rina: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    assert rina.post(f"{address}/assignment", **{"act:person": "x"}).status_code == 422
    answer = rina.post(f"{address}/assignment", **{"act:person": person(site, "joko")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks")
    assert "Tugas sudah ditugaskan kepada Joko." in rina.get("/tasks").text
    assert "Setujui, lanjut ke Mengarsipkan" in page_of(site.visitor("joko"), task)
    assert 'class="task-form' not in page_of(rina, task)
    rina.post(f"{address}/assignment", **{"act:end": "1"})
    assert 'class="task-form' in page_of(rina, task)


def test_a_colleague_prepares_and_the_holder_completes(site: Site, rina: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    assert rina.post(f"{address}/preparation", **{"act:person": person(site, "tono")}).status_code == 303
    assert "Tono melanjutkan dari yang sudah Anda isi." in rina.get(address).text
    tono = site.visitor("tono")
    page = page_of(tono, task)
    assert "Simpan draf" in page
    assert "Setujui" not in page
    tono.post(f"{address}/draft", catatan="Sudah lengkap", save="1")
    assert tono.post(f"{address}/completion", keputusan="Ya", catatan="Sudah lengkap").status_code == 403
    page = page_of(rina, task)
    assert "Sudah lengkap" in page
    assert "Diisi oleh Tono" in page
    tono.post(f"{address}/preparation", **{"act:end": "1"})
    assert "Diisi oleh Tono" in page_of(rina, task)  # what was prepared does not go with the asking


def test_it_is_given_back_to_the_pool(site: Site, rina: Visitor, task: Task) -> None:
    rina.post(f"/tasks/{task.id.hex}/claim")
    assert "Batal kerjakan" in page_of(rina, task)
    assert rina.post(f"/tasks/{task.id.hex}/release").headers["Location"] == "/tasks"
    assert site.office.open_task(task.instance, "memeriksa").assignee is None


def test_a_comment_is_read_by_everybody(site: Site, rina: Visitor, task: Task) -> None:
    address, attempt = f"/tasks/{task.id.hex}/comments", uuid4().hex
    assert rina.post(address, **{"act:text": ""}).status_code == 422
    for _ in range(2):
        rina.post(address, **{"act:text": "Mohon <b>dilengkapi</b>", "attempt": attempt})
    page = page_of(site.visitor("agus"), task)
    assert page.count("Mohon &lt;b&gt;dilengkapi&lt;/b&gt;") == 1


def test_another_document_is_added_to_the_case(rina: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}/documents"
    answer = rina.post(address, **{"act:name": "Lampiran"})
    assert answer.status_code == 422
    assert 'value="Lampiran"' in answer.text
    attempt, content = uuid4().hex, paper("Baru")
    for _ in range(2):  # a double click
        data = {
            "csrf_token": rina.token(),
            "attempt": attempt,
            "act:name": "Permohonan",
            "act:file": (io.BytesIO(content), "baru.pdf"),
        }
        sent = rina.client.post(address, data=data, content_type="multipart/form-data")
        assert sent.status_code == 303
    page = page_of(rina, task)
    assert "PDF · versi 2" in page
    assert "/documents/2/pages/1.webp" in page
    assert "1 versi sebelumnya" in page


def person(site: Site, name: str) -> str:
    found = site.office.people[name].person
    assert found is not None
    return found.hex
