"""The pages of findings: written by a team, answered by the office, and taken away as a workbook."""

from __future__ import annotations

import html
import io
import re
from datetime import date

from openpyxl import load_workbook

from engine.actions import findings as acts
from engine.actions.findings import FindingForm
from engine.actions.office_erasures import erase_of_office
from engine.actions.offices import operator
from engine.actions.roles import AssignmentForm, assign_role
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.queries.erasable_office import erasable_of_office
from engine.storage import people
from tests.offices import assign
from tests.webapp.visitors import Site, find_office

WRITTEN = {
    "title": "Surat dikirim tanpa nomor",
    "condition": "Tiga surat dikirim tanpa nomor.",
    "criteria": "Langkah 12.",
    "cause": "Agenda tidak dipakai.",
    "effect": "Surat tidak dapat ditelusuri.",
    "recommendation": "Pakai agenda.",
    "figures": "/audit/figures?sop=izin",
}


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def team(site: Site) -> None:
    """Let tono be a second auditor of the same letter as agus."""
    with site.engine.store.reading() as connection:
        role = people.role_keys(connection, site.office.id)["auditor"]
    tono = site.office.people["tono"].person
    assert tono is not None
    form = AssignmentForm(person=tono.hex, since="2026-11-01")
    assign_role(site.engine, operator(site.office.id), role, form)
    assign(site.office, "agus", "tono", number="700/112/2026")
    site.office.people.update(find_office(site.engine, site.office.clock, "kantor").people)


def written(site: Site, **facts: str) -> str:
    """Write a finding by the form; gives its address."""
    letter = next(one for one in site.office.people["agus"].coverage if one.number == "700/112/2026")
    answer = site.visitor("agus").post("/audit/findings", assignment=letter.assignment.hex, **WRITTEN | facts)
    assert answer.status_code == 303
    return answer.headers["Location"]


