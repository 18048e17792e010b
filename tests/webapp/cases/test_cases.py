"""The pages of cases: what they say, in both languages, and that what people wrote stays text."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.actions import documents, drafts, tasks, withdrawal
from engine.ids import new_id
from engine.model.event import EventKind
from engine.queries.case_page import EVENTS_SHOWN
from engine.storage.tables import person
from tests.offices import Office, scan
from tests.webapp.visitors import Site
from webapp.history.event_words import act_words, heading_of

HOSTILE = "<script>alert(1)</script>"
ASKED = {"kegiatan": HOSTILE, "biaya": "1.500"}


def started(office: Office) -> UUID:
    return office.start(knowingly=True, title=f"Pelatihan {HOSTILE}").instance


def said(page: str) -> str:
    """Give the words of a page as they are read."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def finish(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    task = office.open_task(case, "mengarsipkan")
    drafts.stage(office.engine, office.people["joko"], task.id, scan(), {})
    office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"})


def test_the_list_says_where_each_case_stands(site: Site) -> None:
    case = started(site.office)
    answer = site.visitor("joko").get("/cases?tab=running")
    assert f'href="/cases/{case.hex}"' in answer.text
    words = said(answer.text)
    assert "002/IZ/2026 – Mengajukan izin" in words
    assert "2 jam kerja lagi" in words
    assert "Staf, belum ada yang mengerjakan" in words


def test_a_search_without_result_repeats_it_and_offers_to_clear_it(site: Site) -> None:
    answer = site.visitor("joko").get("/cases?tab=running&q=zzz<b>")
    assert "Tidak ada berkas dengan kata “zzz&lt;b&gt;”" in answer.text
    assert 'href="/cases?tab=running"' in answer.text


def test_further_pages_are_linked(site: Site) -> None:
    for _ in range(26):
        site.office.start(knowingly=True)
    page = site.visitor("joko").get("/cases?tab=running").text
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following is not None
    rest = site.visitor("joko").get(following.group(1).replace("&amp;", "&"))
    assert "001/IZ/2026" in rest.text
    assert 'rel="next"' not in rest.text


def test_a_case_says_its_number_and_status(site: Site) -> None:
    case = started(site.office)
    words = said(site.visitor("joko").get(f"/cases/{case.hex}").text)
    assert "Nomor: 002/IZ/2026" in words
    assert "Status: Berjalan" in words
    assert "Revisi 1 (uji coba)" in words
    assert "Sekarang: Mengajukan izin, pada Staf, belum ada yang mengerjakan" in words
    finish(site.office, case)
    words = said(site.visitor("joko").get(f"/cases/{case.hex}").text)
    assert "Status: Selesai" in words
    assert "Berkas selesai" in words


def test_the_open_task_is_linked_for_who_may_work_on_it(site: Site) -> None:
    case = started(site.office)
    task = site.office.open_task(case, "mengajukan").id
    assert f'href="/tasks/{task.hex}"' in site.visitor("joko").get(f"/cases/{case.hex}").text
    assert f'href="/tasks/{task.hex}"' not in site.visitor("agus").get(f"/cases/{case.hex}").text


@pytest.mark.parametrize("part", ["", "/history", "/data", "/diagram", "/documents/1"])
def test_what_people_wrote_stays_text(site: Site, part: str) -> None:
    case = started(site.office)
    task = site.office.open_task(case, "mengajukan").id
    documents.comment(site.engine, site.office.people["joko"], task, HOSTILE, new_id())
    tasks.claim(site.engine, site.office.people["joko"], task)
    tasks.pause(site.engine, site.office.people["joko"], task, HOSTILE)
    site.office.complete(case, "mengajukan", "joko", ASKED)
    notes = {"keputusan": "Tidak", "catatan": HOSTILE}
    site.office.complete(case, "memeriksa", "rina", notes)
    with site.engine.store.transaction() as connection:
        connection.execute(update(person).values(post=HOSTILE, name=HOSTILE))
    answer = site.visitor("agus").get(f"/cases/{case.hex}{part}")
    assert answer.status_code == 200
    assert HOSTILE not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_refusal_stands_in_the_history_with_its_notes(site: Site) -> None:
    case = started(site.office)
    site.office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    site.office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Terlalu mahal"})
    words = said(site.visitor("joko").get(f"/cases/{case.hex}").text)
    assert "Dikembalikan oleh Kasub Memeriksa permohonan Terlalu mahal" in words
    assert "Diteruskan ke Staf: Mengajukan izin, putaran 2" in words


def test_an_acceptance_is_called_that(site: Site) -> None:
    case = started(site.office)
    site.office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    site.office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    assert "Disetujui oleh Kasub" in said(site.visitor("joko").get(f"/cases/{case.hex}").text)


def test_paper_gets_the_whole_history_and_says_what_it_lacks(site: Site) -> None:
    case = started(site.office)
    task = site.office.open_task(case, "mengajukan").id
    for number in range(EVENTS_SHOWN):
        documents.comment(site.engine, site.office.people["joko"], task, f"Kata nomor {number}.", new_id())
    page = site.visitor("joko").get(f"/cases/{case.hex}").text
    shown, hidden = page.split('<details class="whole-on-paper">')
    assert f"Kata nomor {EVENTS_SHOWN - 1}." in shown
    assert "Kata nomor 0." in hidden
    assert "2 kejadian sebelum ini tidak ditampilkan di sini." in said(hidden)


