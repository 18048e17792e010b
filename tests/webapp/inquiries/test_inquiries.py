"""The pages of auditors' questions: asked from a case, answered by whoever is asked, listed for the team."""

from __future__ import annotations

import html
import io
import re
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from engine.actions import assignments
from engine.actions.people import deactivate_person
from engine.ids import new_id
from tests.webapp.visitors import Site


@pytest.fixture
def case(site: Site) -> str:
    return site.office.start(knowingly=True).instance.hex


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def person(site: Site, name: str) -> str:
    found = site.office.people[name].person
    assert found is not None
    return found.hex


def ask(site: Site, case: str, **fields: str) -> str:
    """Ask by the form; gives the address of the question."""
    sent = {
        "attempt": new_id().hex,
        "to": person(site, "rina"),
        "question": "Mengapa terlambat?",
        "seq": "1",
        "assignment": site.office.people["agus"].coverage[0].assignment.hex,
    }
    answer = site.visitor("agus").post(f"/audit/cases/{case}/inquiries", **sent | fields)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_question_goes_from_the_player_to_a_person_and_its_answer_back(site: Site, case: str) -> None:
    agus, rina = site.visitor("agus"), site.visitor("rina")
    player = agus.get(f"/audit/cases/{case}?step=1").text
    assert f"/audit/cases/{case}/inquiries?step=1" in player
    form = agus.get(f"/audit/cases/{case}/inquiries?step=1").text
    assert f'<option value="{person(site, "joko")}" selected' in form  # who did it
    address = ask(site, case)
    assert "Auditor meminta keterangan Anda" in said(rina.get("/tasks").text)
    assert "Mengapa terlambat?" in said(rina.get(address).text)
    assert rina.post(f"{address}/answer", answer="Menunggu data.").status_code == 303
    assert "Jawaban Anda sudah dicatat." in said(rina.get(address).text)
    assert "Auditor meminta keterangan Anda" not in said(rina.get("/tasks").text)
    assert "Sudah dijawab" in said(rina.get("/inquiries").text)
    assert "Menunggu data." in said(agus.get(address).text)
    assert "Menunggu data." in said(agus.get(f"/audit/cases/{case}?step=1").text)
    assert "Menunggu data." not in said(agus.get(f"/audit/cases/{case}?step=2").text)


def test_a_process_owner_sees_neither_links_nor_questions_in_the_player(site: Site, case: str) -> None:
    ask(site, case)
    page = site.visitor("putu").get(f"/audit/cases/{case}?step=1").text
    assert "Mengapa terlambat?" not in page
    assert "/inquiries" not in page
    assert "/audit/findings/new" not in page


def test_a_finding_is_begun_from_an_event(site: Site, case: str) -> None:
    agus = site.visitor("agus")
    page = agus.get(f"/audit/cases/{case}?step=1").text
    link = re.search(r'href="(/audit/findings/new\?cases=[^"]+)"', page)
    assert link is not None
    assert re.search(r"<textarea[^>]*name=\"cases\"[^>]*>\s*\S+ #1</textarea>", agus.get(link[1]).text)


def test_the_list_of_the_team_is_narrowed_and_taken_away(site: Site, case: str) -> None:
    address, agus = ask(site, case), site.visitor("agus")
    site.visitor("rina").post(f"{address}/answer", answer="=2+2")
    ask(site, case, question="Siapa yang menyetujui?", seq="0")
    assert said(agus.get("/audit/inquiries?state=waiting").text).count("Pertanyaan 2") == 1
    assert "Pertanyaan 1" not in said(agus.get("/audit/inquiries?state=waiting").text)
    assert "Tidak ada pertanyaan dengan status ini" in said(
        agus.get("/audit/inquiries?state=unanswerable").text
    )
    book = load_workbook(io.BytesIO(agus.get("/audit/inquiries?format=xlsx").data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][8:10] == ("Pertanyaan", "Jawaban")
    assert [row[8] for row in rows[1:]] == ["Siapa yang menyetujui?", "Mengapa terlambat?"]
    assert rows[2][9] == "=2+2"
    here = site.office.clock.now().astimezone(ZoneInfo("Asia/Jakarta")).replace(tzinfo=None)
    assert (rows[2][6], rows[1][10], rows[2][10]) == (here, None, here)


def test_a_second_answer_is_told_that_the_first_stands(site: Site, case: str) -> None:
    address, rina = ask(site, case), site.visitor("rina")
    rina.post(f"{address}/answer", answer="Menunggu data.")
    rina.post(f"{address}/answer", answer="Bukan begitu.")
    page = said(rina.get(address).text)
    assert "Jawaban yang tercatat tidak diubah." in page
    assert "Menunggu data." in page


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(site: Site, case: str) -> None:
    agus = site.visitor("agus")
    answer = agus.post(f"/audit/cases/{case}/inquiries", to="", question="Mengapa?", seq="1")
    assert answer.status_code == 422
    assert "Pilih siapa yang ditanya" in said(answer.text)
    assert "Mengapa?" in answer.text
    empty = site.visitor("rina").post(f"{ask(site, case)}/answer", answer=" ")
    assert empty.status_code == 422
    assert "Wajib diisi" in said(empty.text)


def test_who_has_left_is_told_of_to_the_team(site: Site, case: str) -> None:
    address = ask(site, case)
    deactivate_person(site.engine, site.office.people["dewi"], site.office.people["rina"].person)  # type: ignore[arg-type]
    assert "sudah tidak aktif di kantor ini dan tidak dapat menjawab" in said(
        site.visitor("agus").get(address).text
    )


def test_who_was_asked_answers_after_the_end_of_the_letter_too(site: Site, case: str) -> None:
    address, rina = ask(site, case), site.visitor("rina")
    letter = site.office.people["agus"].coverage[0].assignment
    assignments.end(site.engine, site.office.people["dewi"], letter, "Selesai")
    assert "anggota tim itu yang memegang surat tugas lain" in said(rina.get(address).text)
    rina.post(f"{address}/answer", answer="Menunggu data.")
    assert "Menunggu data." in said(rina.get(address).text)
