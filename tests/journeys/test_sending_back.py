"""A case is sent back to an earlier step, at a desk and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.person import Person
from tests.journeys.story import KADIN, KASUB, SEKDIN, STAF, sign_in, take
from tests.journeys.test_in_a_browser import DESK, opened
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
NUMBER = r"(\d+/IK/\d+) –"
WHY = "Target baris 2 belum sesuai RPJMD"


@pytest.fixture
def desk(browser: Browser, served: Server) -> Iterator[Window]:
    yield from opened(browser, served, DESK)


def test_kadin_sends_a_document_back_that_he_does_not_sign(desk: Window) -> None:
    sign_in(desk, KADIN)
    desk.follow("Menandatangani dokumen")
    number = desk.read(NUMBER)
    desk.fill("Nomor keputusan/dokumen (boleh kosong)", "188/45")
    desk.fill("Kembali ke", "9. Membuat draft")
    desk.press("Kembalikan")
    assert desk.sees("Tulis alasannya")
    assert desk.value("Nomor keputusan/dokumen (boleh kosong)") == "188/45"
    desk.fill("Alasan pengembalian", WHY)
    desk.press("Kembalikan")
    assert desk.sees("Berkas dikembalikan ke Membuat draft.")
    comes_back(desk, number, "Membuat draft", "Kepala Dinas (Kadin)")
    assert desk.value("Target, baris 2") == "99,60"
    desk.press("Selesai, teruskan ke Sekdin")
    sign_in(desk, SEKDIN)
    desk.open("/cases")
    desk.follow("Penyusunan Dokumen Indikator Kinerja UPTD 2027")
    assert desk.sees("Berkas dikembalikan, menyimpang dari alur SOP")
    assert desk.sees(WHY)


def test_staf_sends_a_letter_back(served: Server) -> None:
    visitor = Visitor(served.address)
    sign_in(visitor, STAF)
    visitor.follow("Mengantar dan mengarsipkan")
    number = visitor.read(NUMBER)
    visitor.fill("Alasan pengembalian", WHY)
    visitor.press("Kembalikan")
    assert visitor.sees("Berkas dikembalikan ke Membuat surat pengantar.")
    comes_back(visitor, number, "Membuat surat pengantar", "Staf Subbag Penyusunan Program (Staf)")
    assert visitor.value("Nomor surat")


def comes_back(who: Person, number: str, task: str, by: str) -> None:
    """Open what came back, and read why."""
    sign_in(who, KASUB)
    take(who, number, task)
    assert who.sees(f"Dikembalikan oleh {by}")
    assert who.sees(WHY)


def test_staf_corrects_an_invitation_that_was_sent(desk: Window) -> None:
    sign_in(desk, STAF)
    desk.open("/cases")
    desk.follow("Penyusunan Dokumen Indikator Kinerja 2027 Perubahan")
    desk.click(desk.page.get_by_text("5. Membuat undangan"))
    desk.follow("Perbaiki")
    assert desk.stands_at("Perbaiki: Membuat undangan")
    desk.fill("Tempat", "Ruang rapat lantai 2")
    desk.press("Simpan perbaikan")
    assert desk.sees("Tulis alasannya")
    assert desk.value("Tempat") == "Ruang rapat lantai 2"
    desk.fill("Alasan perbaikan", "Aula dipakai")
    desk.press("Simpan perbaikan")
    assert desk.sees("Membuat undangan diperbaiki kemudian")
    assert desk.page.locator("del").first.inner_text() == "Ruang Rapat Dinas Pendidikan"
    assert desk.sees("Surat undangan versi 2")
    assert desk.width_beyond() == 0
