"""Two people own an SOP: both may draw in one draft, and nobody's drawing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.revised import OWNER, SOP
from tests.journeys.story import SEKDIN, in_days, sign_in
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def second_owner(served: Server) -> str:
    """Let the Sekdin own SOPs as well."""
    admin = Visitor(served.address)
    admin.open("/sign-in")
    admin.press("Administrator")
    admin.open("/admin/roles")
    admin.follow("Berikan peran Pemilik SOP")
    admin.fill("Orang", "Sekdin")
    day, month, year = in_days(0).split("-")
    admin.fill("Mulai", f"{year}-{month}-{day}")
    admin.press("Berikan peran")
    assert "Sekdin" in admin.text
    return SEKDIN


def test_both_draw_in_one_draft(windows: Callable[[], Window], second_owner: str) -> None:
    first, second = windows(), windows()
    sign_in(first, OWNER)
    first.open(f"{SOP}/draft?all")
    first.press("Mulai revisi")
    draft = first.page.url
    mine = Desk(first.page).ready()
    sign_in(second, second_owner)
    second.open(f"{SOP}/draft")
    second.follow("Draf dari Pemilik SOP")
    theirs = Desk(second.page).ready()
    assert second.page.url == draft

    note(mine, "Membuat format data", "Dari pemilik pertama")
    mine.save()
    note(theirs, "Menghimpun data", "Dari pemilik kedua")
    theirs.page.keyboard.press("Control+s")
    theirs.says("conflict")
    told = second.page.get_by_role("alert")
    expect(told).to_contain_text("Draf ini sudah disimpan oleh Pemilik SOP", timeout=PATIENCE)
    saved = mine.saved_diagram()
    assert "Dari pemilik pertama" in saved
    assert "Dari pemilik kedua" not in saved

    with second.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Dari pemilik kedua" in kept.value.path().read_text("utf-8")
    with second.page.expect_navigation():  # to the same page, which stands ready until then
        told.get_by_role("button", name="Buka milik Pemilik SOP").click()
    theirs.ready()
    theirs.choose("Membuat format data")
    expect(second.page.get_by_label("Keterangan")).to_have_value("Dari pemilik pertama")
    note(theirs, "Menghimpun data", "Dari pemilik kedua")
    theirs.save()
    saved = mine.saved_diagram()
    assert "Dari pemilik pertama" in saved
    assert "Dari pemilik kedua" in saved
    first.page.reload()
    assert first.sees("disimpan Sekdin")


def note(desk: Desk, step: str, words: str) -> None:
    """Write a remark of a step."""
    desk.choose(step)
    desk.page.get_by_label("Keterangan").fill(words)
