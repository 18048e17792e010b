"""Correcting a finished step: from the case's page through the step's own form, and what is seen of it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.model.task import Task
from tests.offices import SAMPLES
from tests.webapp.visitors import Site, Visitor

ASKED = {
    "kegiatan": "Pelatihan guru",
    "biaya": "1.500",
    "rincian.0.barang": "Kertas",
    "rincian.0.jumlah": "2",
}


@pytest.fixture
def task(site: Site) -> Task:
    """Complete joko's first step."""
    case = site.office.start("joko", knowingly=True).instance
    site.office.complete(case, "mengajukan", "joko", ASKED)
    return done(site, case)


def done(site: Site, case: UUID, element: str = "mengajukan") -> Task:
    return [one for one in site.office.tasks(case) if one.element == element and one.completed_at][-1]


def send(visitor: Visitor, task: Task, **changes: str) -> TestResponse:
    fields = {"attempt": uuid4().hex, "act:why": "Salah ketik", **ASKED, **changes}
    return visitor.post(f"/tasks/{task.id.hex}/amendment", **fields)


def test_the_case_offers_it_to_who_did_the_step(site: Site, task: Task) -> None:
    address = f"/tasks/{task.id.hex}/amendment"
    assert address in site.visitor("joko").get(f"/cases/{task.instance.hex}").text
    assert address in site.visitor("putu").get(f"/cases/{task.instance.hex}").text
    assert address in site.visitor("joko").get(f"/tasks/{task.id.hex}").text
    for other in ("rina", "agus"):
        assert address not in site.visitor(other).get(f"/cases/{task.instance.hex}").text


def test_the_form_has_what_was_entered(site: Site, task: Task) -> None:
    page = site.visitor("joko").get(f"/tasks/{task.id.hex}/amendment").text
    assert "<h1>Perbaiki: Mengajukan izin</h1>" in page
    assert 'value="Pelatihan guru"' in page
    assert 'value="Kertas"' in page
    assert "Alasan perbaikan" in page


def test_old_and_new_stand_in_the_history(site: Site, task: Task) -> None:
    joko = site.visitor("joko")
    changes = {"kegiatan": "Pelatihan <i>pengawas</i>", "rincian.0.jumlah": "3"}
    answer = send(joko, task, **changes)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/cases/{task.instance.hex}#riwayat"
    page = joko.get(f"/cases/{task.instance.hex}").text
    assert "Mengajukan izin diperbaiki kemudian" in page
    assert "<del>Pelatihan guru</del>" in page
    assert "<ins>Pelatihan &lt;i&gt;pengawas&lt;/i&gt;</ins>" in page
    assert "<del>2</del>" in page
    assert "Salah ketik" in page
    assert "Permohonan versi 2" in page
    assert "Staf Subbag (Joko)" in page
    assert "Pelatihan &lt;i&gt;pengawas&lt;/i&gt;" in joko.get(f"/tasks/{task.id.hex}").text
    assert "Pelatihan &lt;i&gt;pengawas&lt;/i&gt;" in joko.get(f"/cases/{task.instance.hex}/documents/2").text
    assert "Pelatihan guru" in joko.get(f"/cases/{task.instance.hex}/documents/1").text


def test_without_a_reason_everything_typed_stays(site: Site, task: Task) -> None:
    answer = send(site.visitor("joko"), task, kegiatan="Pelatihan lain", **{"act:why": " "})
    assert answer.status_code == 422
    assert '<a href="#reason">Tulis alasannya' in answer.text
    assert 'value="Pelatihan lain"' in answer.text
    answer = send(site.visitor("joko"), task, kegiatan="", **{"act:why": "Salah nama"})
    assert answer.status_code == 422
    assert "Salah nama</textarea>" in answer.text


def test_rows_come_and_go_without_scripts(site: Site, task: Task) -> None:
    answer = send(site.visitor("joko"), task, **{"add:rincian": "1", "act:why": "Kurang satu"})
    assert answer.status_code == 200
    assert 'name="rincian.1.barang"' in answer.text
    assert "Kurang satu</textarea>" in answer.text


def test_a_decision_is_not_asked_for_again(site: Site, task: Task) -> None:
    site.office.complete(task.instance, "memeriksa", "rina", {"keputusan": "Ya", "catatan": "Baik"})
    review, rina = done(site, task.instance, "memeriksa"), site.visitor("rina")
    page = rina.get(f"/tasks/{review.id.hex}/amendment").text
    assert 'name="keputusan"' not in page
    answer = rina.post(
        f"/tasks/{review.id.hex}/amendment",
        **{"attempt": uuid4().hex, "catatan": "Baik sekali", "act:why": "Kurang jelas"},
    )
    assert answer.status_code == 303
    assert "<ins>Baik sekali</ins>" in rina.get(f"/cases/{task.instance.hex}").text


def test_what_can_no_longer_be_corrected_says_why(site: Site, task: Task) -> None:
    site.office.complete(task.instance, "memeriksa", "rina", {"keputusan": "Ya"})
    answer = send(site.visitor("joko"), task, kegiatan="Lain")
    assert answer.status_code == 409
    assert "sudah diputuskan sesudah itu" in answer.text


def test_nobody_else_may(site: Site, task: Task) -> None:
    assert send(site.visitor("agus"), task, kegiatan="Lain").status_code == 403
    assert send(site.visitor("tono"), task, kegiatan="Lain").status_code == 404


def test_what_the_case_went_on_by_is_named_before_anybody_types(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(SAMPLES / "retribusi"))
    case = site.office.start(key="retribusi").instance
    entered = {"jenis": "toko", "luas": "50", "tanggal": "2026-11-23"}
    site.office.complete(case, "mengajukan", "joko", entered)
    page = site.visitor("joko").get(f"/tasks/{done(site, case).id.hex}/amendment").text
    assert "<strong>Jenis usaha</strong> (Menetapkan" in page
    assert "<strong>Luas (m²)</strong> (Menetapkan" in page
    assert "<strong>Tanggal permohonan</strong>" not in page


def test_once_its_document_was_decided_on_the_form_is_not_offered(site: Site, task: Task) -> None:
    site.office.complete(task.instance, "memeriksa", "rina", {"keputusan": "Ya", "catatan": "Baik"})
    answer = site.visitor("joko").get(f"/tasks/{task.id.hex}/amendment")
    assert answer.status_code == 409
    assert "“Permohonan” sudah" in answer.text
