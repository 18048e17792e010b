"""A rehearsal from its pages: begun, played to its end without scripts, and safe against a second click."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft
from tests.drawn_sops import package
from tests.engine.bpmn.drawn import diagram, element, flows, start_end, tasks
from tests.offices import SAMPLES
from tests.rehearsing import Rehearsing
from tests.revising import draft, lengthen
from tests.webapp.editor.test_revising import words
from tests.webapp.visitors import Site, Visitor

PLACE = {"at:round": "1", "at:iteration": "0"}


class Page:
    """The page of a rehearsal, by whoever drafts."""

    def __init__(self, site: Site, name: str = "putu") -> None:
        self.visitor: Visitor = site.visitor(name)
        self.draft: UUID = draft(site.office)
        self.address = f"/library/izin/drafts/{self.draft.hex}/rehearsal"

    def begin(self, **fields: str) -> None:
        answer = self.visitor.post(self.address, **({"year": "2027"} | fields))
        assert answer.status_code == 303

    @property
    def text(self) -> str:
        return self.visitor.get(self.address).text

    @property
    def revision(self) -> str:
        found = re.search(r'name="at:revision" value="(\d+)"', self.text)
        assert found is not None
        return found.group(1)

    def press(self, where: str, **fields: str) -> int:
        sent = {"at:revision": self.revision} | fields
        return self.visitor.post(f"{self.address}/{where}", **sent).status_code

    def complete(self, element: str, **fields: str) -> int:
        return self.press("tasks", **(PLACE | {"at:element": element, "complete": "1"} | fields))


def test_a_draft_is_played_to_its_end_on_the_pages(site: Site) -> None:
    page = Page(site)
    assert "Coba jalankan" in page.visitor.get(page.address.removesuffix("/rehearsal")).text
    assert "Mulai percobaan" in page.text
    page.begin()
    assert "Ini hanya percobaan: tidak ada berkas, tidak ada tugas." in page.text
    assert "Selesai, teruskan ke Kasub" in page.text
    assert page.complete("mengajukan", kegiatan="Lomba") == 303
    assert "Anda sebagai Kasub: Memeriksa permohonan" in words(page.text)
    assert page.complete("memeriksa", keputusan="Ya") == 303
    assert page.complete("mengarsipkan", lokasi="Lemari", **{"output.0": "true"}) == 303
    assert "Berkas akan selesai di sini" in page.text
    assert "Jawaban: Ya" in page.text
    assert site.visitor("rina").get("/tasks").text.count("Memeriksa permohonan") == 0


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(site: Site) -> None:
    page = Page(site)
    page.begin()
    sent = PLACE | {"at:element": "mengajukan", "at:revision": page.revision, "complete": "1", "biaya": "x9"}
    answer = page.visitor.post(f"{page.address}/tasks", **sent)
    assert answer.status_code == 422
    assert 'value="x9"' in answer.text
    assert 'href="#kegiatan"' in answer.text


def test_a_file_that_is_not_said_to_be_there_is_missed(site: Site) -> None:
    page = Page(site)
    page.begin()
    page.complete("mengajukan", kegiatan="Lomba")
    page.complete("memeriksa", keputusan="Ya")
    assert page.complete("mengarsipkan", lokasi="Lemari") == 422
    assert "Bila dicentang, dokumen dianggap sudah diunggah" in page.text


def test_a_second_click_is_told_and_does_nothing(site: Site) -> None:
    page = Page(site)
    page.begin()
    sent = PLACE | {
        "at:element": "mengajukan",
        "at:revision": page.revision,
        "complete": "1",
        "kegiatan": "Lomba",
    }
    for _ in range(2):
        assert page.visitor.post(f"{page.address}/tasks", **sent).status_code == 303
    text = page.text
    assert "tombol tertekan dua kali" in text
    assert "Anda sebagai Kasub" in words(text)


def test_a_row_of_a_list_is_added_without_scripts(site: Site) -> None:
    page = Page(site)
    page.begin()
    sent = PLACE | {"at:element": "mengajukan", "at:revision": page.revision, "kegiatan": "Lomba"}
    answer = page.visitor.post(f"{page.address}/tasks", **sent, **{"add:rincian": "1"})
    assert answer.status_code == 200
    assert 'name="rincian.0.barang"' in answer.text
    assert 'value="Lomba"' in answer.text


def test_the_clock_is_moved_and_the_task_is_late(site: Site) -> None:
    page = Page(site)
    page.begin()
    page.complete("mengajukan", kegiatan="Lomba")
    assert page.press("clock", by="7d") == 303
    text = page.text
    assert "Jam dimajukan" in text
    assert "Terlambat" in text
    assert page.press("clock", next="1") == 409
    assert page.press("clock", by="soon") == 409
    assert page.press("undo") == 303
    assert "Terlambat" not in page.text


def test_going_back_as_the_draft_allows(site: Site) -> None:
    page = Page(site)
    page.begin()
    page.complete("mengajukan", kegiatan="Lomba")
    page.complete("memeriksa", keputusan="Ya")
    sent = PLACE | {"at:element": "mengarsipkan", "at:back": "1", "at:to": "mengajukan"}
    assert page.press("tasks", **sent) == 303
    text = words(page.text)
    assert "Anda sebagai Staf: Mengajukan izin" in text
    assert "dikembalikan" in text


def test_a_draft_that_changed_since_says_so(site: Site) -> None:
    page = Page(site)
    page.begin()
    assert "Draf sudah berubah" not in page.text
    lengthen(site.office, page.draft)
    assert "Draf sudah berubah" in page.text
    again = page.visitor.get(f"{page.address}?anew=1").text
    assert "akan hilang" in again
    page.begin()  # without knowing of the one there is
    assert "Draf sudah berubah" in page.text
    found = re.search(r'name="replaces" value="(\w+)"', again)
    assert found is not None
    page.begin(replaces=found.group(1))
    assert "Draf sudah berubah" not in page.text


def test_what_keeps_a_draft_from_running_is_told_before_it_begins(site: Site) -> None:
    page = Page(site)
    change = DraftChange(revision=1, forms={"mengajukan": None})
    save_draft(site.engine, site.office.people["putu"], page.draft, change)
    text = page.text
    assert "Draf ini belum dapat dicoba jalankan" in text
    assert "Mulai percobaan" not in text
    assert page.visitor.post(page.address, year="2027").status_code == 422


@pytest.mark.parametrize("year", ["", "27", "12345", "1999", "x"])
def test_a_year_is_a_year(site: Site, year: str) -> None:
    page = Page(site)
    answer = page.visitor.post(page.address, year=year)
    assert answer.status_code == 422
    assert 'id="year-problem"' in answer.text


def test_an_ended_rehearsal_is_gone(site: Site) -> None:
    page = Page(site)
    page.begin()
    assert page.visitor.post(f"{page.address}/end").status_code == 303
    assert "Mulai percobaan" in page.text


def test_of_a_closed_draft_its_page_says_what_became_of_it(site: Site) -> None:
    page = Page(site)
    page.begin()
    page.visitor.post(page.address.replace("/rehearsal", "/discard"), revision="1")
    assert page.visitor.get(page.address).status_code == 303


def test_other_systems_and_messages_are_played(site: Site) -> None:
    office = site.office
    deploy(site.engine, operator(office.id), read_package(SAMPLES / "edaran"))
    one = Rehearsing.of(office, "edaran")
    one.take(one.completing(one.key("menulis")))
    address, putu = f"/library/edaran/drafts/{one.draft.hex}/rehearsal", site.visitor("putu")
    page = putu.get(address).text
    assert "Mencatat ke agenda" in page
    assert "body.nomor = " in page  # what the diagram asks of the answer
    sent = PLACE | {"at:element": "mencatat", "at:revision": str(one.read.revision)}
    unanswered = putu.post(f"{address}/answers", **sent, code="TOLAK", failed="1")
    assert unanswered.status_code == 409
    assert "Tidak ada yang menangani galat “TOLAK” di draf ini" in unanswered.text
    assert putu.post(f"{address}/answers", **sent, values="body.nomor = 12").status_code == 303
    assert "body = nomor: 12" in putu.get(address).text
    wait = one.now.waits[0].key
    sent = {"at:element": wait.element, "at:round": str(wait.round), "at:revision": str(one.read.revision)}
    assert "Kirim pesan “Balasan”" in putu.get(address).text
    assert putu.post(f"{address}/messages", **sent, values="isi = Baik").status_code == 303
    page = putu.get(address).text
    assert "Pesan “Balasan” datang" in page
    assert "isi = Baik" in page


def test_four_eyes_are_told_and_not_enforced(site: Site) -> None:
    page = Page(site)
    bpmn = page.visitor.get(page.address.replace("/rehearsal", "/diagram.bpmn")).text
    asked = bpmn.replace('formKey="memeriksa"', 'formKey="memeriksa" notSameAs="mengajukan"')
    change = DraftChange(revision=1, bpmn=asked.encode())
    save_draft(site.engine, site.office.people["putu"], page.draft, change)
    page.begin()
    page.complete("mengajukan", kegiatan="Lomba")
    assert "yang mengerjakan Mengajukan izin tidak dapat mengerjakan langkah ini" in page.text
    assert page.complete("memeriksa", keputusan="Ya") == 303


def test_the_pages_speak_english(site: Site) -> None:
    page = Page(site)
    page.begin()
    page.visitor.post("/language", language="en")
    assert "This is only a rehearsal: no case, no tasks." in page.text


def test_of_several_open_tasks_one_is_chosen(site: Site) -> None:
    drawn = diagram(
        start_end(),
        tasks("satu", "dua"),
        element("parallelGateway", "bagi"),
        element("parallelGateway", "temu"),
        flows("start", "bagi", "satu", "temu", "end"),
        flows("bagi", "dua", "temu"),
    )
    deploy(site.engine, operator(site.office.id), package("berdua", drawn))
    one = Rehearsing.of(site.office, "berdua")
    address, putu = f"/library/berdua/drafts/{one.draft.hex}/rehearsal", site.visitor("putu")
    page = putu.get(address).text
    assert "Anda sebagai Staf: Satu" in words(page)
    found = re.search(r'href="([^"]+)">Dua</a>', page)
    assert found is not None
    chosen = putu.get(unescape(found.group(1))).text
    assert "Anda sebagai Staf: Dua" in words(chosen)
    sent = PLACE | {"at:element": "dua", "at:revision": "1", "complete": "1"}
    assert putu.post(f"{address}/tasks", **sent).status_code == 303
    assert one.open == ["satu"]
