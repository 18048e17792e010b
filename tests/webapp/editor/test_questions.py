"""Open questions on the pages: listed for readers, answered without scripts, given to the editor."""

from __future__ import annotations

import json
import re

from engine.actions.process_drafts import DraftChange, save_draft
from engine.actions.submissions import submit
from tests.engine.actions.test_open_questions import questioned
from tests.engine.bpmn.test_questions import asked
from tests.revising import draft
from tests.webapp.visitors import Site


def test_an_owner_answers_in_the_draft_and_the_step_moves(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{questioned(site.office).hex}"
    page = putu.get(address).text
    assert "4 pertanyaan tentang SOP ini belum dijawab" in page
    assert f"{address}/questions" in page
    data = re.search(r'id="draft">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    questions = json.loads(data.group(1))["questions"]
    assert questions[0]["elements"] == ["memeriksa"]
    assert questions[0]["answers"][1] == {"key": "staf", "text": "Staf"}
    page = putu.get(f"{address}/questions").text
    assert re.search(r'value="kasub">.{0,200}Kasub.{0,200}dugaan kami', page, re.DOTALL)
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "Memeriksa permohonan · sekarang Kasub" in text
    assert "dugaan kami seperti yang tergambar sekarang" in text
    assert "langkahnya pindah ke Staf" in text
    assert "“Permohonan” menjadi “Surat permohonan”" in text
    gone = putu.post(f"{address}/questions/siapa", revision="2", answer="staf")
    assert gone.status_code == 303
    assert gone.headers["Location"].endswith("/questions?answered=siapa#question-siapa")
    answered = putu.get(f"{address}/questions?answered=siapa").text
    place = answered.split('id="question-siapa"', 1)[1].split("</section>", 1)[0]
    assert "“Siapa yang memeriksa?” dijawab: Staf." in place
    assert answered.count("dijawab: Staf.") == 1
    assert re.search(r"<details[^>]*>\s*<summary><span>Siapa yang memeriksa\?</span> <strong>Staf", answered)
    assert "Ubah jawaban" in answered
    assert "3 pertanyaan" in putu.get(address).text


def test_a_time_is_typed_as_a_number_and_a_unit(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{questioned(site.office).hex}/questions"
    fields = {"revision": "2", "answer": "lain", "unit": "days"}
    for amount in ("", "0", "-1", "x", "9" * 30):
        answer = putu.post(f"{address}/waktu", amount=amount, **fields)
        assert answer.status_code == 422
        assert "Tulis waktunya sebagai bilangan bulat" in answer.text
    assert putu.post(f"{address}/waktu", amount="3", **fields).status_code == 303
    assert "3 hari</strong>" in putu.get(address).text
    assert putu.post(f"{address}/waktu", amount="3", **fields).status_code == 409
    assert putu.post(f"{address}/none", revision="3", answer="-").status_code == 404


def test_contents_before_an_answer_are_told_apart_and_are_no_upload(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{questioned(site.office).hex}"
    putu.post(f"{address}/questions/siapa", revision="2", answer="staf")
    page = putu.get(f"{address}/upload").text
    assert "Sebelum pertanyaan “Siapa yang memeriksa?” dijawab" in page
    assert "Tidak ada yang hilang" not in page


def test_everybody_reads_what_was_not_settled(site: Site) -> None:
    number = submit(site.engine, site.office.people["putu"], questioned(site.office), 2)[1]
    page = site.visitor("budi").get(f"/library/izin/versions/{number}/notes").text
    assert "4 pertanyaan belum dijawab" in page
    assert "Siapa yang memeriksa?" in page
    assert "dugaan kami" in page
    assert "Jawab dalam draf" not in page
    assert "Jawab dalam draf" in site.visitor("putu").get(f"/library/izin/versions/{number}/notes").text


def test_what_an_owner_asks_is_text(site: Site) -> None:
    evil = b"&lt;img src=x onerror=alert(1)&gt;"
    content = (
        asked()
        .replace(b"Siapa yang memeriksa?", evil)
        .replace(b">Staf</sop:answer>", b">" + evil + b"</sop:answer>")
    )
    content = content.replace(b'key="nama"', b'key="&quot;/../&lt;b&gt;"')
    one, putu = draft(site.office), site.visitor("putu")
    save_draft(site.engine, site.office.people["putu"], one, DraftChange(revision=1, bpmn=content))
    address = f"/library/izin/drafts/{one.hex}"
    for page in (address, f"{address}/questions"):
        assert "<img src=x" not in putu.get(page).text
    number = submit(site.engine, site.office.people["putu"], one, 2)[1]
    assert "<img src=x" not in putu.get(f"/library/izin/versions/{number}/notes").text


def test_an_sop_without_questions_says_so(site: Site) -> None:
    page = site.visitor("putu").get(f"/library/izin/drafts/{draft(site.office).hex}/questions").text
    assert "Tidak ada pertanyaan" in page
