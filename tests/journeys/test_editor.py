"""A process owner draws and says in the panel what a step is: it is saved, and told when it is wrong."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")


def test_a_step_is_drawn_named_timed_and_saved_by_itself(desk: Desk) -> None:
    desk.choose("Membuat undangan")
    desk.append("orang", "Mencetak undangan")
    desk.choose("Mencetak undangan")
    desk.page.get_by_label("Waktu baku", exact=True).fill("2")
    desk.page.get_by_label("Satuan waktu").select_option(label="hari kerja")
    desk.says("saved")
    drawn = desk.saved_diagram()
    assert '<bpmn:userTask id="mencetak_undangan" name="Mencetak undangan">' in drawn
    assert '<sop:Task number="6" standardTime="P2D" />' in drawn
    assert "<bpmn:flowNodeRef>mencetak_undangan</bpmn:flowNodeRef>" in drawn
    desk.page.reload()
    desk.ready().choose("Mencetak undangan")
    expect(desk.page.get_by_label("Waktu baku", exact=True)).to_have_value("2")
    expect(desk.page.get_by_label("Satuan waktu")).to_have_value("days")


def test_undo_takes_back_what_the_panel_changed(desk: Desk) -> None:
    desk.choose("Membuat draft")
    before = desk.page.get_by_label("Nomor baris").input_value()
    desk.page.get_by_label("Nomor baris").fill("99")
    desk.page.get_by_label("Nomor baris").blur()
    desk.page.get_by_role("button", name="Urungkan").click()
    expect(desk.page.get_by_label("Nomor baris")).to_have_value(before)


def test_a_way_out_is_chosen_by_a_forms_field_and_a_value(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Seluruhnya").click()
    desk.page.locator('g[data-element-id="disetujui"] .djs-hit').first.click(force=True)
    panel = desk.part("panel")
    panel.get_by_text("Ya: ke Menandatangani dokumen").click()
    expect(panel.get_by_label("Bila isian").first).to_contain_text("Draft disetujui?")
    panel.get_by_label("Perbandingan").first.select_option(label="tidak sama dengan")
    desk.says("saved")
    assert 'mereviu_draft["keputusan"] != "Ya"' in desk.saved_diagram()
    panel.get_by_label("Syarat sebagai rumus").first.fill('mereviu_draft["keputusan"] ==')
    expect(panel.locator(".panel-caret").first).to_contain_text("^", timeout=PATIENCE)


def test_a_condition_is_written_when_one_leaves_its_field(desk: Desk) -> None:
    desk.press("Seluruhnya")
    desk.drawn("disetujui").click(force=True)
    desk.part("panel").get_by_text("Ya: ke Menandatangani dokumen").click()
    written = desk.part("panel").get_by_label("Syarat sebagai rumus").first
    desk.page.clock.install()
    desk.page.clock.pause_at("2027-01-04T09:00:00")
    written.fill('mereviu_draft["keputusan"] != "Ya"')
    written.blur()
    desk.says("changed")  # while no time passes


def test_a_role_that_the_office_does_not_know_is_a_problem_with_a_way_out(desk: Desk) -> None:
    desk.write_behind('<sop:Lane role="staf" />', '<sop:Lane role="bendahara" />')
    expect(desk.part("problems")).to_contain_text("bendahara", timeout=PATIENCE)
    expect(desk.part("count")).to_have_class(re.compile("late"))
    expect(desk.page.locator(".editor-mark.error").first).to_contain_text("kesalahan")
    desk.part("problems").get_by_role("button", name="Staf").first.click()
    expect(desk.part("panel")).to_contain_text("Administrator kantor dapat menambahkannya")
    desk.page.get_by_label("Peran pelaksana").select_option(label="Staf")
    desk.says("saved")
    expect(desk.part("problems")).not_to_contain_text("bendahara", timeout=PATIENCE)


def test_on_a_phone_the_steps_can_be_changed_from_their_list(phone: Desk) -> None:
    expect(phone.page.get_by_text("Menggambar memerlukan layar yang lebih lebar")).to_be_visible()
    phone.choose("Rapat pembahasan")
    phone.page.get_by_label("Keterangan").fill("Di ruang rapat")
    phone.says("saved")
    assert "Di ruang rapat" in phone.saved_diagram()
    assert Window(phone.page).width_beyond() == 0
    assert violations(phone.page) == []


def test_token_simulation_runs_and_leaves_the_drawing_as_it_was(desk: Desk) -> None:
    before = desk.saved_diagram()
    button = desk.page.get_by_role("button", name="Simulasi", exact=True)
    button.click()
    desk.page.get_by_title("Catatan simulasi").click()
    expect(button).to_have_attribute("aria-pressed", "true")
    desk.page.get_by_title("Picu kejadian").filter(visible=True).first.click()
    # The log keeps what the notice beside it tells for two seconds.
    expect(desk.page.locator(".bts-log")).to_contain_text("Memerintahkan penyusunan", timeout=PATIENCE)
    assert violations(desk.page) == []
    button.click()
    expect(desk.page.locator(".djs-palette")).to_be_visible()
    assert desk.saved_diagram() == before


def test_a_step_is_drawn_with_the_keyboard_alone(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.part("steps").get_by_role("button", name="Memerintahkan undangan", exact=True).focus()
    keys.press("Enter")
    expect(desk.part("panel")).to_contain_text("Memerintahkan undangan")
    keys.press("a")
    expect(desk.page.locator(".djs-popup input")).to_be_focused(timeout=PATIENCE)
    keys.type("orang")
    expect(desk.page.locator(".djs-popup .entry")).to_have_count(1, timeout=PATIENCE)
    expect(desk.page.locator(".djs-popup .entry.selected")).to_be_visible()  # a frame later; Enter takes it
    keys.press("Enter")
    expect(desk.page.locator(".djs-direct-editing-content")).to_be_focused(timeout=PATIENCE)
    keys.type("Menyiapkan tempat")
    keys.press("Enter")
    desk.says("saved")
    assert 'id="menyiapkan_tempat" name="Menyiapkan tempat"' in desk.saved_diagram()
    keys.press("Control+z")
    expect(desk.part("steps").get_by_role("button", name="Menyiapkan tempat")).to_have_count(
        0, timeout=PATIENCE
    )


def test_two_steps_are_connected_without_the_mouse(desk: Desk) -> None:
    desk.choose("Membuat format data")
    desk.open_all()
    desk.page.get_by_label("Hubungkan juga ke").select_option(label="Rapat pembahasan")
    desk.says("saved")
    assert re.search(
        r'<bpmn:sequenceFlow id="\w+" sourceRef="membuat_format" targetRef="rapat_pembahasan" />',
        desk.saved_diagram(),
    )
    desk.part("panel").get_by_role("button", name="ke Rapat pembahasan").click()
    expect(desk.part("panel")).to_contain_text("Alur")


def test_a_new_step_keeps_its_id_once_a_text_names_it(desk: Desk) -> None:
    desk.choose("Membuat undangan")
    desk.append("orang", "Menggandakan undangan")
    desk.save()
    desk.page.keyboard.press("Escape")
    desk.part("canvas").locator(".djs-container > svg").click(position={"x": 500, "y": 20})
    desk.open_all()
    desk.page.get_by_label("Judul berkas").fill("Undangan {menggandakan_undangan.jumlah}")
    desk.save()
    desk.choose("Menggandakan undangan")
    desk.page.get_by_label("Nama pada gambar").fill("Menggandakan surat")
    desk.save()
    assert '<bpmn:userTask id="menggandakan_undangan" name="Menggandakan surat">' in desk.saved_diagram()


def test_the_form_of_a_step_is_made_from_its_panel_and_one_comes_back_to_the_step(desk: Desk) -> None:
    page, panel = desk.page, desk.part("panel")
    desk.choose("Membuat undangan")
    desk.append("orang", "Menggandakan undangan")
    desk.choose("Menggandakan undangan")
    panel.get_by_role("link", name="Buat formulir").click()  # in this window, and what was drawn is saved
    page.get_by_role("button", name=re.compile("Buat formulir")).first.click()
    expect(page.get_by_role("heading", name="Formulir baru: Menggandakan undangan")).to_be_visible(
        timeout=PATIENCE
    )
    page.get_by_label("Judul formulir").fill("Penggandaan")
    page.get_by_role("link", name="Kembali ke langkah “Menggandakan undangan”").click()
    desk.ready()
    expect(panel.get_by_label("Nama pada gambar")).to_have_value("Menggandakan undangan", timeout=PATIENCE)
    expect(panel.get_by_label("Formulir", exact=True).locator("option:checked")).to_have_text("Penggandaan")
    page.get_by_label("Keterangan").fill("Rangkap tiga")
    desk.save()  # nobody is told that somebody else saved it
    assert "<sop:notes>Rangkap tiga</sop:notes>" in desk.saved_diagram()


def test_the_panel_stays_with_what_was_chosen_last(desk: Desk) -> None:
    """A moment after a change marks are drawn anew: also in the frame in which something else is chosen."""
    desk.page.clock.install()
    desk.page.clock.pause_at("2027-01-04T09:00:00")
    notes, name = desk.page.get_by_label("Keterangan"), desk.page.get_by_label("Nama pada gambar")
    for before in range(1, 17, 3):
        desk.choose("Membuat format data")
        desk.page.clock.run_for(1000)
        notes.fill(f"Sebelum {before}")
        notes.blur()
        desk.page.clock.run_for(400 - before)
        desk.choose("Menghimpun data")
        desk.page.clock.run_for(before)
        expect(name).to_have_value("Menghimpun data")
