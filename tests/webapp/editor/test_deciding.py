"""What the pages of a revision say while it is decided on, and after: whom it waits for, what comes next."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from engine.actions import batch_slices
from engine.actions.batches import replay_draft, survey_draft
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft
from engine.actions.submissions import submit
from engine.queries.process_drafts import draft_page
from tests.engine.bpmn.test_questions import asked
from tests.offices import LIBRARY
from tests.revising import approved, draft, lengthen, submitted, today
from tests.webapp.editor.test_revising import PDF, words
from tests.webapp.visitors import Site

REVIEW = "/library/izin/versions/2/review"


def test_a_submission_says_whom_it_waits_for_and_until_when(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    one = draft(site.office)
    lengthen(site.office, one)
    putu = site.visitor("putu")
    sent = putu.post(f"/library/izin/drafts/{one.hex}/submission", revision="2", **{"for": "review"})
    page = words(putu.get(sent.headers["Location"]).text)
    assert "Menunggu Pengesah SOP Mereviu usulan revisi, paling lambat Kamis, 26-11-2026" in page
    closed = putu.get(f"/library/izin/drafts/{one.hex}").text
    assert "Kini menunggu Pengesah SOP , paling lambat Kamis, 26-11-2026" in words(closed).replace(
        "SOP,", "SOP ,"
    )
    assert re.search(r'href="/cases/[0-9a-f]{32}">berkas 001/REV-SOP/2026', closed)


def test_without_such_a_case_the_page_names_the_approvers(site: Site) -> None:
    submitted(site.office)
    assert "Menunggu Pengesah SOP" in words(site.visitor("putu").get(REVIEW).text)
    assert "Menunggu Pengesah SOP" not in words(site.visitor("lina").get(REVIEW).text)  # she decides on it


def test_what_is_decided_on_stands_beside_the_decision(site: Site) -> None:
    submitted(site.office)
    page = words(site.visitor("lina").get(REVIEW).text)
    assert "3 jam kerja" in page
    assert "Kembalikan kepada penyusun" in page


def test_a_word_to_the_approver_stands_beside_the_changes(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    one = draft(site.office)
    lengthen(site.office, one)
    putu, lina = site.visitor("putu"), site.visitor("lina")
    address, fields = f"/library/izin/drafts/{one.hex}/submission", {"revision": "2", "for": "review"}
    long = putu.post(address, **fields, message="x" * 1001)
    assert long.status_code == 422
    assert "Pesan untuk yang memutuskan: Paling banyak 1.000 karakter" in words(long.text)
    putu.post(address, **fields, message="Diminta Bupati <b>segera</b>")
    page = lina.get(REVIEW).text
    assert "Diminta Bupati &lt;b&gt;segera&lt;/b&gt;" in page
    found = re.search(r'href="(/tasks/[0-9a-f]{32})"', page)
    assert found is not None
    assert "Pesan penyusun: Diminta Bupati &lt;b&gt;segera&lt;/b&gt;" in words(lina.get(found[1]).text)


def test_before_it_is_submitted_one_reads_who_decides_and_what_is_open(site: Site) -> None:
    one = draft(site.office)
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{one.hex}/submission"
    same = putu.get(address).text
    assert "Draf ini sama dengan Revisi 1. Ubah sesuatu dahulu." in words(same)
    assert 'name="for"' not in same
    lengthen(site.office, one)
    page = putu.get(address).text
    assert "Yang memutuskan: Pengesah SOP, yang tidak ikut menyusunnya." in words(page)
    assert 'type="date"' not in page  # a browser shows it in its own language's order


def test_what_changes_only_the_drawing_is_told_before(site: Site) -> None:
    one = draft(site.office)
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{one.hex}"
    drawn = putu.get(f"{address}/diagram.bpmn").text
    said = {"revision": 1, "bpmn": f"{drawn}<!-- nothing that anybody works by -->"}
    assert putu.put(address, said).status_code == 200
    assert "Tidak berbeda dari Revisi 1" in words(putu.get(f"{address}/submission").text)


def test_what_was_returned_and_not_changed_is_told_before(site: Site) -> None:
    submitted(site.office)
    site.visitor("lina").post("/library/izin/versions/2/return", reason="Waktu belum disepakati")
    one = draft(site.office, number=2)
    page = site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/submission").text
    assert "Sama dengan Revisi 2, yang dikembalikan" in words(page)
    assert 'name="for"' in page


def test_a_returned_revision_begins_with_the_reason_and_the_next_draft(site: Site) -> None:
    submitted(site.office)
    lina, putu = site.visitor("lina"), site.visitor("putu")
    done = lina.post("/library/izin/versions/2/return", reason="Waktu belum disepakati")
    said = words(lina.get(done.headers["Location"]).text)
    assert "Revisi 2 dikembalikan kepada penyusunnya dengan alasan Anda." in said
    assert "Mulai draf dari revisi ini" not in said  # an approver drafts nothing
    page = putu.get(REVIEW).text
    assert "Dikembalikan" in words(page)
    buttons = re.findall(r'<button class="btn btn-primary">(.*?)</button>', page)
    assert [words(one).strip() for one in buttons] == ["Mulai draf dari revisi ini"]
    assert page.index("Waktu belum disepakati") < page.index('class="columns"')
    attempt = re.search(r'name="attempt" value="([0-9a-f]{32})"', page)
    assert attempt is not None
    begun = putu.post("/library/izin/drafts", revision="2", attempt=attempt[1])
    assert begun.status_code == 303
    assert "PT3H" in putu.get(f"{begun.headers['Location']}/diagram.bpmn").text


def test_an_approval_says_from_when_on(site: Site) -> None:
    for number, days, said in (
        (2, 0, "Revisi 2 sudah disahkan dan berlaku: mulai sekarang berkas baru memakainya."),
        (3, 3, "Revisi 3 sudah disahkan dan berlaku mulai Kamis, 26 November 2026."),
    ):
        submitted(site.office, to=f"PT{number + 1}H")
        lina = site.visitor("lina")
        data = {
            "csrf_token": lina.token(),
            "number": "065/1",
            "effective_from": (today(site.office) + timedelta(days=days)).isoformat(),
            "paper": (io.BytesIO(PDF), "sah.pdf"),
        }
        done = lina.client.post(f"/library/izin/versions/{number}/approval", data=data)
        assert said in words(lina.get(done.headers["Location"]).text)


def test_what_was_returned_is_not_asked_for_once_a_later_one_follows(site: Site) -> None:
    submitted(site.office)
    lina, putu = site.visitor("lina"), site.visitor("putu")
    lina.post("/library/izin/versions/2/return", reason="Waktu belum disepakati")
    assert "Revisi ini diajukan sekali lagi" in words(putu.get(REVIEW).text)
    one = draft(site.office, number=2)
    lengthen(site.office, one, to="PT5H")
    putu.post(f"/library/izin/drafts/{one.hex}/submission", revision="2", **{"for": "review"})
    assert "Revisi ini diajukan sekali lagi" not in words(putu.get(REVIEW).text)
    refused = putu.post(REVIEW)
    assert refused.status_code == 409
    assert "Revisi 3 menyusul revisi ini. Lanjutkan revisi itu." in words(refused.text)


def test_what_was_returned_is_not_asked_for_once_another_is_approved_after_it(site: Site) -> None:
    submitted(site.office)
    lina, putu = site.visitor("lina"), site.visitor("putu")
    lina.post("/library/izin/versions/2/return", reason="Waktu belum disepakati")
    number = submitted(site.office, to="PT5H")
    assert "Revisi ini diajukan sekali lagi" in words(putu.get(REVIEW).text)  # of another line, and undecided
    approved(site.office, number, today(site.office))
    assert "Revisi ini diajukan sekali lagi" not in words(putu.get(REVIEW).text)
    assert putu.post(REVIEW).status_code == 409


def test_before_a_revision_is_withdrawn_one_reads_what_people_work_by_then(site: Site) -> None:
    number = submitted(site.office)
    approved(site.office, number, today(site.office))
    lina, address = site.visitor("lina"), f"/library/izin/versions/{number}/withdrawal"
    coming = submitted(site.office, to="PT5H")
    page = words(lina.get(address.replace(f"/{number}/", f"/{coming}/")).text)
    assert "Sesudahnya: pekerjaan mengikuti Revisi 2, yang sekarang berlaku." in page
    assert "Sesudahnya: tidak ada revisi SOP ini yang berlaku" in words(lina.get(address).text)
    approved(site.office, coming, today(site.office) + timedelta(days=3))
    page = words(lina.get(address).text)
    assert "Sesudahnya: Revisi 3 mulai berlaku pada Kamis, 26 November 2026." in page
    assert "Sampai hari itu tidak ada revisi yang berlaku" in page


def test_whoever_decides_reads_what_is_open_and_what_was_worked_out(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    one, owner = draft(site.office), site.office.people["putu"]
    save_draft(site.engine, owner, one, DraftChange(revision=1, bpmn=asked()))
    site.office.start(year=2031)
    survey_draft(site.engine, owner, one, {})
    replay_draft(site.engine, owner, one)
    while batch_slices.work(site.engine):
        pass
    submit(site.engine, owner, one, 2)
    lina = site.visitor("lina")
    review = lina.get(REVIEW).text
    found = re.search(r'href="(/tasks/[0-9a-f]{32})"', review)
    assert found is not None
    for page in (words(review), words(lina.get(found[1]).text)):
        assert "4 pertanyaan SOP ini belum dijawab; yang berlaku adalah dugaan kami" in page
        assert "Siapa yang memeriksa? Dugaan kami: Kasub" in page
        assert re.search(r"Berkas terbuka, diperiksa .*: \d+ dapat dipindahkan, \d+ tetap", page)
        assert re.search(r"Berkas lama, diuji .*: \d+ akan", page)


def test_a_draft_lists_what_the_review_left_open(site: Site) -> None:
    submitted(site.office)
    lina, putu = site.visitor("lina"), site.visitor("putu")
    for text in ("Tiga jam <b>terlalu</b> singkat", "Sudah benar"):
        lina.post(f"{REVIEW.removesuffix('/review')}/comments", element="mengajukan", text=text)
    settled = re.findall(r'action="([^"]+/settlement)"', putu.get(REVIEW).text)
    putu.post(settled[1])
    lina.post("/library/izin/versions/2/return", reason="Belum disepakati")
    page = words(putu.get(f"/library/izin/drafts/{draft(site.office, number=2).hex}").text)
    assert "Komentar reviu (Mengajukan izin): Tiga jam &lt;b&gt;terlalu&lt;/b&gt; singkat" in page
    assert "Sudah benar" not in page


def test_what_the_check_lets_pass_is_told_by_step_to_whoever_decides_and_in_the_difference(
    site: Site,
) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    one = draft(site.office)
    text = draft_page(site.engine, site.office.people["putu"], "izin", one).draft.bpmn
    timed = re.search(r' sop:standardTime="PT2H"| standardTime="PT2H"', text)
    assert timed is not None
    change = DraftChange(revision=1, bpmn=text.replace(timed[0], "", 1).encode())
    save_draft(site.engine, site.office.people["putu"], one, change)
    putu, lina = site.visitor("putu"), site.visitor("lina")
    told = "1. Mengajukan izin Mengajukan izin belum mempunyai waktu baku"
    assert told in words(putu.get(f"/library/izin/drafts/{one.hex}/difference").text)
    putu.post(f"/library/izin/drafts/{one.hex}/submission", revision="2", **{"for": "review"})
    page = lina.get(REVIEW).text
    assert told in words(page)
    found = re.search(r'href="(/tasks/[0-9a-f]{32})"', page)
    assert found is not None
    assert told in words(lina.get(found[1]).text)
    assert told in words(lina.get("/library/izin/compare?old=1&new=2").text)
    assert told not in words(lina.get("/library/izin/compare?old=2&new=1").text)
