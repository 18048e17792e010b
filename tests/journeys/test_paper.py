"""A case on paper: all of it, and on every page what it is of."""

from __future__ import annotations

import re

from playwright.sync_api import Browser
from pypdfium2 import PdfDocument

from tests.journeys.story import KASUB
from tests.journeys.test_axe import sit_down
from tests.journeys.window import Window
from tests.live import Server

A4 = (595, 842)  # points


def test_a_printed_case_holds_everything_and_names_itself_on_every_page(
    browser: Browser, served: Server
) -> None:
    page = browser.new_page(base_url=served.address)
    sit_down(page, KASUB, "id")
    page.goto("/cases?tab=finished")
    Window(page).click(page.locator(".rows .title").first)
    number = page.locator(".case-facts dd").first.inner_text()
    pdf = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    pages = [one.get_textpage().get_text_bounded().replace("\r\n", "\n") for one in pdf]
    assert {tuple(round(side) for side in one.get_size()) for one in pdf} == {A4}
    whole = "\n".join(pages)
    for event in ("Berkas dimulai", "Dikembalikan oleh Sekdin", "Disetujui oleh Sekdin", "Berkas selesai"):
        assert event in whole
    assert "Formulasi/cara hitung" in whole  # what was filled in stands open on paper
    assert "Tampilkan" not in whole  # nothing is asked of who reads paper
    for count, said in enumerate(pages, start=1):
        assert re.search(rf"{number} · .* · dicetak .* pukul", said), said
        assert f"{count} / {len(pages)}" in said
