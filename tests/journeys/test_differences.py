"""What a draft changes, in a browser: by the rules in both languages, moved together, on paper."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdfium2 import PdfDocument

from tests.journeys.test_axe import look, sit_down
from tests.live import Server

SOP = "penyusunan-dokumen-indikator-kinerja"
DIAGRAM = Path(__file__).parents[2] / "processes" / SOP / "process.bpmn"
OWNER = "Pemilik SOP"
A4_LANDSCAPE = (842, 595)  # points


def drafted(page: Page) -> str:
    """Begin a draft and save it as the editor does; gives its address."""
    page.goto(f"/library/{SOP}/draft?all")
    with page.expect_navigation():
        page.locator("form[action$='/drafts'] button").click()
    address, token = page.url, page.locator("[name=csrf_token]").first.get_attribute("value")
    text = DIAGRAM.read_text("utf-8")
    for old, new in (
        ('standardTime="P3D"', 'standardTime="P2D"'),
        ('targetRef="menganalisis_data"', 'targetRef="membuat_draft"'),
        ("<bpmn:flowNodeRef>membuat_format</bpmn:flowNodeRef>", ""),
    ):
        text = text.replace(old, new, 1)
    saved = page.request.put(
        address,
        data=json.dumps({"revision": 1, "bpmn": text}),
        headers={"X-CSRF-Token": token or "", "Content-Type": "application/json"},
    )
    assert saved.status == 200, saved.text()
    return address


@pytest.fixture
def page(browser: Browser, served: Server) -> Page:
    return browser.new_page(base_url=served.address)


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_breaks_no_rule_in_either_language(page: Page, language: str) -> None:
    sit_down(page, OWNER, language)
    page.goto(f"{drafted(page)}/difference")
    found = look(page)
    page.emulate_media(media="screen", forced_colors="active")
    found += look(page)
    page.close()
    assert found == []


def test_the_two_diagrams_are_moved_together_and_fit_on_paper(page: Page) -> None:
    sit_down(page, OWNER, "id")
    page.set_viewport_size({"width": 700, "height": 800})
    page.goto(f"{drafted(page)}/difference")
    expect(page.get_by_text("Menggeser satu diagram ikut menggerakkan yang lain.")).to_be_visible()
    before, after = page.locator(".diagram-scroll").all()
    before.evaluate("one => { one.scrollLeft = 150 }")
    expect(after).to_have_js_property("scrollLeft", 150)
    after.evaluate("one => { one.scrollLeft = 20 }")
    expect(before).to_have_js_property("scrollLeft", 20)
    widths = "ones => ones.map(one => one.clientWidth / one.viewBox.baseVal.width)"
    pictures = page.locator(".diagram-sheet > svg")
    drawn = pictures.evaluate_all(widths)
    page.get_by_role("button", name="Perbesar").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    larger = pictures.evaluate_all(widths)
    assert larger == [pytest.approx(one * 1.25**2, rel=0.01) for one in drawn]
    expect(page.locator("[data-zoom] output")).to_have_text(f"{round(larger[0] * 100)} %")
    expect(after).to_have_js_property("scrollLeft", before.evaluate("one => one.scrollLeft"))
    page.get_by_role("button", name="Perkecil").press("Enter")
    assert pictures.evaluate_all(widths) == [pytest.approx(one * 1.25, rel=0.01) for one in drawn]
    page.get_by_role("button", name="Ukuran semula").press("Enter")
    assert pictures.evaluate_all(widths) == drawn
    page.get_by_role("button", name="Perbesar").click()
    pdf = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    assert {tuple(round(side) for side in one.get_size()) for one in pdf} == {A4_LANDSCAPE}
    whole = re.sub(r"\s+", " ", " ".join(one.get_textpage().get_text_bounded() for one in pdf))
    for said in ("Waktu baku 3 hari kerja 2 hari kerja", "7. Menghimpun data"):
        assert said in whole
