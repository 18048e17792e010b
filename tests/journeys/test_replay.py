"""An auditor replays a case by keyboard, at a desk and on a phone; without Play nothing moves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")
RETURNED = "Dikembalikan oleh Sekdin"


@pytest.mark.parametrize("size", [(1344, 900), (390, 844)])
def test_an_auditor_steps_through_a_case_by_keyboard(
    windows: Callable[..., Window], size: tuple[int, int]
) -> None:
    window = windows(*size)
    window.open("/sign-in")
    window.press("Auditor")
    assert window.stands_at("Telusuri berkas")
    window.open("/audit/cases?q=2026+Perubahan")
    window.follow("Penyusunan Dokumen Indikator Kinerja 2026 Perubahan")
    told = window.page.locator("[data-told]")
    expect(told).to_contain_text("Kejadian 1 dari")
    window.page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("Kejadian 2 dari")
    assert window.comes_to("step=2")
    expect(window.page.locator("[data-replay-told]")).to_contain_text("Kejadian 2 dari")
    window.page.keyboard.press("End")
    expect(told).to_contain_text("Berkas selesai.")
    window.page.get_by_role("link", name=re.compile("Dikembalikan 1")).click()
    expect(told).to_contain_text(RETURNED)
    assert window.sees("Membuat draft, putaran 2 dibuka untuk Kasub")
    assert violations(window.page) == []
    assert window.width_beyond() == 0
    window.page.keyboard.press("Space")
    expect(window.page.get_by_role("button", name="Jeda")).to_be_visible()
    expect(told).to_contain_text("Kejadian 26 dari")
    window.page.keyboard.press("Space")
    expect(window.page.get_by_role("button", name="Putar")).to_be_visible()


def test_what_is_put_beside_another_case_is_what_is_shown(windows: Callable[..., Window]) -> None:
    window = windows(1344, 900)
    window.open("/sign-in")
    window.press("Auditor")
    window.open("/audit/cases?q=002/IK/2026")
    window.follow("Penyusunan Dokumen Indikator Kinerja 2026 Perubahan")
    for step in (2, 3):
        window.page.keyboard.press("ArrowRight")
        expect(window.page.locator("[data-told]")).to_contain_text(f"Kejadian {step} dari")
    window.follow("Sandingkan dengan berkas lain")
    window.page.get_by_label("Nomor berkas kedua").fill("003/IK/2026")
    window.page.get_by_role("button", name="Tampilkan keduanya").click()
    window.page.get_by_role("link", name="Kejadian berikutnya 003/IK/2026").click()
    expect(window.page.get_by_label("Kejadian 002/IK/2026")).to_have_value("3")
    expect(window.page.get_by_label("Kejadian 003/IK/2026")).to_have_value("2")
