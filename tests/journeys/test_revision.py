"""A revision from the editor to in force, as its owner and its approver go through it; then open cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from engine.demo_paper import paper
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.story import KADIN, KASUB, SOP, STAF, begin, in_days, sign_in
from tests.journeys.test_deciding import review_of, waits_for
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
STEP = "Mencetak undangan"
REASON = "Mencetak cukup satu jam kerja."


def test_from_the_editor_to_in_force_and_open_cases_moved(windows: Callable[[], Window]) -> None:
    owner, approver, staff = windows(), windows(), windows()
    early = begin(staff, "2041")  # stands before the new step
    sign_in(owner, OWNER)
    desk = begin_draft(owner)
    draw_a_step(desk)
    make_its_form(owner)
    read_the_difference(owner)
    returned = submit(owner)
    return_it(approver)
    begin_again(owner, returned)
    number = submit(owner)
    approve(approver)
    see_it_in_force(owner, number)
    judge_open_cases(owner, number, early)
    move_them(owner)
    assert STEP in tasks_of(staff, STAF)
    take_it_back(owner)
    assert STEP not in tasks_of(staff, STAF)
    assert "Rapat pembahasan" in tasks_of(staff, KASUB)


# -- the draft


def begin_draft(owner: Window) -> Desk:
    owner.follow("Pustaka SOP")
    owner.follow(SOP)
    owner.follow("Revisi SOP")
    owner.press("Mulai revisi")
    return Desk(owner.page).ready()


def draw_a_step(desk: Desk) -> None:
    """Put a step between two others by the append menu, and say in the panel all that is asked of a step."""
    desk.press("Seluruhnya")
    desk.choose("Membuat undangan")
    desk.append("orang", STEP)
    expect(desk.part("count")).to_contain_text("1 kesalahan", timeout=PATIENCE)
    desk.erase("ke_rapat_pembahasan")
    desk.choose(STEP)
    desk.connect_to("rapat_pembahasan")
    desk.choose(STEP)
    desk.page.get_by_label("Waktu baku", exact=True).fill("2")
    desk.page.get_by_label("Satuan waktu").select_option(label="hari kerja")
    desk.save()
    desk.add_document("Output", "Undangan tercetak")
    desk.add_document("Kelengkapan", "Surat undangan")
    drawn = desk.saved_diagram().partition(f'name="{STEP}"')[2].partition("</bpmn:userTask>")[0]
    for said in ('standardTime="P2D"', 'output name="Undangan tercetak"', 'input name="Surat undangan"'):
        assert said in drawn
    expect(desk.part("problems")).not_to_contain_text(STEP, timeout=PATIENCE)
    expect(desk.part("count")).to_contain_text("0 kesalahan")
    expect(desk.steps_of("Staf")).to_have_text(["Membuat undangan", STEP, "Mengantar dan mengarsipkan"])


def make_its_form(owner: Window) -> None:
    page = owner.page
    owner.follow("Formulir")
    owner.press("Buat formulir")
    expect(page.locator(".fjs-palette")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Teks satu baris").press("Enter")
    typed(page.locator('[data-entry-id="label"]')).fill("Percetakan")
    expect(page.locator(".fjs-form")).to_contain_text("Percetakan")
    owner.press("Pratinjau")
    preview = page.locator("[data-preview-place]")
    expect(preview.get_by_label("Percetakan")).to_be_visible(timeout=PATIENCE)
    owner.press("Simpan")
    expect(page.locator('[data-editor-state="ok"]')).to_be_visible(timeout=PATIENCE)
    owner.follow("Formulir draf ini")
    assert owner.sees(STEP)
    owner.follow("Ke diagram draf ini")
    desk = Desk(page).ready()
    desk.choose(STEP)
    expect(page.get_by_label("Formulir", exact=True)).to_have_value("mencetak_undangan")


def typed(entry: Locator) -> Locator:
    """Find where an entry of the form's panel is typed."""
    return entry.locator("input, textarea, [contenteditable=true]").first


def read_the_difference(owner: Window) -> None:
    owner.follow("Perbedaan")
    assert owner.stands_at("Perbedaan draf terhadap revisi 2")
    table = owner.page.locator("table.difference")
    expect(table).to_contain_text(STEP)
    expect(table).to_contain_text("sesudah Membuat undangan")
    expect(table.locator(".carried")).to_contain_text("2 hari kerja")
    expect(owner.page.locator(".difference-totals")).to_contain_text("Staf: 1 langkah baru")


# -- submitted and decided


def submit(owner: Window) -> str:
    """Submit the draft from its difference; gives the number of the revision it becomes."""
    owner.follow("Ajukan draf")
    owner.press("Ajukan draf")
    assert owner.sees("Menunggu Pengesah SOP")
    return owner.read(r"menjadi Revisi (\d+)")


