"""An SOP on paper: the first sheet is the form of PermenPAN-RB 35/2012, the table follows on its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument

from tests.journeys.revised import OWNER, SOP, begin_draft, diagram, shorter, submit, upload
from tests.journeys.story import KADIN, sign_in
from tests.journeys.test_axe import sit_down
from tests.journeys.visitor import Visitor
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
A4_LYING = (842, 595)  # points


def test_the_first_sheet_is_the_form_and_the_table_has_its_head_on_each_further_one(
    browser: Browser, served: Server
) -> None:
    page = browser.new_page(base_url=served.address)
    sit_down(page, KADIN, "id")
    page.goto(f"{SOP}/versions/1")
    pdf = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    sheets = [" ".join(one.get_textpage().get_text_bounded().split()) for one in pdf]
    assert {tuple(round(side) for side in one.get_size()) for one in pdf} == {A4_LYING}
    first, *table = sheets
    for part in ("DINAS PENDIDIKAN", "Nomor SOP", "Disahkan oleh", "DASAR HUKUM", "PENCATATAN DAN PENDATAAN"):
        assert part in first
    assert "Pelaksana Mutu baku" not in first
    assert len(table) >= 1
    for sheet in table:
        assert "No Kegiatan Pelaksana Mutu baku Keterangan" in sheet
        assert "Kadin Sekdin Kasub Staf" in sheet


def test_what_is_folded_of_the_notes_stands_open_on_paper(browser: Browser, served: Server) -> None:
    page = browser.new_page(base_url=served.address)
    sit_down(page, KADIN, "id")
    page.goto(f"{SOP}/notes")
    folded = page.locator(".prose details > :not(summary)")
    begins = [" ".join(text.split()[:2]) for text in folded.all_text_contents() if text.strip()]
    pdf = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    printed = " ".join(" ".join(one.get_textpage().get_text_bounded().split()) for one in pdf)
    assert len(begins) >= 5
    assert [one for one in begins if one not in printed] == []


def test_what_is_decided_on_is_printed_whole_and_the_paper_to_be_signed_says_that_it_is_not_in_force(
    browser: Browser, served: Server
) -> None:
    owner = Visitor(served.address)
    sign_in(owner, OWNER)
    draft = begin_draft(owner)
    upload(owner, draft, shorter(diagram(owner, draft), "P3D", "P2D"))
    number = submit(owner, draft)
    page = browser.new_page(base_url=served.address)
    sit_down(page, OWNER, "id")
    page.goto(f"{SOP}/versions/{number}/review")
    review = " ".join(
        " ".join(one.get_textpage().get_text_bounded().split())
        for one in PdfDocument(page.pdf(prefer_css_page_size=True))
    )
    asked = page.locator(".whole-on-paper li").first.text_content() or ""
    assert " ".join(asked.split()[:3]) in review  # folded up on the screen
    assert "Tambahkan komentar" not in review
    page.goto(f"{SOP}/versions/{number}/approval/proof?number=065/44/2026&effective_from=&name=&nip=&post=")
    pdf = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    sheets = [" ".join(one.get_textpage().get_text_bounded().split()) for one in pdf]
    assert {tuple(round(side) for side in one.get_size()) for one in pdf} == {A4_LYING}
    assert "Nomor SOP 065/44/2026" in sheets[0]
    assert "Yang tertulis di naskah" not in sheets[0]
    assert [one for one in sheets if "untuk ditandatangani, belum berlaku" not in one] == []
