"""The whole SOP in a browser, at a desk; and the pages that are read on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.outcome import check_record
from tests.journeys.story import (
    KADIN,
    KASUB,
    SEKDIN,
    SOP,
    STAF,
    STEPS,
    begin,
    memerintahkan,
    sign_in,
    take,
    work,
)
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
DESK, PHONE = (1280, 900), (390, 844)


def opened(browser: Browser, served: Server, size: tuple[int, int]) -> Iterator[Window]:
    """Open a window; whatever its scripts or the CSP complain of fails the test."""
    context = browser.new_context(
        base_url=served.address,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        viewport={"width": size[0], "height": size[1]},
        has_touch=size == PHONE,
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield Window(page)
    context.close()
    assert complaints == []


@pytest.fixture
def desk(browser: Browser, served: Server) -> Iterator[Window]:
    yield from opened(browser, served, DESK)


@pytest.fixture
def phone(browser: Browser, served: Server) -> Iterator[Window]:
    yield from opened(browser, served, PHONE)


def test_from_the_order_to_the_archived_document(served: Server, desk: Window) -> None:
    number = begin(desk)
    for step in STEPS:
        work(desk, number, step)
    check_record(served, number)
    desk.follow("Berkas")
    desk.follow(f"{SOP} 2031")
    assert desk.sees(f"Nomor: {number}")
    assert desk.sees("Status: Selesai")
    assert desk.width_beyond() == 0


def test_what_is_typed_is_saved_while_typing(desk: Window, phone: Window) -> None:
    number = begin(desk, "2032")
    desk.fill("Isi disposisi", "Separuh")
    assert desk.sees("Draf tersimpan pukul")
    sign_in(phone, KADIN)
    take(phone, number, STEPS[0].task)
    assert phone.value("Isi disposisi") == "Separuh"


def test_while_the_line_is_down_nothing_is_lost(desk: Window) -> None:
    begin(desk, "2033")
    desk.page.context.set_offline(True)
    desk.fill("Isi disposisi", "Tanpa sambungan")
    assert desk.sees("Belum tersimpan")
    desk.page.context.set_offline(False)
    assert desk.sees("Draf tersimpan pukul")
    desk.page.reload()
    assert desk.value("Isi disposisi") == "Tanpa sambungan"


def test_what_is_typed_after_going_back_to_a_form_that_was_sent_is_kept_and_called_unsent(
    desk: Window,
) -> None:
    begin(desk, "2035")
    memerintahkan(desk)
    # As a browser does that keeps the page: it is sent, and stands there again as it was.
    desk.page.evaluate(
        """async () => {
          const form = document.getElementById("task-form");
          await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
          dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }"""
    )
    desk.fill("Isi disposisi", "Mohon disusun sebelum Jumat.")
    assert desk.sees("tetapi tidak dikirim")
    desk.page.reload()
    assert desk.sees("Yang Anda ketik")
    assert desk.sees("Mohon disusun sebelum Jumat.")


def test_the_first_problem_is_one_key_away(desk: Window) -> None:
    begin(desk, "2034")
    desk.press(STEPS[0].button)
    assert desk.sees("isian yang perlu diperbaiki")
    expect(desk.page.locator("#problems")).to_be_focused()
    desk.page.locator("#problems a").first.click()
    wrong = desk.page.locator(
        "[aria-invalid]:focus, .field :focus, .field:focus, fieldset :focus, fieldset:focus"
    )
    expect(wrong).to_have_count(1)


@pytest.mark.parametrize("seat", [KADIN, SEKDIN, KASUB, STAF])
def test_the_daily_path_fits_a_phone(phone: Window, seat: str) -> None:
    sign_in(phone, seat)
    assert phone.width_beyond() == 0
    phone.click(phone.page.locator("main .rows .title").first)
    assert phone.page.locator("main form").count() > 0
    assert phone.width_beyond() == 0
    phone.click(phone.page.locator("main a[href^='/cases/']").first)
    assert phone.sees("Nomor:")
    assert phone.width_beyond() == 0


def test_a_table_is_edited_row_by_row_on_a_phone(phone: Window) -> None:
    sign_in(phone, KASUB)
    phone.follow("Membuat draft")
    assert phone.width_beyond() == 0
    phone.follow("Ubah baris 2")
    phone.fill("Target, baris 2", "99,70")
    assert phone.sees("Draf tersimpan pukul")
    assert phone.width_beyond() == 0


def test_the_button_that_sends_it_on_is_in_reach_on_a_phone(phone: Window) -> None:
    sign_in(phone, SEKDIN)
    phone.follow("Mereviu draft")
    button = phone.page.get_by_role("button", name="Setujui, teruskan ke Kadin").first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


_WIDE = """() => {
  const wide = document.createElement("div"), inside = document.createElement("div");
  Object.assign(wide.style, { overflowX: "auto", width: "300px" });
  Object.assign(inside.style, { position: "relative", width: "2000px", height: "20px" });
  for (const [kind, left] of [["flag", "1500px"], ["flag stop", "10px"]]) {
    const flag = inside.appendChild(document.createElement("i"));
    flag.className = kind;
    Object.assign(flag.style, { position: "absolute", left, width: "20px", height: "20px" });
  }
  wide.className = "diagram-scroll";
  wide.append(inside);
  document.body.prepend(wide);
}"""


def test_what_stands_still_is_not_scrolled_away_for_what_is_open(phone: Window) -> None:
    phone.open("/sign-in")
    phone.page.evaluate(_WIDE)
    script = phone.page.locator("script[src*='app']").first.get_attribute("src")
    phone.page.add_script_tag(url=script)
    assert phone.page.locator(".diagram-scroll").evaluate("wide => wide.scrollLeft") == 0


def test_tabs_begin_at_the_one_that_is_open(phone: Window) -> None:
    phone.open("/sign-in")
    phone.press("Administrator")
    phone.page.goto("/admin/incidents")
    place = phone.page.locator("main .tabs [aria-current]").first.bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= PHONE[0]
