"""A draft is rehearsed in a browser: every role by its owner, late and returned, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.axe import violations
from tests.journeys.story import KADIN, SOP, sign_in
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")
SIZES = ((1344, 900), (390, 844))


def test_an_owner_rehearses_a_draft(windows: Callable[[], Window]) -> None:
    owner, staff = windows(), windows()
    sign_in(staff, KADIN)
    before = inbox(staff)
    assert before
    sign_in(owner, "Pemilik SOP")
    owner.follow("Pustaka SOP")
    owner.follow(SOP)
    owner.follow("Revisi SOP")
    owner.press("Mulai revisi")
    owner.follow("Coba jalankan")
    assert look(owner.page) == []
    owner.press("Mulai percobaan")
    assert owner.sees("Ini hanya percobaan: tidak ada berkas, tidak ada tugas.")
    assert owner.sees("Anda sebagai Kadin")
    assert look(owner.page) == []
    fill_the_first_form(owner)
    assert owner.sees("Anda sebagai Kasub")
    owner.fill("Majukan jam sejauh", "1 pekan")
    owner.press("Majukan jam")
    assert owner.sees("Terlambat")
    assert look(owner.page) == []
    owner.press("Mundur satu langkah")
    owner.press("Selesai")
    owner.press("Akhiri percobaan")
    assert owner.sees("Percobaan diakhiri.")
    assert inbox(staff) == before


def fill_the_first_form(owner: Window) -> None:
    owner.press("Selesai, teruskan ke")
    assert owner.sees("perlu diperbaiki")
    assert look(owner.page) == []
    owner.tick("Diteruskan kepada", "Kasub, Kasubbag Penyusunan Program")
    owner.fill("Isi disposisi", "Susun bersama bidang.")
    owner.press("Selesai, teruskan ke")


def inbox(staff: Window) -> list[str]:
    """Name the tasks that wait for somebody; how long there is left for them changes meanwhile."""
    staff.open("/tasks")
    return staff.page.locator("main ul.rows").locator(".title, .line").all_inner_texts()


def look(page: Page) -> list[str]:
    """Look at the page at a desk and on a phone: rules, and that nothing stands out at the side."""
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"at {width}: {one}" for one in violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"at {width}: {wide} wide"] if wide > width else []
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    return found
