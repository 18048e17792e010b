"""Sending a case back from its task's page, and what whoever gets it sees."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from engine.model.task import Task, TaskState
from tests.webapp.visitors import Site, Visitor

ASKED = {"kegiatan": "Pelatihan guru", "biaya": "1.500"}
REASON = "Nomor surat <b>keliru</b>"


@pytest.fixture
def task(site: Site) -> Task:
    """Bring a case to its last step."""
    case = site.office.start("joko", knowingly=True).instance
    site.office.complete(case, "mengajukan", "joko", ASKED)
    site.office.complete(case, "memeriksa", "rina", {"keputusan": "Ya", "catatan": "Baik"})
    return site.office.open_task(case, "mengarsipkan")


def send(
    visitor: Visitor, task: Task, step: str = "memeriksa", reason: str = REASON, **more: str
) -> TestResponse:
    fields = {"act:step": step, "act:why": reason, "act:reason": "", "attempt": uuid4().hex, **more}
    return visitor.post(f"/tasks/{task.id.hex}/return", **fields)


def test_the_page_offers_the_steps_that_the_sop_names(site: Site, task: Task) -> None:
    page = site.visitor("joko").get(f"/tasks/{task.id.hex}").text
    assert "Kembalikan …" in page
    assert '<option value="mengajukan">1. Mengajukan izin</option>' in page
    assert '<option value="memeriksa">2. Memeriksa permohonan</option>' in page


def test_nothing_is_offered_to_who_may_only_read(site: Site, task: Task) -> None:
    assert "Kembalikan …" not in site.visitor("rina").get(f"/tasks/{task.id.hex}").text


def test_the_case_goes_back_and_the_list_says_so(site: Site, task: Task) -> None:
    joko = site.visitor("joko")
    answer = send(joko, task)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks")
    assert "Berkas dikembalikan ke Memeriksa permohonan." in joko.get("/tasks").text
    assert site.office.open_elements(task.instance) == ["memeriksa"]
    closed = joko.get(f"/tasks/{task.id.hex}").text
    assert "mengembalikan berkas ke Memeriksa permohonan" in closed


def test_whoever_gets_it_reads_the_reason_first(site: Site, task: Task) -> None:
    site.office.clock.move(timedelta(minutes=1))
    send(site.visitor("joko"), task)
    again = site.office.open_task(task.instance, "memeriksa")
    page = site.visitor("rina").get(f"/tasks/{again.id.hex}").text
    assert "Dikembalikan oleh Staf Subbag (Joko)" in page
    assert "Dari Mengarsipkan izin pada" in page
    assert "Nomor surat &lt;b&gt;keliru&lt;/b&gt;" in page
    assert page.index("sent-back") < page.index("Kelengkapan")


@pytest.mark.parametrize(
    ("step", "reason", "words"),
    [("memeriksa", " ", "Tulis alasannya"), ("", "Salah nomor", "Pilih langkah tujuan")],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    site: Site, task: Task, step: str, reason: str, words: str
) -> None:
    answer = send(site.visitor("joko"), task, step, reason, revision="0", lokasi="Lemari 9")
    assert answer.status_code == 422
    assert words in answer.text
    assert "Lemari 9" in answer.text
    assert not step or f'value="{step}" selected' in answer.text
    assert not reason.strip() or reason in answer.text
    assert site.office.open_elements(task.instance) == ["mengarsipkan"]


def test_the_form_begins_with_what_was_sent_before_but_for_the_decision(site: Site, task: Task) -> None:
    send(site.visitor("joko"), task, "mengajukan")
    first = site.office.open_task(task.instance, "mengajukan")
    page = site.visitor("joko").get(f"/tasks/{first.id.hex}").text
    assert 'value="Pelatihan guru"' in page
    site.office.complete(task.instance, "mengajukan", "joko", ASKED)
    review = site.office.open_task(task.instance, "memeriksa")
    assert "Dikembalikan oleh" not in site.visitor("rina").get(f"/tasks/{review.id.hex}").text


def test_a_review_that_is_done_again_begins_empty(site: Site, task: Task) -> None:
    send(site.visitor("joko"), task)
    again = site.office.open_task(task.instance, "memeriksa")
    page = site.visitor("rina").get(f"/tasks/{again.id.hex}").text
    assert "Baik</textarea>" not in page


def test_the_history_tells_it_as_a_deviation(site: Site, task: Task) -> None:
    send(site.visitor("joko"), task)
    page = site.visitor("rina").get(f"/cases/{task.instance.hex}").text
    assert "Berkas dikembalikan, menyimpang dari alur SOP" in page
    assert "Nomor surat &lt;b&gt;keliru&lt;/b&gt;" in page
    assert "Memeriksa permohonan, putaran 2" in page
    assert "berkas dikembalikan" in page


def test_a_task_that_somebody_else_has_done_is_not_sent_back(site: Site, task: Task) -> None:
    send(site.visitor("joko"), task)
    answer = send(site.visitor("wati"), task)
    assert answer.status_code == 409
    states = [one.state for one in site.office.tasks(task.instance)]
    assert states.count(TaskState.RETURNED) == 1
