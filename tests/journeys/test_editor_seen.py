"""What an owner sees of a draft: all of it with its marks, words of others as text, whoever sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.journeys.desk import PATIENCE, Desk, begin_draft
from tests.journeys.drawing import overlap
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")
_NOTHING_SCROLLED = """() => [...document.querySelectorAll('[data-part="canvas"], [data-part="canvas"] *')]
  .every(one => !one.scrollLeft && !one.scrollTop)"""


def test_the_whole_diagram_is_seen_beside_the_panel_and_marks_cover_no_name(desk: Desk) -> None:
    sheet = desk.part("canvas").bounding_box()
    last = desk.drawn("mengarsipkan").bounding_box()
    assert sheet
    assert last
    assert last["x"] + last["width"] < sheet["x"] + sheet["width"]
    desk.write_behind('standardTime="PT10M"', "")
    desk.page.evaluate("() => document.fonts.ready.then(() => true)")
    marks = [one.bounding_box() for one in desk.page.locator(".editor-marks.above").all()]
    names = desk.part("canvas").locator(".djs-shape[data-element-id] > .djs-visual > text:not(.step-number)")
    words = [one.bounding_box() for one in names.all()]
    assert marks
    assert words
    assert not [(mark, word) for mark in marks for word in words if mark and word and overlap(mark, word)]


def test_mistakes_and_warnings_are_counted_apart(desk: Desk) -> None:
    desk.write_behind('formKey="rapat_pembahasan" ', 'formKey="tidak_ada" ')
    on_shape = desk.part("canvas").locator('[data-container-id="rapat_pembahasan"] .editor-mark .words')
    expect(desk.part("count")).to_contain_text(re.compile(r"^1 kesalahan, \d+ peringatan"), timeout=PATIENCE)
    expect(on_shape.nth(0)).to_have_text("1 kesalahan")
    expect(on_shape.nth(1)).to_have_text("1 peringatan")


@pytest.mark.parametrize("name", ["", "Mereviu draft", "Staf"])
def test_editor_and_panel_are_accessible(desk: Desk, name: str) -> None:
    if name:
        desk.choose(name)
    desk.open_all()
    assert violations(desk.page) == []


def test_the_mark_of_the_drawing_program_is_uncovered(desk: Desk) -> None:
    mark = desk.page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    on_top = mark.evaluate(
        "node => { const box = node.getBoundingClientRect();"
        " return node.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
    )
    assert on_top


def test_what_an_owner_writes_is_text_wherever_the_editor_shows_it(desk: Desk) -> None:
    evil = '<img src=x onerror=alert(1)>"><b id=evil>'
    desk.write_behind('name="Memerintahkan penyusunan"', f'name="{escape(evil, quote=True)}"')
    desk.choose(evil)
    desk.open_all()
    expect(desk.page.get_by_label("Nama pada gambar")).to_have_value(evil)
    desk.press("Cari")
    expect(desk.page.locator(".djs-search-input input")).to_be_focused(timeout=PATIENCE)
    desk.page.keyboard.type("<img")
    expect(desk.page.locator(".djs-search-results")).to_contain_text("<img src=x", timeout=PATIENCE)
    desk.page.keyboard.press("Escape")
    desk.press("Simulasi")
    desk.page.get_by_title("Catatan simulasi").click()
    desk.page.get_by_title("Picu kejadian").filter(visible=True).first.click()
    expect(desk.page.locator(".bts-log")).to_contain_text("<img src=x", timeout=PATIENCE)
    assert desk.page.locator("img, #evil").count() == 0


def test_an_open_question_stands_at_its_step_until_it_is_answered(desk: Desk) -> None:
    desk.choose("Membuat format data")
    expect(desk.part("panel")).to_contain_text("Siapa yang membuat format pengumpulan data")
    expect(desk.page.locator(".editor-mark.question").first).to_contain_text("pertanyaan")
    expect(desk.part("panel").get_by_role("link", name="Jawab pertanyaan")).to_have_attribute(
        "href", re.compile("/questions$")
    )


def test_the_sheet_moves_by_panning_only_so_that_the_palette_stays_whole(desk: Desk) -> None:
    left = "node => node.getBoundingClientRect().left"
    stands = desk.page.locator(".djs-palette").evaluate(left)
    for name, step in (
        ("Membuat format data", "membuat_format"),
        ("Mengantar dan mengarsipkan", "mengarsipkan"),
    ):
        desk.choose(name)
        expect(desk.part("panel")).to_contain_text(name)
        desk.drawn(step).click(trial=True, timeout=PATIENCE)  # until it stands still
        box = desk.drawn(step).bounding_box()
        assert box is not None
        desk.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(desk.page.locator(".djs-direct-editing-content")).to_be_focused(timeout=PATIENCE)
        desk.page.keyboard.press("Escape")
        desk.page.wait_for_function(_NOTHING_SCROLLED, timeout=PATIENCE)
        assert desk.page.locator(".djs-palette").evaluate(left) == stands, name


def test_a_list_that_says_the_same_is_not_drawn_anew(desk: Desk) -> None:
    """A click on what is replaced between press and release would be lost."""
    desk.page.clock.install()
    step = desk.part("steps").get_by_role("button", name="Rapat pembahasan", exact=True).element_handle()
    mistaken = desk.part("problems").get_by_role("button").first.element_handle()
    desk.choose("Membuat format data")
    desk.page.get_by_label("Keterangan").fill("Seperti tahun lalu")
    desk.page.get_by_label("Keterangan").blur()
    desk.page.clock.run_for(1000)
    desk.save()
    for one in (step, mistaken):
        assert one.evaluate("one => one.isConnected")


@pytest.mark.parametrize("width", [1344, 1280])
def test_the_sheet_stays_under_the_hand_whatever_is_said_of_the_save(
    windows: Callable[..., Window], width: int
) -> None:
    desk = begin_draft(windows(width))
    top = "sheet => sheet.getBoundingClientRect().top + scrollY"
    stands = desk.part("canvas").evaluate(top)
    desk.page.clock.install()
    desk.choose("Membuat format data")
    desk.page.get_by_label("Keterangan").fill("Seperti tahun lalu")
    desk.page.get_by_label("Keterangan").blur()
    desk.says("changed")
    assert desk.part("canvas").evaluate(top) == stands
    desk.page.clock.run_for(2000)
    desk.says("saved")
    assert desk.part("canvas").evaluate(top) == stands