def revision(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def send(site: Site, who: str, address: str, part: str, **fields: str) -> str:
    """Press a button of a finding as somebody sees it; gives the page that follows."""
    visitor = site.visitor(who)
    shown = f"{address}/draft" if part == "draft" else address
    sent = {"revision": revision(visitor.get(shown).text)} | fields
    answer = visitor.post(f"{address}/{part}", **sent)
    return said((visitor.get(address) if answer.status_code == 303 else answer).text)


def test_a_finding_is_written_reviewed_delivered_answered_and_closed(site: Site) -> None:
    team(site)
    address = written(site)
    assert site.visitor("putu").get(address).status_code == 404
    assert "Reviu Anda sudah dicatat." in send(site, "tono", address, "review")
    assert "Pemilik SOP dan administrator sekarang melihatnya." in send(site, "agus", address, "delivery")
    assert "Surat dikirim tanpa nomor" in said(site.visitor("putu").get("/audit/findings").text)
    assert "Tanggapan kantor: Wajib diisi." in send(site, "putu", address, "answer", answer=" ")
    assert "Setuju." in send(site, "putu", address, "answer", answer="Setuju.")
    done = send(site, "putu", address, "follow-up", status="done", follow_up_text="Agenda dipakai.")
    assert "Selesai seluruhnya" in done
    assert "Temuan sudah ditutup." in send(site, "agus", address, "closing", conclusion="Tuntas.")
    page = said(site.visitor("putu").get(address).text)
    assert "Ditutup oleh Auditor (Agus)" in page
    assert "Direviu oleh" in page


def test_an_administrator_answers_a_finding_and_reaches_nothing_else_of_the_area(site: Site) -> None:
    team(site)
    address, dewi = written(site), site.visitor("dewi")
    assert dewi.get(address).status_code == 404
    send(site, "tono", address, "review")
    send(site, "agus", address, "delivery")
    listed = dewi.get("/audit/findings").text
    assert f'href="{address}"' in listed
    assert 'href="/admin/people"' in listed
    page = dewi.get(address).text
    for leads in ("/audit/figures", "/audit/cases"):
        assert leads not in re.findall(r'href="([^"]+)"', listed + page)
    assert "Agenda dibuat." in send(site, "dewi", address, "answer", answer="Agenda dibuat.")
    assert "Belum" in send(site, "dewi", address, "follow-up", status="not-yet", follow_up_text="Mulai Juli.")
    for other in (
        "/audit/figures",
        "/audit/cases",
        f"{address}/draft",
        "/audit/findings/new",
        "/audit/record",
    ):
        assert dewi.get(other).status_code == 404


def test_a_draft_is_changed_by_who_prepared_it(site: Site) -> None:
    team(site)
    address = written(site)
    assert site.visitor("tono").get(f"{address}/draft").status_code == 404
    page = site.visitor("agus").get(f"{address}/draft").text
    assert "Agenda tidak dipakai." in page
    changed = WRITTEN | {"cause": "Agenda hilang."}
    assert "Agenda hilang." in send(site, "agus", address, "draft", **changed)
    assert "Sebutkan sedikitnya satu berkas" in send(
        site, "agus", address, "draft", **changed | {"figures": ""}
    )


def test_what_was_typed_is_there_when_another_was_faster(site: Site) -> None:
    team(site)
    address, agus = written(site), site.visitor("agus")
    opened = revision(agus.get(f"{address}/draft").text)
    send(site, "tono", address, "review")
    answer = agus.post(f"{address}/draft", revision=opened, **WRITTEN | {"cause": "Agenda hilang."})
    assert answer.status_code == 409
    assert "Temuan ini berubah sejak Anda membukanya." in said(answer.text)
    assert "Agenda hilang." in answer.text
    assert revision(answer.text) != opened
    opened = revision(agus.get(f"{address}/draft").text)
    send(site, "agus", address, "delivery")
    answer = agus.post(f"{address}/draft", revision=opened, **WRITTEN | {"cause": "Agenda hilang."})
    assert answer.status_code == 409
    assert "Agenda hilang." in answer.text
    assert "Agenda hilang." not in agus.get(address).text
    assert site.visitor("putu").post(f"{address}/draft", revision=opened, **WRITTEN).status_code == 404
    sent = {"revision": "1", "answer": "Agenda dibuat ulang."}
    answer = site.visitor("putu").post(f"{address}/answer", **sent)
    assert answer.status_code == 409
    assert "Agenda dibuat ulang." in answer.text


def test_a_form_that_was_open_brings_no_erased_text_back(site: Site) -> None:
    team(site)
    secret = "Surat Siti Rahmawati tanpa nomor."
    address, agus, dewi = written(site, condition=secret), site.visitor("agus"), site.office.people["dewi"]
    sent = {"revision": revision(agus.get(f"{address}/draft").text)} | WRITTEN | {"condition": secret}
    events = frozenset(one.seq for one in erasable_of_office(site.engine, dewi, "Rahmawati").entries)
    asked = Erasure(events=events, letter="12/U", reason="Permintaan", attempt=new_id())
    erase_of_office(site.engine, dewi, asked)
    for _click in range(2):
        answer = agus.post(f"{address}/draft", **sent)
        assert answer.status_code == 409
        sent["revision"] = revision(answer.text)
    assert "Rahmawati" not in agus.get(address).text
    current = revision(agus.get(f"{address}/draft").text)
    assert (
        agus.post(f"{address}/draft", **sent | {"revision": current, "condition": "Ada."}).status_code == 303
    )


def test_who_comes_too_late_is_told(site: Site) -> None:
    team(site)
    address = written(site)
    page = send(site, "tono", address, "review", revision="99")
    assert "Temuan ini berubah sejak Anda membukanya." in page


def test_the_list_is_narrowed_and_taken_away(site: Site) -> None:
    team(site)
    written(site)
    visitor = site.visitor("agus")
    assert "Tidak ada temuan dengan status ini" in visitor.get("/audit/findings?state=closed").text
    assert visitor.get("/audit/findings?state=tidak").status_code == 200
    book = load_workbook(io.BytesIO(visitor.get("/audit/findings?format=xlsx").data))
    head, row = book["Temuan"].iter_rows(values_only=True)
    assert head[:4] == ("Nomor", "Surat tugas", "Status", "Judul")
    assert row[:4] == (1, "700/112/2026", "Draf tim", "Surat dikirim tanpa nomor")
    told = dict(zip(head, row, strict=True))
    assert told["Disiapkan pada"].date() == date(2026, 11, 23)
    assert told["Direviu pada"] is None


def test_the_workbook_names_cases_days_and_every_answer(site: Site) -> None:
    team(site)
    case = site.office.start(knowingly=True)
    address = written(site, cases=f"{case.number} #2")
    through(site, address)
    for who in ("putu", "dewi"):
        send(site, who, address, "answer", answer=f"Dari {who}.")
    book = load_workbook(io.BytesIO(site.visitor("agus").get("/audit/findings?format=xlsx").data))
    head, row = book["Temuan"].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert told["Berkas dan kejadian"] == f"{case.number} #2"
    assert told["Angka"].startswith("Angka: ")
    assert "Dari putu." in told["Tanggapan kantor"]
    assert "Dari dewi." in told["Tanggapan kantor"]
    assert told["Disampaikan pada"].date() == told["Ditanggapi pada"].date() == date(2026, 11, 23)


def through(site: Site, address: str) -> None:
    """Review and deliver a finding."""
    send(site, "tono", address, "review")
    send(site, "agus", address, "delivery")


def test_a_second_answer_stands_below_the_first(site: Site) -> None:
    team(site)
    address = written(site)
    through(site, address)
    send(site, "putu", address, "answer", answer="Setuju, kata pemilik.")
    page = send(site, "dewi", address, "answer", answer="Tambahan dari administrator.")
    assert page.index("Setuju, kata pemilik.") < page.index("Tambahan dari administrator.")
    seen = said(site.visitor("agus").get(address).text)
    assert seen.count("Ditanggapi oleh") == 2
    assert "Putu" in seen
    for text in ("Agenda dibuat.", "Agenda dipakai."):
        page = send(site, "putu", address, "follow-up", status="partly", follow_up_text=text)
    assert page.index("Agenda dibuat.") < page.index("Agenda dipakai.")


def test_everybody_finds_on_their_first_page_what_waits_for_them(site: Site) -> None:
    team(site)
    address = written(site)
    review, answer = "1 draf temuan menunggu reviu Anda.", "1 temuan auditor menunggu tanggapan kantor."

    def sees(who: str, words: str) -> bool:
        visitor = site.visitor(who)
        return words in said(visitor.get("/", follow_redirects=True).text)

    assert sees("tono", review)
    assert not sees("agus", review)
    send(site, "tono", address, "review")
    assert sees("agus", "1 temuan Anda sudah direviu dan dapat disampaikan.")
    assert not sees("putu", answer)
    send(site, "agus", address, "delivery")
    assert sees("putu", answer)
    assert sees("dewi", answer)
    assert not sees("joko", answer)
    assert "Temuan 1" in said(site.visitor("dewi").get("/admin/roles").text)
    send(site, "putu", address, "answer", answer="Setuju.")
    assert not sees("dewi", answer)
    assert sees("agus", "1 temuan sudah ditanggapi kantor dan belum ditutup.")
    send(site, "agus", address, "closing", conclusion="Tuntas.")
    assert not sees("agus", "Dari audit")


def test_who_changes_a_reviewed_draft_is_told_before_and_after(site: Site) -> None:
    team(site)
    address = written(site)
    draft, warning = f"{address}/draft", "reviu itu tidak berlaku lagi"
    assert warning not in said(site.visitor("agus").get(draft).text)
    send(site, "tono", address, "review")
    assert warning in said(site.visitor("agus").get(draft).text)
    changed = send(site, "agus", address, "draft", **WRITTEN | {"cause": "Agenda hilang."})
    assert "Reviunya tidak berlaku lagi" in changed
    again = send(site, "agus", address, "draft", **WRITTEN)
    assert "Draf tersimpan. Hanya tim" in again


def test_a_case_that_is_not_there_is_named(site: Site) -> None:
    team(site)
    letter = site.office.people["agus"].coverage[-1].assignment.hex
    wrong = WRITTEN | {"cases": "999/TIDAK/2026"}
    answer = site.visitor("agus").post("/audit/findings", assignment=letter, **wrong)
    assert answer.status_code == 422
    assert "Tidak ada berkas “999/TIDAK/2026” dalam surat tugas ini." in said(answer.text)


def test_a_copied_address_of_figures_is_taken_and_shown_in_words(site: Site) -> None:
    team(site)
    address = "/audit/figures/deviations/late?sop=izin&since=2026-01-01&until=2026-11-30"
    page = site.visitor("agus").get(written(site, figures=f"http://localhost{address}")).text
    assert f'href="{html.escape(address)}"' in page
    told = said(page)
    assert "Penyimpangan: Terlambat" in told
    assert "01-01-2026 sampai 30-11-2026" in told
    assert "/audit/figures" not in told
    letter = site.office.people["agus"].coverage[-1].assignment.hex
    elsewhere = WRITTEN | {"figures": f"https://lain.go.id{address}"}
    assert site.visitor("agus").post("/audit/findings", assignment=letter, **elsewhere).status_code == 422


def test_a_page_of_figures_leads_to_a_finding_about_it(site: Site) -> None:
    site.office.start(knowingly=True)
    auditor = site.visitor("agus")
    page = auditor.get("/audit/figures").text
    found = re.search(r'href="(/audit/findings/new\?figures=[^"]+)"', page)
    assert found is not None
    form = auditor.get(html.unescape(found.group(1))).text
    assert "/audit/figures?sop=izin&amp;since=2026-01-01" in form
    assert "/audit/findings/new" not in site.visitor("putu").get("/audit/figures").text


def test_what_is_written_is_shown_as_text(site: Site) -> None:
    team(site)
    letter = site.office.people["agus"].coverage[-1].assignment
    form = FindingForm(title="<b>tebal</b>", condition="<script>", figures='/audit/figures?"><b>')
    made = acts.draft(site.engine, site.office.people["agus"], letter, form)
    page = site.visitor("agus").get(f"/audit/findings/{made.hex}").text
    assert "<b>tebal" not in page
    assert "&lt;script&gt;" in page


def test_a_text_that_is_too_long_is_refused_whole_and_kept(site: Site) -> None:
    team(site)
    letter = next(one for one in site.office.people["agus"].coverage if one.number == "700/112/2026")
    long = f"{'x' * 10_000} akhir"
    visitor = site.visitor("agus")
    assert "maxlength" not in visitor.get("/audit/findings/new").text.partition('name="condition"')[2][:80]
    answer = visitor.post(
        "/audit/findings", assignment=letter.assignment.hex, **WRITTEN | {"condition": long}
    )
    assert answer.status_code == 422
    assert long in answer.text
    assert "10.000" in said(answer.text)
    title = "x" * 201
    answer = visitor.post("/audit/findings", assignment=letter.assignment.hex, **WRITTEN | {"title": title})
    assert answer.status_code == 422
    assert title in answer.text
