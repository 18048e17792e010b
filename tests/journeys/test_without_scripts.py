"""The whole SOP through plain HTTP: no JavaScript, everything found by its words."""

from __future__ import annotations

import pytest

from tests.journeys.outcome import check_record
from tests.journeys.story import KADIN, KASUB, SEKDIN, SOP, STAF, STEPS, begin, sign_in, take, work
from tests.journeys.visitor import Visitor
from tests.live import Server

pytestmark = pytest.mark.xdist_group("without scripts")


@pytest.fixture
def visitor(served: Server) -> Visitor:
    """Stand in front of the server."""
    return Visitor(served.address)


def test_from_the_order_to_the_archived_document(served: Server, visitor: Visitor) -> None:
    number = begin(visitor)
    for step in STEPS:
        work(visitor, number, step)
    check_record(served, number)
    check_case_page(visitor, number)
    check_made_documents(visitor)


def check_case_page(visitor: Visitor, number: str) -> None:
    """Read where the case stands, as its archivist."""
    visitor.follow("Berkas")
    visitor.follow(f"{SOP} 2031")
    assert f"Nomor: {number}" in visitor.text
    assert "Status: Selesai" in visitor.text
    assert "Dikembalikan oleh Sekdin" in visitor.text


def check_made_documents(visitor: Visitor) -> None:
    """Open every version of every document from the case's page."""
    addresses = visitor.addresses("/documents/")
    assert len(addresses) == 17
    for address in addresses:
        visitor.open(address)
        assert visitor.status == 200
        assert visitor.heading or visitor.body.startswith(b"%PDF")


def test_a_mistake_loses_nothing_and_says_where_it_is(visitor: Visitor) -> None:
    number = begin(visitor, "2032")
    visitor.fill("Perihal", "Indikator <b>2031</b>")
    visitor.fill("Batas waktu", "31-02-2031")
    visitor.press("Selesai, teruskan ke Kasub")
    assert visitor.status == 422
    assert "isian yang perlu diperbaiki" in visitor.text
    assert visitor.value("Perihal") == "Indikator <b>2031</b>"
    assert visitor.value("Batas waktu") == "31-02-2031"
    wrong = visitor.page.xpath("//*[@aria-invalid='true']/@id")
    for address in visitor.page.xpath("//*[@id='problems']//a/@href"):
        assert visitor.page.xpath(f"//*[@id='{address.removeprefix('#')}']"), address
    assert "batas_waktu" in wrong
    take(visitor, number, "Memerintahkan penyusunan")
    assert visitor.value("Perihal") == "Indikator <b>2031</b>"


def test_a_draft_waits_for_its_writer_on_any_device(served: Server, visitor: Visitor) -> None:
    number = begin(visitor, "2033")
    visitor.fill("Isi disposisi", "Separuh")
    visitor.press("Simpan draf")
    elsewhere = Visitor(served.address)
    sign_in(elsewhere, KADIN)
    take(elsewhere, number, "Memerintahkan penyusunan")
    assert elsewhere.value("Isi disposisi") == "Separuh"


def test_who_is_second_learns_who_was_first(served: Server, visitor: Visitor) -> None:
    number = begin(visitor, "2034")
    late = Visitor(served.address)
    sign_in(late, KADIN)
    take(late, number, "Memerintahkan penyusunan")
    for one in (visitor, late):
        STEPS[0].fill(one)
    visitor.press(STEPS[0].button)
    late.press(STEPS[0].button)
    assert late.status == 409
    assert "sudah diselesaikan Kepala Dinas" in late.text


def test_a_completion_is_taken_back_until_the_next_person_has_looked(visitor: Visitor) -> None:
    number = begin(visitor, "2035")
    STEPS[0].fill(visitor)
    visitor.press(STEPS[0].button)
    visitor.follow("Lihat atau tarik kembali")
    visitor.press("Tarik kembali")
    assert visitor.heading.startswith("Memerintahkan penyusunan")
    assert visitor.value("Isi disposisi") == "Mohon disusun bersama seluruh bidang dan sekretariat."
    visitor.press(STEPS[0].button)
    visitor.follow("Lihat atau tarik kembali")
    here = visitor.address
    sign_in(visitor, KASUB)
    take(visitor, number, "Membuat format data")
    sign_in(visitor, KADIN)
    visitor.open(here)
    assert not visitor.has_button("Tarik kembali")


def test_others_find_nothing_where_they_have_no_role(visitor: Visitor) -> None:
    begin(visitor, "2036")
    here = visitor.address
    sign_in(visitor, STAF)
    visitor.open(here)
    assert visitor.status == 404
    assert "bukan untuk peran Anda" in visitor.text
    visitor.press("Keluar")
    visitor.open(here)
    assert visitor.address.endswith("/sign-in") or "/sign-in" in visitor.address


def test_the_inbox_leads_from_task_to_task(visitor: Visitor) -> None:
    number = begin(visitor, "2037")
    work(visitor, number, STEPS[0])
    sign_in(visitor, KASUB)
    take(visitor, number, STEPS[1].task)
    STEPS[1].fill(visitor)
    visitor.press(STEPS[1].button)
    assert visitor.heading.startswith("Menyampaikan format")
    sign_in(visitor, SEKDIN)
    visitor.fill("Cari", "kata-yang-tidak-ada")
    visitor.press("Terapkan")
    assert "Tidak ada tugas dengan kata “kata-yang-tidak-ada”" in visitor.text