def return_it(approver: Window) -> None:
    sign_in(approver, KADIN)
    approver.follow("Mereviu usulan revisi")
    approver.press("Kembalikan ke Pemilik SOP")
    assert approver.sees("isian yang perlu diperbaiki")
    approver.fill("Alasan", REASON)
    approver.press("Kembalikan ke Pemilik SOP")
    approver.open("/tasks")
    assert approver.stands_at("Tugas saya")


def begin_again(owner: Window, returned: str) -> None:
    """Read why it was returned, and begin the next draft from what was returned."""
    sign_in(owner, OWNER)
    waits_for(owner.page, "Memperbaiki usulan")
    owner.follow("Memperbaiki usulan")
    assert owner.sees(REASON)
    task = owner.page.url
    owner.follow("Mulai draf dari revisi ini")
    assert owner.value("Mulai dari") == returned
    owner.press("Mulai revisi")
    draft = owner.page.url
    desk = Desk(owner.page).ready()
    desk.choose(STEP)
    desk.page.get_by_label("Waktu baku", exact=True).fill("1")
    desk.page.get_by_label("Satuan waktu").select_option(label="jam kerja")
    desk.save()
    owner.open(task)
    owner.tick("Tindak lanjut", "Draf baru sudah dimulai")
    owner.press("Selesai")
    owner.open(f"{draft}/difference")
    assert owner.sees("1 jam kerja")


def approve(approver: Window) -> None:
    sign_in(approver, KADIN)
    approver.follow("Mereviu usulan revisi")
    approver.follow("Perubahan terhadap Revisi")
    assert approver.sees(STEP)
    approver.page.go_back()
    approver.press("Setujui, lanjut ke Mengesahkan SOP")
    assert approver.stands_at("Mengesahkan SOP")
    approver.fill("Nomor SOP", "065/41/2026")
    approver.fill("Berlaku mulai", in_days(0))
    approver.attach("SOP bertanda tangan", "SOP.pdf", paper("SOP bertanda tangan"))
    approver.press("Sahkan SOP ini")


def see_it_in_force(owner: Window, number: str) -> None:
    sign_in(owner, OWNER)
    waits_for(owner.page, "Memberitahukan pelaksana")
    owner.open(review_of(owner, number))
    assert owner.sees("065/41/2026")
    owner.follow(SOP)
    assert owner.sees(f"Revisi {number}")
    expect(owner.page.locator(".page-head .tag")).to_contain_text("Berlaku")
    assert owner.sees(STEP)


# -- the open cases


def judge_open_cases(owner: Window, number: str, early: str) -> None:
    """See a case of each verdict with its reason, and let the one that is blocked become possible."""
    owner.open(review_of(owner, number).removesuffix("/review") + "/cases")
    owner.press("Periksa berkas terbuka")
    assert owner.sees("dapat dipindahkan")
    moves, blocked, stays = (
        row(owner, step) for step in ("Memerintahkan penyusunan", "Rapat pembahasan", "Mereviu draft")
    )
    expect(moves).to_contain_text("Dapat dipindahkan")
    expect(moves).to_contain_text(early)
    expect(blocked).to_contain_text("Belum dapat dipindahkan")
    expect(blocked).to_contain_text(
        f"{STEP} adalah langkah baru sebelum Rapat pembahasan, yang sedang dikerjakan."
    )
    expect(stays).to_contain_text("Tetap")
    expect(stays).to_contain_text(f"Berkas sudah melewati langkah baru {STEP}")
    fits = blocked.get_by_label("Rapat pembahasan menjadi")
    expect(fits.locator("option", has_text=STEP)).to_contain_text("sesuai")
    fits.select_option("mencetak_undangan")
    owner.press("Periksa lagi dengan langkah pengganti ini")
    expect(row(owner, "Rapat pembahasan")).to_contain_text(f"menjadi {STEP}", timeout=PATIENCE)


def row(owner: Window, step: str) -> Locator:
    """Find the cases that stand at a step."""
    return owner.page.locator("tbody tr").filter(has=owner.page.locator("th", has_text=step))


def move_them(owner: Window) -> None:
    for step in ("Memerintahkan penyusunan", "Rapat pembahasan"):
        row(owner, step).get_by_role("checkbox").check()
    owner.fill("Alasan", "SOP 065/41/2026 berlaku")
    owner.press("Pindahkan berkas yang dipilih")
    expect(owner.page.get_by_role("heading", name="Hasilnya")).to_be_visible(timeout=PATIENCE)
    assert owner.sees("2 berkas dipindahkan")


def take_it_back(owner: Window) -> None:
    owner.press("Batalkan pemindahan")
    expect(owner.page.get_by_role("heading", name="Hasilnya")).to_be_visible(timeout=PATIENCE)
    assert owner.sees("2 berkas kembali")


def tasks_of(staff: Window, seat: str) -> str:
    """Read what waits for somebody."""
    sign_in(staff, seat)
    return staff.page.locator("main").inner_text()
