"""A process owner draws: what is drawn is saved, told when it is wrong, and never lost to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import pytest
from playwright.sync_api import Browser, FloatRect, expect

from tests.axe import violations
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.story import sign_in
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
SOP = "/library/penyusunan-dokumen-indikator-kinerja"
_NOTHING_SCROLLED = """() => [...document.querySelectorAll('[data-part="canvas"], [data-part="canvas"] *')]
  .every(one => !one.scrollLeft && !one.scrollTop)"""


def opened(browser: Browser, served: Server, size: tuple[int, int]) -> Iterator[Desk]:
    """Open the owner's draft; whatever its scripts or the CSP complain of fails the test."""
    context = browser.new_context(
        base_url=served.address, viewport={"width": size[0], "height": size[1]}, locale="id-ID"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    sign_in(Window(page), OWNER)
    page.goto(f"{SOP}/draft")
    if "/drafts/" not in page.url:
        Window(page).press("Mulai revisi")
    yield Desk(page).ready()
    page.on("dialog", lambda dialog: dialog.accept())
    context.close()
    assert complaints == []


@pytest.fixture
def desk(browser: Browser, served: Server) -> Iterator[Desk]:
    yield from opened(browser, served, (1344, 900))


@pytest.fixture
def own(desk: Desk) -> Iterator[Desk]:
    """Begin a draft that no other test changes, and put it away after."""
    desk.page.goto(f"{SOP}/draft?all")
    Window(desk.page).press("Mulai revisi")
    yield desk.ready()
    desk.page.goto(f"{desk.page.url.split('#')[0]}/discard")
    Window(desk.page).press("Hapus draf")


@pytest.fixture
def phone(browser: Browser, served: Server) -> Iterator[Desk]:
    yield from opened(browser, served, (390, 844))


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


def numbers(desk: Desk) -> dict[str, str]:
    """Read the row numbers of the saved diagram, by the id of the step."""
    steps = re.findall(r'<bpmn:userTask id="(\w+)".*?</bpmn:userTask>', desk.saved_diagram(), re.DOTALL)
    bodies = re.findall(r"<bpmn:userTask .*?</bpmn:userTask>", desk.saved_diagram(), re.DOTALL)
    found = (re.search(r'<sop:Task[^>]* number="(\d+)"|<sop:Task number="(\d+)"', body) for body in bodies)
    return {step: (one[1] or one[2]) if one else "" for step, one in zip(steps, found, strict=True)}


def test_a_step_drawn_in_the_middle_takes_its_row_and_the_later_ones_move_on(own: Desk) -> None:
    before = numbers(own)
    own.choose("Membuat undangan")
    own.append("orang", "Menggandakan undangan")
    own.save()
    assert numbers(own) == {
        step: number if int(number) < 6 else str(int(number) + 1) for step, number in before.items()
    } | {"menggandakan_undangan": "6"}
    own.choose("Menggandakan undangan")
    own.page.keyboard.press("Delete")
    own.save()
    assert numbers(own) == before  # the rows close up where one is deleted


def test_a_step_put_on_an_arrow_is_inserted_there(own: Desk) -> None:
    before = numbers(own)
    own.page.locator('.djs-palette [data-action="create.task"]').click()
    place = own.drawn("ke_membuat_format").evaluate(
        "line => { const at = line.getPointAtLength(line.getTotalLength() * 0.5);"
        " const { x, y } = at.matrixTransform(line.getScreenCTM()); return { x, y }; }"
    )
    own.page.mouse.move(place["x"] + 3, place["y"] + 3)
    own.page.mouse.move(place["x"], place["y"])
    own.page.mouse.click(place["x"], place["y"])
    own.page.keyboard.press("Escape")
    own.save()
    now = numbers(own)
    [new] = set(now) - set(before)
    assert (now["memerintahkan"], now[new], now["membuat_format"]) == ("1", "2", "3")
    expect(own.part("steps")).to_contain_text("Langkah tanpa nama (setelah “Memerintahkan penyusunan”)")
    expect(own.part("problems")).not_to_contain_text(new)  # ids say nothing to people


def boxes(desk: Desk) -> dict[str, FloatRect]:
    """Read where the saved diagram has its steps, gateways, events, lanes and pool."""
    found = re.findall(
        r'<bpmndi:BPMNShape [^>]*bpmnElement="(\w+)"[^>]*>\s*'
        r'<dc:Bounds x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"',
        desk.saved_diagram(),
    )
    return {
        one: {"x": float(x), "y": float(y), "width": float(width), "height": float(height)}
        for one, x, y, width, height in found
    }


def ways(desk: Desk) -> set[tuple[str, str]]:
    """Read which element leads to which in the saved diagram."""
    return set(re.findall(r'sourceRef="(\w+)" targetRef="(\w+)"', desk.saved_diagram()))


def inserted(
    desk: Desk, before: str, after: str, was: tuple[dict[str, FloatRect], set[tuple[str, str]]]
) -> str:
    """Check that one step stands between these two, on nothing else, within its pool; its id."""
    now = boxes(desk)
    [new] = set(now) - set(was[0])
    assert ways(desk) == was[1] - {(before, after)} | {(before, new), (new, after)}
    frames = {one for one in now if one.startswith("lajur_")} | {"dinas_pendidikan"}
    nodes = sorted(set(now) - frames)
    assert not [
        (one, other) for one in nodes for other in nodes if one < other and overlap(now[one], now[other])
    ]
    pool = now["dinas_pendidikan"]
    assert all(now[one]["x"] + now[one]["width"] < pool["x"] + pool["width"] for one in nodes)
    return new


# Next to each other in a lane, one above the other in two lanes, beside a gateway, and by the end.
SHORT = [
    ("membuat_format", "menyampaikan_format"),
    ("menghimpun_data", "menganalisis_data"),
    ("memerintahkan_undangan", "membuat_undangan"),
    ("membuat_draft", "mereviu_draft"),
    ("mereviu_draft", "disetujui"),
    ("mengarsipkan", "selesai"),
]


@pytest.mark.parametrize(("before", "after"), SHORT)
def test_a_step_put_on_a_short_arrow_is_inserted_and_room_is_made_in_one_step_of_undo(
    own: Desk, before: str, after: str
) -> None:
    own.choose("Rapat pembahasan")
    own.page.get_by_label("Keterangan").fill("Di ruang rapat")
    own.save()  # as the editor writes it
    was = boxes(own), ways(own)
    own.page.locator('.djs-palette [data-action="create.task"]').click()
    x, y = own.middle_of(f"ke_{after}")
    own.page.mouse.move(x + 8, y + 6)
    own.page.mouse.move(x + 4, y + 5)
    own.page.mouse.click(x + 4, y + 5)
    own.part("canvas").locator(".djs-container > svg").click(position={"x": 500, "y": 20})  # without a name
    own.save()
    inserted(own, before, after, was)
    own.press("Urungkan")
    own.save()
    assert (boxes(own), ways(own)) == was


def test_a_step_is_inserted_from_the_arrow_that_is_chosen(own: Desk) -> None:
    was = boxes(own), ways(own)
    own.page.mouse.click(*own.middle_of("ke_menganalisis_data"))
    own.page.locator('.djs-context-pad [data-action="insert-step"]').click()
    own.page.locator(".djs-direct-editing-content").fill("Memeriksa data")
    own.page.keyboard.press("Enter")
    own.save()
    new = inserted(own, "menghimpun_data", "menganalisis_data", was)
    assert new == "memeriksa_data"
    row = own.part("steps").locator("li li", has_text="Memeriksa data")
    expect(row).to_have_text("8. Memeriksa data", timeout=PATIENCE)
    assert "Memeriksa data" in own.steps_of("Kasub")  # the lane of the step before
    own.press("Urungkan")  # the name
    own.press("Urungkan")  # the step
    own.save()
    assert (boxes(own), ways(own)) == was


def test_on_a_phone_a_step_is_inserted_from_the_panel(phone: Desk) -> None:
    phone.page.goto(f"{SOP}/draft?all")
    Window(phone.page).press("Mulai revisi")
    phone.ready()
    was = boxes(phone), ways(phone)
    phone.choose("Menghimpun data")
    phone.open_all()
    phone.part("panel").get_by_role("button", name="ke Menganalisis data").click()
    phone.part("panel").get_by_role("button", name="Sisipkan langkah di sini").click()
    phone.page.get_by_label("Nama pada gambar").fill("Memeriksa data")
    phone.save()
    assert inserted(phone, "menghimpun_data", "menganalisis_data", was) == "memeriksa_data"


def test_a_step_that_is_appended_stays_in_the_lane_of_the_one_before(own: Desk) -> None:
    own.choose("Menghimpun data")
    own.append("orang", "Memeriksa data")
    own.save()
    row = own.part("steps").locator("li li", has_text="Memeriksa data")
    expect(row).to_have_text("8. Memeriksa data", timeout=PATIENCE)
    assert "Memeriksa data" in own.steps_of("Kasub")
    now = boxes(own)
    assert not [
        one for one in numbers(own) if one != "memeriksa_data" and overlap(now[one], now["memeriksa_data"])
    ]
    lane, below = now["lajur_kasub"], now["lajur_staf"]
    assert now["memeriksa_data"]["y"] + 68 < lane["y"] + lane["height"] == below["y"]


def test_undo_takes_back_a_step_with_the_numbers_it_moved(own: Desk) -> None:
    before = numbers(own)
    own.choose("Memerintahkan penyusunan")
    own.page.locator('.djs-context-pad [data-action="append.append-task"]').click()
    own.page.keyboard.press("Escape")
    own.save()
    assert list(numbers(own).values()).count("14") == 1
    own.press("Urungkan")
    own.save()
    assert numbers(own) == before


def test_numbers_that_are_missing_double_or_against_the_flow_are_put_right_by_one_button(own: Desk) -> None:
    before = numbers(own)
    own.write_behind('number="3" ', "")
    own.write_behind('number="9" ', 'number="8" ')
    own.write_behind('number="12" ', 'number="2" ')
    told = own.part("problems").locator("li", has_text="Nomor baris").first
    expect(told).to_contain_text("Menyampaikan format belum punya nomor baris")
    expect(told).to_contain_text("bernomor sama: 8")
    expect(told).to_contain_text("Membuat surat pengantar bernomor 2, padahal menurut alur ia sesudah")
    told.get_by_role("button", name="Beri nomor ulang").click()
    expect(own.part("problems")).not_to_contain_text("Nomor baris", timeout=PATIENCE)
    own.save()
    assert numbers(own) == before  # the way back to row 9 leads nowhere in the table
    own.press("Urungkan")
    own.save()
    assert numbers(own)["menganalisis_data"] == numbers(own)["membuat_draft"] == "8"
    own.part("steps").locator("xpath=..").get_by_role("button", name="Beri nomor ulang").click()
    expect(own.part("renumbered")).to_contain_text("13 langkah")
    own.save()
    assert numbers(own) == before


def test_the_whole_diagram_is_seen_beside_the_panel_and_marks_cover_no_name(desk: Desk) -> None:
    sheet = desk.part("canvas").bounding_box()
    last = desk.drawn("mengarsipkan").bounding_box()
    assert sheet
    assert last
    assert last["x"] + last["width"] < sheet["x"] + sheet["width"]
    desk.write_behind('standardTime="PT10M"', "")
    marks = [one.bounding_box() for one in desk.page.locator(".editor-marks.above").all()]
    names = desk.part("canvas").locator(".djs-shape[data-element-id] > .djs-visual > text:not(.step-number)")
    words = [one.bounding_box() for one in names.all()]
    assert marks
    assert words
    assert not [(mark, word) for mark in marks for word in words if mark and word and overlap(mark, word)]


def test_mistakes_and_warnings_are_counted_apart(own: Desk) -> None:
    own.write_behind('formKey="rapat_pembahasan" ', 'formKey="tidak_ada" ')
    on_shape = own.part("canvas").locator('[data-container-id="rapat_pembahasan"] .editor-mark .words')
    expect(own.part("count")).to_contain_text(re.compile(r"^1 kesalahan, \d+ peringatan"), timeout=PATIENCE)
    assert on_shape.evaluate_all("all => all.map(one => one.textContent)")[:2] == [
        "1 kesalahan",
        "1 peringatan",
    ]


def overlap(one: FloatRect, other: FloatRect) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_what_was_typed_just_now_is_in_what_is_saved_by_hand(desk: Desk) -> None:
    desk.choose("Mereviu draft")
    desk.page.get_by_label("Keterangan").fill("Paling lama tiga hari")
    desk.page.keyboard.press("Control+s")
    desk.says("saved")
    assert "<sop:notes>Paling lama tiga hari</sop:notes>" in desk.saved_diagram()


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


def test_what_cannot_be_read_is_told_and_not_saved_away_by_itself(desk: Desk) -> None:
    desk.page.clock.install()
    desk.write_behind("<sop:Document ", '<sop:Stranger name="x" /><sop:Document ')
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("sop:Stranger", timeout=PATIENCE)
    desk.choose("Rapat pembahasan")
    desk.page.get_by_label("Keterangan").fill("Di aula")
    desk.page.get_by_label("Keterangan").blur()
    desk.says("changed")
    desk.page.clock.run_for(60_000)
    desk.says("changed")
    assert "sop:Stranger" in desk.saved_diagram()
    desk.page.get_by_role("button", name="Simpan draf").click()
    desk.says("saved")
    assert "sop:Stranger" not in desk.saved_diagram()


def test_who_saves_second_is_told_and_chooses(desk: Desk, browser: Browser, served: Server) -> None:
    other = next(opened(browser, served, (1344, 900)))
    other.choose("Membuat format data")
    other.page.get_by_label("Keterangan").fill("Dari jendela lain")
    other.save()
    assert "Dari jendela lain" in other.saved_diagram()
    desk.choose("Menghimpun data")
    desk.page.get_by_label("Keterangan").fill("Dari jendela ini")
    desk.says("conflict")
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("Anda sendiri menyimpannya di jendela lain")  # the same person
    expect(told).not_to_contain_text(OWNER)
    expect(desk.part("state")).to_contain_text("jendela lain Anda")
    assert "Dari jendela lain" in desk.saved_diagram()
    with desk.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Dari jendela ini" in kept.value.path().read_text("utf-8")
    told.get_by_role("button", name="Simpan milik saya di atasnya").click()
    desk.says("saved")
    assert "Dari jendela ini" in desk.saved_diagram()
    other.page.context.close()


def test_without_a_connection_nothing_is_lost(desk: Desk) -> None:
    desk.page.context.set_offline(True)
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Tanpa sambungan")
    desk.says("offline")
    desk.page.context.set_offline(False)
    desk.says("saved")
    assert "Tanpa sambungan" in desk.saved_diagram()


@pytest.mark.parametrize("name", ["", "Mereviu draft", "Staf"])
def test_editor_and_panel_are_accessible(desk: Desk, name: str) -> None:
    if name:
        desk.choose(name)
    desk.open_all()
    assert violations(desk.page) == []


def test_on_a_phone_the_steps_can_be_changed_from_their_list(phone: Desk) -> None:
    expect(phone.page.get_by_text("Menggambar memerlukan layar yang lebih lebar")).to_be_visible()
    phone.choose("Rapat pembahasan")
    phone.page.get_by_label("Keterangan").fill("Di ruang rapat")
    phone.says("saved")
    assert "Di ruang rapat" in phone.saved_diagram()
    assert Window(phone.page).width_beyond() == 0
    assert violations(phone.page) == []


def test_the_mark_of_the_drawing_program_is_uncovered(desk: Desk) -> None:
    mark = desk.page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    on_top = mark.evaluate(
        "node => { const box = node.getBoundingClientRect();"
        " return node.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
    )
    assert on_top


def test_token_simulation_runs_and_leaves_the_drawing_as_it_was(desk: Desk) -> None:
    before = desk.saved_diagram()
    button = desk.page.get_by_role("button", name="Simulasi", exact=True)
    button.click()
    expect(desk.page.get_by_title("Catatan simulasi")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    desk.page.get_by_title("Picu kejadian").filter(visible=True).first.click()
    expect(desk.page.locator(".bts-notification").first).to_be_visible(timeout=PATIENCE)
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


def test_leaving_with_what_is_not_saved_asks_first(desk: Desk) -> None:
    desk.page.context.set_offline(True)
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Belum tersimpan")
    desk.says("offline")
    with desk.page.expect_event("dialog", timeout=PATIENCE) as asked:
        desk.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(desk.page.get_by_label("Keterangan")).to_have_value("Belum tersimpan")


def test_whoever_is_signed_out_is_told_once_and_takes_the_drawing_along(desk: Desk) -> None:
    sent: list[str] = []
    desk.page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
    cookies = desk.page.context.cookies()
    desk.page.clock.install()
    desk.page.context.clear_cookies()
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Tanpa masuk")
    desk.page.get_by_label("Keterangan").blur()
    desk.page.clock.run_for(10_000)
    desk.says("refused")
    desk.page.clock.run_for(60_000)
    assert len(sent) == 1
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("Anda perlu masuk lagi")
    assert violations(desk.page) == []
    with desk.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Tanpa masuk" in kept.value.path().read_text("utf-8")
    desk.page.context.add_cookies([dict(one) for one in cookies])  # type: ignore[arg-type]
    desk.page.get_by_role("button", name="Simpan draf").click()
    desk.says("saved")
    expect(told).to_have_count(0)


def test_who_draws_in_a_draft_that_was_discarded_meanwhile_is_told_so(desk: Desk) -> None:
    draft = desk.page.url.split("#")[0]
    token = desk.page.locator('input[name="csrf_token"]').first.input_value()
    revision = desk.page.evaluate("JSON.parse(document.getElementById('draft').textContent).revision")
    gone = desk.page.context.request.post(
        f"{draft}/discard",
        form={"csrf_token": token, "revision": str(revision)},
        headers={"Referer": draft},
        max_redirects=0,
    )
    assert gone.status == 303
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Terlambat")
    desk.says("refused")
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("Draf ini sudah")
    with desk.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Terlambat" in kept.value.path().read_text("utf-8")
    expect(told.get_by_role("button", name="Simpan milik saya di atasnya")).to_have_count(0)


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


def test_the_form_of_a_step_is_made_from_its_panel_and_one_comes_back_to_the_step(own: Desk) -> None:
    page, panel = own.page, own.part("panel")
    own.choose("Membuat undangan")
    own.append("orang", "Menggandakan undangan")
    own.choose("Menggandakan undangan")
    panel.get_by_role("link", name="Buat formulir").click()  # in this window, and what was drawn is saved
    page.get_by_role("button", name=re.compile("Buat formulir")).first.click()
    expect(page.get_by_role("heading", name="Formulir baru: Menggandakan undangan")).to_be_visible(
        timeout=PATIENCE
    )
    page.get_by_label("Judul formulir").fill("Penggandaan")
    page.get_by_role("link", name="Kembali ke langkah “Menggandakan undangan”").click()
    own.ready()
    expect(panel.get_by_label("Nama pada gambar")).to_have_value("Menggandakan undangan", timeout=PATIENCE)
    expect(panel.get_by_label("Formulir", exact=True).locator("option:checked")).to_have_text("Penggandaan")
    page.get_by_label("Keterangan").fill("Rangkap tiga")
    own.save()  # nobody is told that somebody else saved it
    assert "<sop:notes>Rangkap tiga</sop:notes>" in own.saved_diagram()
