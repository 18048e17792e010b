"""An SOP full of attacks in a browser: drawn, in the panels of both editors, compared; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.story import sign_in
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server
from tests.webapp.editor.hostile_sop import hostile_diagram, hostile_form

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"


@pytest.fixture(scope="module")
def draft(served: Server) -> str:
    """Begin a new SOP with the file; its form is stored as text."""
    owner = Visitor(served.address)
    sign_in(owner, OWNER)
    owner.open("/library/new")
    owner.fill("Nama SOP", "Izin <script>xss()</script>")
    owner.fill("Kunci", "izin-serangan")
    owner.tick("Draf dimulai dari apa?", "Dokumen: diagram (.bpmn) atau paket (.zip)")
    owner.attach("Nama dokumen", "serangan.bpmn", hostile_diagram())
    owner.press("Mulai SOP baru")
    address = owner.address
    owner.open(f"{address}/forms")
    owner.fill("Judul formulir", "Mengajukan")
    owner.press("Tambah")
    owner.fill("Formulir sebagai teks", hostile_form())
    owner.press("Simpan")
    assert owner.sees("Formulir tersimpan bersama draf."), owner.text
    return address


@pytest.fixture
def page(browser: Browser, served: Server) -> Iterator[Page]:
    """Open a window that notes what was run."""
    context = browser.new_context(
        base_url=served.address, locale="id-ID", viewport={"width": 1344, "height": 900}
    )
    context.add_init_script("window.xss = () => { document.documentElement.dataset.ran = 'yes'; };")
    opened, dialogs = context.new_page(), []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(Window(opened), OWNER)
    yield opened
    context.close()
    assert [one for one in dialogs if one] == []


def unharmed(page: Page) -> None:
    """See that nothing was run, and that nothing of it became an element."""
    assert page.locator("html").get_attribute("data-ran") is None
    assert page.locator("img[src=x], [onerror], [onload], [onmouseover], svg[onload]").count() == 0
    assert page.locator("xpath=//*[starts-with(local-name(), 'xss')]").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_the_editor_and_its_panel(page: Page, draft: str) -> None:
    page.goto(draft)
    desk = Desk(page).ready()
    for button in desk.part("steps").get_by_role("button").all():
        button.click()
        desk.open_all()
        unharmed(page)
    desk.press("Seluruhnya")
    for element in ("diterima", "f_tidak"):
        desk.drawn(element).click(force=True)
        desk.open_all()
        unharmed(page)
    page.keyboard.press("Control+f")
    expect(page.locator(".djs-search-input input")).to_be_focused(timeout=PATIENCE)
    page.keyboard.type("xss")
    unharmed(page)
    desk.press("Simulasi")
    unharmed(page)


def test_the_form_editor_and_its_preview(page: Page, draft: str) -> None:
    page.goto(f"{draft}/forms/mengajukan")
    expect(page.locator(".fjs-palette")).to_be_visible(timeout=PATIENCE)
    for field in page.locator(".fjs-form .fjs-element").all():
        field.click(force=True)
        unharmed(page)
    page.get_by_role("button", name="Pratinjau").click()
    expect(page.locator("[data-preview-place]")).to_contain_text("xss-label-here", timeout=PATIENCE)
    unharmed(page)


@pytest.mark.parametrize("part", ["forms", "upload", "submission", "rehearsal", "discard", "difference"])
def test_the_pages_around_them(page: Page, draft: str, part: str) -> None:
    page.goto(f"{draft}/{part}")
    expect(page.locator("h1")).to_be_visible()
    unharmed(page)
