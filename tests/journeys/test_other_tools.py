"""Files of other programs: one begins a new SOP and is put right in the editor; one lost what ours said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.engine.bpmn.test_losses import stripped
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.story import SOP, sign_in
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
CUTI = Path(__file__).parents[1] / "samples" / "other_tools" / "cuti.bpmn"


def test_a_file_of_another_tool_becomes_an_sop_that_is_submitted(windows: Callable[[], Window]) -> None:
    owner = windows()
    desk = begin_with_the_file(owner)
    expect(desk.part("count")).to_contain_text("1 kesalahan", timeout=PATIENCE)
    expect(desk.part("problems")).to_contain_text("JUEL")
    expect(desk.steps_of("Staf")).to_have_text(["Mengajukan permohonan"])
    expect(desk.steps_of("Kasub")).to_have_text(["Memeriksa permohonan"])
    make_a_form_with_a_tick(owner)
    choose_the_way_by_it(Desk(owner.page).ready())
    nothing_else_is_gone(desk)
    owner.follow("Ajukan draf")
    owner.press("Ajukan draf")
    assert owner.sees("menjadi Revisi 1")


def begin_with_the_file(owner: Window) -> Desk:
    sign_in(owner, OWNER)
    owner.follow("Pustaka SOP")
    owner.follow("SOP baru")
    owner.tick("Draf dimulai dari apa?", "Dokumen: diagram (.bpmn) atau paket (.zip)")
    owner.page.locator("#file").set_input_files(CUTI)
    owner.press("Mulai SOP baru")
    assert owner.stands_at("Draf: Pemberian Cuti Tahunan")
    return Desk(owner.page).ready()


def make_a_form_with_a_tick(owner: Window) -> None:
    page = owner.page
    owner.follow("Formulir")
    page.get_by_role("button", name="Buat formulir : Memeriksa permohonan").click()
    expect(page.locator(".fjs-palette")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Kotak centang").press("Enter")
    page.locator('[data-entry-id="label"]').locator("input, textarea, [contenteditable=true]").first.fill(
        "Permohonan disetujui"
    )
    owner.press("Simpan")
    expect(page.locator('[data-editor-state="ok"]')).to_be_visible(timeout=PATIENCE)
    owner.follow("Formulir draf ini")
    owner.follow("Ke diagram draf ini")


def choose_the_way_by_it(desk: Desk) -> None:
    """Take the other tool's expression out, and choose a field and a value in its place."""
    desk.press("Seluruhnya")
    desk.drawn("Gateway_0k7u2lf").click(force=True)
    panel = desk.part("panel")
    panel.get_by_text("Tidak: ke Mengajukan permohonan").click()
    panel.get_by_label("Syarat sebagai rumus").filter(visible=True).fill("")
    field = panel.get_by_label("Bila isian").filter(visible=True)
    wanted = field.locator("option", has_text="Permohonan disetujui")
    field.select_option(wanted.get_attribute("value"), timeout=PATIENCE)
    panel.get_by_label("Nilai").filter(visible=True).select_option(label="tidak dicentang")
    desk.save()
    expect(desk.part("count")).to_contain_text("0 kesalahan", timeout=PATIENCE)


def nothing_else_is_gone(desk: Desk) -> None:
    """Look for what the other tool said for itself: it has no effect here, and is still in the file."""
    saved = desk.saved_diagram()
    for said in (
        "camunda:candidateGroups",
        "org.example.Pemberitahuan",
        "bioc:stroke",
        "Digambar di kantor lain",
    ):
        assert said in saved
    assert "${" not in saved.replace("${pemohon}", "")


def test_what_another_tool_dropped_is_shown_and_taken_over_without_scripts(served: Server) -> None:
    owner = Visitor(served.address)
    sign_in(owner, OWNER)
    owner.follow("Pustaka SOP")
    owner.follow(SOP)
    owner.follow("Revisi SOP")
    owner.press("Mulai revisi")
    draft = owner.address
    owner.open(f"{draft}/diagram.bpmn")
    without = stripped(owner.body)
    owner.open(f"{draft}/upload")
    owner.attach("Diagram atau paket", "dari program lain.bpmn", without)
    owner.press("Unggah dokumen ini")
    assert owner.sees("“dari program lain.bpmn” sekarang menjadi draf")
    assert owner.sees("Yang hilang")
    lost = owner.items("//form[contains(@action, 'take-over')]//li[.//input]")
    [reviewing] = [one for one in lost if one.startswith("Mereviu draft")]
    assert "Waktu baku: 3 hari kerja" in reviewing
    assert not any(one.startswith("Lajur") for one in lost), "lanes are bound again by the names of roles"
    owner.press("Ambil yang tercentang")
    assert owner.sees("Tidak ada yang hilang dari isi sebelumnya")
    owner.open(f"{draft}/difference")
    assert owner.sees("Tidak ada perbedaan.")
    owner.open(f"{draft}/submission")
    assert not owner.sees("menghalangi pengajuan")