def test_every_version_of_a_document_is_listed_on_a_page_of_its_own(site: Site) -> None:
    case = started(site.office)
    site.office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    page = site.visitor("rina").get(f"/cases/{case.hex}/documents").text
    assert f'href="/cases/{case.hex}/documents/1"' in page
    assert "Staf Subbag (Joko)" in said(page)


@pytest.mark.parametrize(("name", "shown"), [("agus", True), ("rina", False)])
def test_the_digest_of_a_file_is_for_who_verifies_it(site: Site, name: str, shown: bool) -> None:
    case = started(site.office)
    finish(site.office, case)
    page = site.visitor(name).get(f"/cases/{case.hex}").text
    number = re.findall(rf"/cases/{case.hex}/documents/(\d+)\">Arsip", page)[0]
    document = site.visitor(name).get(f"/cases/{case.hex}/documents/{number}").text
    assert ("SHA-256" in document) is shown


def test_a_completion_that_was_taken_back_is_marked_among_the_times(site: Site) -> None:
    case = started(site.office)
    task = site.office.open_task(case, "mengajukan").id
    site.office.complete_task(task, "joko", {"kegiatan": "Pelatihan"})
    withdrawal.withdraw(site.engine, site.office.people["joko"], task)
    words = said(site.visitor("joko").get(f"/cases/{case.hex}").text)
    assert words.count("ditarik kembali, tidak ikut dijumlahkan") == 1


def test_the_page_is_english_for_who_reads_english(site: Site) -> None:
    case = started(site.office)
    visitor = site.visitor("joko")
    visitor.post("/language", language="en", next="/cases")
    words = said(visitor.get(f"/cases/{case.hex}").text)
    assert "Status: Running" in words
    assert "Now: Mengajukan izin, with Staf, nobody has taken it yet" in words
    assert "Case started" in words


def test_every_kind_of_event_has_words(site: Site) -> None:
    with site.app.test_request_context():
        for kind in EventKind:
            assert heading_of(kind, "Langkah", "Sekdin")
            assert act_words(kind)


def test_cancelling_asks_for_a_reason_and_says_what_it_means(site: Site) -> None:
    case = started(site.office)
    visitor = site.visitor("putu")
    asked = visitor.get(f"/cases/{case.hex}/cancellation")
    assert "Berkas 002/IZ/2026 akan dibatalkan dan tidak dapat dilanjutkan." in asked.text
    refused = visitor.post(f"/cases/{case.hex}/cancellation", reason=" ")
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    done = visitor.post(f"/cases/{case.hex}/cancellation", reason="Dobel <b>")
    assert (done.status_code, done.headers["Location"]) == (303, f"/cases/{case.hex}")
    words = visitor.get(f"/cases/{case.hex}").text
    assert "Dobel &lt;b&gt;" in words
    assert "Status: Dibatalkan" in said(words)


def test_a_document_made_from_a_form_is_read_and_taken_away_as_pdf(site: Site) -> None:
    case = started(site.office)
    site.office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan", "biaya": "1500"})
    visitor = site.visitor("rina")
    assert "Pelatihan" in visitor.get(f"/cases/{case.hex}/documents/1").text
    file = visitor.get(f"/cases/{case.hex}/documents/1/file")
    assert file.data.startswith(b"%PDF-")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_an_uploaded_document_is_shown_as_pictures(site: Site) -> None:
    case = started(site.office)
    finish(site.office, case)
    visitor = site.visitor("rina")
    page = visitor.get(f"/cases/{case.hex}").text
    number = re.findall(rf"/cases/{case.hex}/documents/(\d+)\">Arsip", page)[0]
    shown = visitor.get(f"/cases/{case.hex}/documents/{number}").text
    picture = re.search(r'<img [^>]*src="([^"]+)"', shown)
    assert picture is not None
    answer = visitor.get(picture.group(1))
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": answer.headers["ETag"]}
    kept = visitor.get(picture.group(1), headers=tag)
    assert (kept.status_code, kept.data) == (304, b"")
    assert site.visitor("budi").get(picture.group(1), headers=tag).status_code == 404
    made = re.findall(rf"/cases/{case.hex}/documents/(\d+)\">Permohonan", page)[0]
    assert visitor.get(f"/cases/{case.hex}/documents/{made}/pages/1.webp").status_code == 404
    assert visitor.get(f"/cases/{case.hex}/documents/{number}/pages/2.webp").status_code == 404
    file = visitor.get(f"/cases/{case.hex}/documents/{number}/file")
    assert file.data.startswith(b"%PDF-")
    assert 'filename="Pindaian.pdf"' in file.headers["Content-Disposition"]


@pytest.mark.parametrize("part", ["", "/file", "/pages/1.webp"])
def test_documents_are_not_found_by_who_may_not_see_the_case(site: Site, part: str) -> None:
    case = started(site.office)
    site.office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    assert site.visitor("budi").get(f"/cases/{case.hex}/documents/1{part}").status_code == 404
    assert site.visitor().get(f"/cases/{case.hex}/documents/1{part}").status_code == 303
