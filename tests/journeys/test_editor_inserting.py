"""A process owner puts a step between others: it takes its row and its room, and undo gives both back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.drawing import boxes, inserted, numbers, overlap, ways

pytestmark = pytest.mark.xdist_group("browser")


def test_a_step_drawn_in_the_middle_takes_its_row_and_the_later_ones_move_on(desk: Desk) -> None:
    before = numbers(desk)
    desk.choose("Membuat undangan")
    desk.append("orang", "Menggandakan undangan")
    desk.save()
    assert numbers(desk) == {
        step: number if int(number) < 6 else str(int(number) + 1) for step, number in before.items()
    } | {"menggandakan_undangan": "6"}
    desk.choose("Menggandakan undangan")
    desk.page.keyboard.press("Delete")
    desk.save()
    assert numbers(desk) == before  # the rows close up where one is deleted


def test_a_step_put_on_an_arrow_is_inserted_there(desk: Desk) -> None:
    before = numbers(desk)
    desk.page.locator('.djs-palette [data-action="create.task"]').click()
    place = desk.drawn("ke_membuat_format").evaluate(
        "line => { const at = line.getPointAtLength(line.getTotalLength() * 0.5);"
        " const { x, y } = at.matrixTransform(line.getScreenCTM()); return { x, y }; }"
    )
    desk.page.mouse.move(place["x"] + 3, place["y"] + 3)
    desk.page.mouse.move(place["x"], place["y"])
    desk.page.mouse.click(place["x"], place["y"])
    desk.page.keyboard.press("Escape")
    desk.save()
    now = numbers(desk)
    [new] = set(now) - set(before)
    assert (now["memerintahkan"], now[new], now["membuat_format"]) == ("1", "2", "3")
    expect(desk.part("steps")).to_contain_text("Langkah tanpa nama (setelah “Memerintahkan penyusunan”)")
    expect(desk.part("problems")).not_to_contain_text(new)  # ids say nothing to people


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
    desk: Desk, before: str, after: str
) -> None:
    desk.choose("Rapat pembahasan")
    desk.page.get_by_label("Keterangan").fill("Di ruang rapat")
    desk.save()  # as the editor writes it
    was = boxes(desk), ways(desk)
    desk.page.locator('.djs-palette [data-action="create.task"]').click()
    x, y = desk.middle_of(f"ke_{after}")
    desk.page.mouse.move(x + 8, y + 6)
    desk.page.mouse.move(x + 4, y + 5)
    desk.page.mouse.click(x + 4, y + 5)
    desk.part("canvas").locator(".djs-container > svg").click(position={"x": 500, "y": 20})  # without a name
    desk.save()
    inserted(desk, before, after, was)
    desk.press("Urungkan")
    desk.save()
    assert (boxes(desk), ways(desk)) == was


def test_a_step_is_inserted_from_the_arrow_that_is_chosen(desk: Desk) -> None:
    was = boxes(desk), ways(desk)
    desk.page.mouse.click(*desk.middle_of("ke_menganalisis_data"))
    desk.page.locator('.djs-context-pad [data-action="insert-step"]').click()
    desk.page.locator(".djs-direct-editing-content").fill("Memeriksa data")
    desk.page.keyboard.press("Enter")
    desk.save()
    new = inserted(desk, "menghimpun_data", "menganalisis_data", was)
    assert new == "memeriksa_data"
    row = desk.part("steps").locator("li li", has_text="Memeriksa data")
    expect(row).to_have_text("8. Memeriksa data", timeout=PATIENCE)
    expect(desk.steps_of("Kasub")).to_contain_text(["Memeriksa data"])  # the lane of the step before
    desk.press("Urungkan")  # the name
    desk.press("Urungkan")  # the step
    desk.save()
    assert (boxes(desk), ways(desk)) == was


def test_on_a_phone_a_step_is_inserted_from_the_panel(phone: Desk) -> None:
    was = boxes(phone), ways(phone)
    phone.choose("Menghimpun data")
    phone.open_all()
    phone.part("panel").get_by_role("button", name="ke Menganalisis data").click()
    phone.part("panel").get_by_role("button", name="Sisipkan langkah di sini").click()
    phone.page.get_by_label("Nama pada gambar").fill("Memeriksa data")
    phone.save()
    assert inserted(phone, "menghimpun_data", "menganalisis_data", was) == "memeriksa_data"


def test_a_step_that_is_appended_stays_in_the_lane_of_the_one_before(desk: Desk) -> None:
    desk.choose("Menghimpun data")
    desk.append("orang", "Memeriksa data")
    desk.save()
    row = desk.part("steps").locator("li li", has_text="Memeriksa data")
    expect(row).to_have_text("8. Memeriksa data", timeout=PATIENCE)
    expect(desk.steps_of("Kasub")).to_contain_text(["Memeriksa data"])
    now = boxes(desk)
    assert not [
        one for one in numbers(desk) if one != "memeriksa_data" and overlap(now[one], now["memeriksa_data"])
    ]
    lane, below = now["lajur_kasub"], now["lajur_staf"]
    assert now["memeriksa_data"]["y"] + 68 < lane["y"] + lane["height"] == below["y"]


def test_undo_takes_back_a_step_with_the_numbers_it_moved(desk: Desk) -> None:
    before = numbers(desk)
    desk.choose("Memerintahkan penyusunan")
    desk.page.locator('.djs-context-pad [data-action="append.append-task"]').click()
    desk.page.keyboard.press("Escape")
    desk.save()
    assert list(numbers(desk).values()).count("14") == 1
    desk.press("Urungkan")
    desk.save()
    assert numbers(desk) == before


def test_numbers_that_are_missing_double_or_against_the_flow_are_put_right_by_one_button(desk: Desk) -> None:
    before = numbers(desk)
    desk.write_behind('number="3" ', "")
    desk.write_behind('number="9" ', 'number="8" ')
    desk.write_behind('number="12" ', 'number="2" ')
    told = desk.part("problems").locator("li", has_text="Nomor baris").first
    expect(told).to_contain_text("Menyampaikan format belum punya nomor baris")
    expect(told).to_contain_text("bernomor sama: 8")
    expect(told).to_contain_text("Membuat surat pengantar bernomor 2, padahal menurut alur ia sesudah")
    told.get_by_role("button", name="Beri nomor ulang").click()
    expect(desk.part("problems")).not_to_contain_text("Nomor baris", timeout=PATIENCE)
    desk.save()
    assert numbers(desk) == before  # the way back to row 9 leads nowhere in the table
    desk.press("Urungkan")
    desk.save()
    assert numbers(desk)["menganalisis_data"] == numbers(desk)["membuat_draft"] == "8"
    desk.part("steps").locator("xpath=..").get_by_role("button", name="Beri nomor ulang").click()
    expect(desk.part("renumbered")).to_contain_text("13 langkah")
    desk.save()
    assert numbers(desk) == before
