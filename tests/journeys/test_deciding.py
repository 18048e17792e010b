"""A revision from its submission to in force, and one that is returned, by the SOP for revisions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.demo_paper import paper
from tests.journeys.story import KADIN, SOP, in_days, sign_in
from tests.journeys.test_in_a_browser import DESK, opened
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
_PATIENCE = 60_000  # ms: the worker looks once a second, a connector is called beside it


@pytest.fixture
def desk(browser: Browser, served: Server) -> Iterator[Window]:
    yield from opened(browser, served, DESK)


def test_an_approver_puts_a_revision_in_force_from_the_inbox(desk: Window) -> None:
    number = submit(desk, "PT11M")
    sign_in(desk, KADIN)
    desk.follow("Mereviu usulan revisi")
    assert desk.sees(f"Revisi {number}: {SOP}")
    desk.press("Setujui, lanjut ke Mengesahkan SOP")
    assert desk.stands_at("Mengesahkan SOP")
    desk.fill("Nomor SOP", "065/7/2026")
    desk.fill("Berlaku mulai", in_days(0))
    desk.attach("SOP bertanda tangan", "SOP.pdf", paper("SOP bertanda tangan"))
    desk.press("Sahkan SOP ini")
    sign_in(desk, OWNER)
    waits_for(desk.page, "Memberitahukan pelaksana")
    desk.open(review_of(desk, number))
    assert desk.sees("065/7/2026")
    assert desk.sees("Berlaku")
    assert desk.sees("Kepala Dinas")


def test_what_an_approver_returns_comes_to_its_owner_with_the_reason(desk: Window) -> None:
    number = submit(desk, "PT12M")
    desk.fill("Tentang", "Membuat undangan")
    desk.fill("Komentar", "Tiga jam terlalu singkat.")
    desk.press("Tambahkan komentar")
    desk.page.set_viewport_size({"width": 1344, "height": 900})
    said = desk.page.get_by_text("Tiga jam terlalu singkat.").locator("visible=true").first
    expect(said).to_be_visible()
    box = said.bounding_box()
    assert box is not None
    assert box["width"] > 200  # beside its button there was room for a letter a line
    sign_in(desk, KADIN)
    desk.follow("Mereviu usulan revisi")
    desk.fill("Alasan", "Waktu baku langkah 1 belum disepakati.")
    desk.press("Kembalikan ke Pemilik SOP")
    sign_in(desk, OWNER)
    waits_for(desk.page, "Memperbaiki usulan")
    desk.follow("Memperbaiki usulan")
    assert desk.sees("Waktu baku langkah 1 belum disepakati.")
    assert desk.sees("1 komentar reviu belum diselesaikan.")
    expect(desk.page.locator("body")).not_to_contain_text("Belum ada komentar")
    desk.open(review_of(desk, number))
    assert desk.sees("Dikembalikan kepada penyusunnya")


def submit(desk: Window, time: str) -> str:
    """Begin a draft, change a standard time, and submit it; gives the number of the revision."""
    sign_in(desk, OWNER)
    desk.open("/library")
    desk.follow(SOP)
    key = desk.page.url.rpartition("/")[2]
    desk.open(f"/library/{key}/draft?all")
    token = desk.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    asked = desk.page.request
    begun = asked.post(f"/library/{key}/drafts", form={"csrf_token": token, "revision": "1"}, max_redirects=0)
    draft = begun.headers["location"]
    diagram = re.sub(
        r'standardTime="PT1\dM"', f'standardTime="{time}"', asked.get(f"{draft}/diagram.bpmn").text()
    )
    saved = asked.put(draft, data={"revision": 1, "bpmn": diagram}, headers={"X-CSRF-Token": token})
    assert saved.ok, saved.text()
    desk.open(f"{draft}/submission")
    desk.press("Ajukan draf")
    assert desk.sees("Menunggu Pengesah SOP")
    return desk.read(r"menjadi Revisi (\d+)")


def review_of(desk: Window, number: str) -> str:
    """Give the address of a revision's review."""
    desk.open("/library")
    desk.follow(SOP)
    return f"{re.sub(r'[?#].*', '', desk.page.url)}/versions/{number}/review"


def waits_for(page: Page, task: str) -> None:
    """Look into the inbox until a task has come."""
    expect(page).to_have_url(re.compile("/tasks"))
    for _ in range(_PATIENCE // 1000):
        if page.get_by_role("link", name=task, exact=True).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_role("link", name=task, exact=True)).to_be_visible()
