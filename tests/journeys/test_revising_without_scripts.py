"""A revision through plain HTTP: the diagram by a file, forms as text, decided, in force, cases moved."""

from __future__ import annotations

import json
import time

import pytest

from engine.demo_paper import paper
from tests.journeys.story import KADIN, SOP, begin, in_days, sign_in
from tests.journeys.visitor import Visitor
from tests.live import Server

pytestmark = pytest.mark.xdist_group("without scripts")
OWNER = "Pemilik SOP"
_PATIENCE = 120  # looks, half a second apart
FIELD = {"type": "textfield", "id": "percetakan", "key": "percetakan", "label": "Percetakan <b>"}
REASON = "Waktu baku belum disepakati."


@pytest.fixture
def visitor(served: Server) -> Visitor:
    return Visitor(served.address)


def test_from_a_draft_to_in_force_and_cases_moved(visitor: Visitor) -> None:
    early = begin(visitor, "2042")
    draft = begin_draft(visitor)
    change_the_diagram(visitor, draft)
    change_a_form(visitor, draft)
    returned = submit(visitor, draft)
    return_it(visitor)
    draft = begin_again(visitor, returned)
    visitor.open(f"{draft}/submission")
    visitor.press("Ajukan draf")
    visitor.open("/tasks")
    assert not visitor.sees("Memperbaiki usulan")  # what was submitted is done
    number = str(int(returned) + 1)
    approve(visitor)
    sign_in(visitor, OWNER)
    come_upon(visitor, "/tasks", "Memberitahukan pelaksana")
    move_cases(visitor, number, early)


def begin_draft(visitor: Visitor) -> str:
    sign_in(visitor, OWNER)
    visitor.follow("Pustaka SOP")
    visitor.follow(SOP)
    visitor.follow("Revisi SOP")
    visitor.press("Mulai revisi")
    assert visitor.sees("Menggambar memerlukan JavaScript")
    assert any("Rapat pembahasan" in one for one in visitor.items("//ul[@data-part='problems']/li"))
    return visitor.address


def change_the_diagram(visitor: Visitor, draft: str) -> None:
    """Take the diagram away, change it in another program, and bring it again."""
    visitor.follow("Unggah, unduh")
    visitor.follow("Diagram (.bpmn)")
    changed = visitor.body.replace(b'standardTime="P3D"', b'standardTime="P2D"')
    assert changed != visitor.body
    visitor.open(f"{draft}/upload")
    visitor.attach("Diagram atau paket", "ubahan.bpmn", changed)
    visitor.press("Unggah dokumen ini")
    assert visitor.sees("Tidak ada yang hilang dari isi sebelumnya")


def change_a_form(visitor: Visitor, draft: str) -> None:
    """Change a form as the text that it is; a mistake is told and loses nothing."""
    visitor.open(draft)
    visitor.follow("Formulir")
    visitor.follow("Penandatanganan")
    label = "Formulir sebagai teks"
    form = json.loads(visitor.value(label))
    visitor.fill(label, "{")
    visitor.press("Simpan")
    assert (visitor.status, visitor.value(label)) == (422, "{")
    form["components"].append(FIELD)
    visitor.fill(label, json.dumps(form))
    visitor.press("Pratinjau")
    assert visitor.sees("Percetakan <b>")
    visitor.press("Simpan")
    assert visitor.sees("Formulir tersimpan bersama draf.")


def submit(visitor: Visitor, draft: str) -> str:
    """Read what the draft changes, and submit it; gives the number of the revision."""
    visitor.open(draft)
    visitor.follow("Perbedaan")
    rows = visitor.items("//table[contains(@class, 'difference')]//tr")
    assert any("Waktu baku 3 hari kerja2 hari kerja" in one for one in rows), rows
    assert visitor.sees("Percetakan <b>")
    visitor.follow("Ajukan draf")
    visitor.press("Ajukan draf")
    assert visitor.sees("Menunggu Pengesah SOP")
    visitor.fill("Komentar", "Mohon diperiksa <i>langkah 10</i>")
    visitor.press("Tambahkan komentar")
    assert visitor.sees("Mohon diperiksa <i>langkah 10</i>")
    visitor.press("Tandai selesai")
    assert visitor.sees("diselesaikan oleh")
    return visitor.heading.removeprefix("Revisi ")


def return_it(visitor: Visitor) -> None:
    sign_in(visitor, KADIN)
    visitor.follow("Mereviu usulan revisi")
    visitor.fill("Alasan", REASON)
    visitor.press("Kembalikan ke Pemilik SOP")


def begin_again(visitor: Visitor, returned: str) -> str:
    sign_in(visitor, OWNER)
    come_upon(visitor, "/tasks", "Memperbaiki usulan")
    visitor.follow("Memperbaiki usulan")
    assert visitor.sees(REASON)
    visitor.follow("Mulai draf dari revisi ini")
    assert f"revision={returned}" in visitor.address
    visitor.press("Mulai revisi")
    draft = visitor.address
    visitor.open(f"{draft}/diagram.bpmn")
    changed = visitor.body.replace(b'standardTime="PT1H"', b'standardTime="PT2H"')
    assert changed != visitor.body
    visitor.open(f"{draft}/upload")
    visitor.attach("Diagram atau paket", "ubahan.bpmn", changed)
    visitor.press("Unggah dokumen ini")
    return draft


def approve(visitor: Visitor) -> None:
    sign_in(visitor, KADIN)
    visitor.follow("Mereviu usulan revisi")
    visitor.press("Setujui, lanjut ke Mengesahkan SOP")
    visitor.fill("Nomor SOP", "065/42/2026")
    visitor.fill("Berlaku mulai", in_days(0))
    visitor.attach("SOP bertanda tangan", "SOP.pdf", paper("SOP bertanda tangan"))
    visitor.press("Sahkan SOP ini")


def move_cases(visitor: Visitor, number: str, early: str) -> None:
    """Look at the open cases, move those that can be, and take it back."""
    visitor.follow("Pustaka SOP")
    visitor.follow(SOP)
    assert visitor.sees(f"Berlaku Revisi {number}")
    visitor.open(f"{visitor.address}/versions/{number}/cases")
    here = visitor.address
    visitor.press("Periksa berkas terbuka")
    come_upon(visitor, here, "dapat dipindahkan")
    table = visitor.items("//tbody/tr")
    assert any(early in one and "Dapat dipindahkan" in one for one in table)
    assert any("Belum dapat" in one and "formulirnya berubah" in one for one in table)
    visitor.fill("Alasan", "SOP baru berlaku")
    visitor.press("Pindahkan berkas yang dipilih")
    come_upon(visitor, visitor.address, "Hasilnya")
    moved = visitor.read(r"(\d+) berkas dipindahkan")
    visitor.press("Batalkan pemindahan")
    come_upon(visitor, visitor.address, "Hasilnya")
    assert visitor.sees(f"{moved} berkas kembali seperti semula")


def come_upon(visitor: Visitor, address: str, words: str) -> None:
    """Open a page again and again, as its own reloading would, until it says so."""
    for _ in range(_PATIENCE):
        visitor.open(address)
        if visitor.sees(words):
            return
        time.sleep(0.5)
    assert visitor.sees(words)
