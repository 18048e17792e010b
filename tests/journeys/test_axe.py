"""No page breaks WCAG 2.2 AA, in either language, at a desk or on a phone.

The pages are those that each kind of user reaches by links, and those that say what went wrong.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import violations
from tests.journeys.story import KADIN, KASUB, SEKDIN, STAF
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("axe")
SIZES = ((1280, 900), (390, 844))
SEATS = ("", KADIN, SEKDIN, KASUB, STAF, "Pemilik SOP", "Auditor", "Administrator")
# Pages of one kind look alike, but for these; and everybody's own tasks are looked at.
MORE = {"/tasks/*": 3, "/library/*/forms/*": 2}
OWN = "/tasks/*"
_SOPS = "|".join(
    sorted(path.name for path in (Path(__file__).parents[2] / "processes").iterdir() if path.is_dir())
)
_ID = re.compile(rf"[0-9a-f]{{32}}|(?<=/)\d+(?=/|$)|(?<=/library/)(?:{_SOPS})(?=/|$)|(?<=/forms/)\w+")


def kind_of(address: str) -> str:
    """Give an address without what tells one page of a kind from another."""
    parts = urlsplit(address)
    query = ",".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair))
    return _ID.sub("*", parts.path) + (f"?{query}" if query else "")


@cache
def reached(site: str, seat: str) -> tuple[str, ...]:
    """Name the pages that somebody reaches by links, so many of each kind."""
    visitor = Visitor(site)
    visitor.open("/sign-in")
    if seat:
        visitor.press(seat)
    seen, kinds, found = {visitor.address}, Counter[str](), []
    ahead = deque([visitor.address])
    while ahead:
        address = ahead.popleft()
        kind = kind_of(address)
        if kinds[kind] >= MORE.get(kind, 1):
            continue
        visitor.open(address)
        is_taken = "attachment" in visitor.headers.get("content-disposition", "")  # a download is no page
        if "text/html" not in visitor.headers.get("content-type", "") or visitor.status != 200 or is_taken:
            continue
        kinds[kind] += 1
        found.append(address)
        ahead += [one for link in visitor.addresses("/") if (one := link.partition("#")[0]) not in seen]
        seen.update(ahead)
        ahead = deque(one for one in ahead if one.startswith(site))
    return tuple(found)


def pages_of(site: str, seat: str) -> list[str]:
    """Name the pages to look at as this user: what the ones before have not shown, and one's own tasks."""
    before = {kind_of(one) for other in SEATS[: SEATS.index(seat)] for one in reached(site, other)}
    return [one for one in reached(site, seat) if kind_of(one) not in before or kind_of(one) == OWN]


@pytest.fixture
def page(browser: Browser, served: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address, locale="id-ID", timezone_id="Asia/Jakarta")
    yield context.new_page()
    context.close()


def sit_down(page: Page, seat: str, language: str) -> None:
    """Sign in, in a language."""
    page.goto("/sign-in")
    if seat:
        Window(page).press(seat)
        page.goto("/tasks")
    if page.locator("html").get_attribute("lang") != language:
        with page.expect_navigation():  # the button stands in a menu
            page.locator(f"button[name='language'][value='{language}']").first.evaluate("one => one.click()")


def look(page: Page) -> list[str]:
    """Look at the page at a desk and on a phone."""
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{kind_of(page.url)} at {width}: {one}" for one in violations(page)]
    return found


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("seat", SEATS)
def test_no_page_breaks_the_rules(page: Page, served: Server, seat: str, language: str) -> None:
    sit_down(page, seat, language)
    found = []
    for address in pages_of(served.address, seat):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        found += look(page)
    assert found == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_nor_do_the_pages_that_say_what_went_wrong(page: Page, served: Server, language: str) -> None:
    sit_down(page, KADIN, language)
    page.goto("/tasks/none")
    found = look(page)
    [start] = [one for one in reached(served.address, KADIN) if one.endswith("/cases/new")]
    page.goto(start)
    page.locator("#year").fill("x")
    found += refused(page, "main form button.btn-primary")
    sit_down(page, KASUB, language)
    page.goto("/tasks")
    Window(page).follow("Rapat pembahasan")
    found += refused(page, "#task-form .acts .btn-primary")
    assert found == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_nor_do_empty_pages_a_refused_review_and_paper(page: Page, served: Server, language: str) -> None:
    sit_down(page, SEKDIN, language)
    found = []
    for address in ("/cases?tab=cancelled", "/cases?tab=late&q=zzz", "/tasks?q=zzz", "/tasks?tab=done"):
        page.goto(address)
        found += look(page)
    page.goto("/tasks")
    Window(page).follow("Mereviu draft")
    found += refused(page, ".decide .btn-back")
    page.goto(next(one for one in reached(served.address, SEKDIN) if kind_of(one) == "/cases/*"))
    page.goto(f"{page.url}/cancellation")  # not for Sekdin
    found += look(page)
    page.go_back()
    page.emulate_media(media="print")
    found += look(page)
    page.emulate_media(media="screen", forced_colors="active")
    found += look(page)
    assert found == []


def refused(page: Page, button: str) -> list[str]:
    """Send a form that lacks nearly everything, and look at the page that says so."""
    with page.expect_navigation():
        page.locator(button).last.click()
    assert page.locator("#problems").count() == 1
    return look(page)


def test_nor_does_the_page_of_a_one_time_link(page: Page, served: Server) -> None:
    sit_down(page, "Administrator", "id")
    page.goto("/admin/people")
    window = Window(page)
    window.follow("Kasub")
    window.press("Tautan baru untuk membuat kata sandi")
    assert f"{served.address}/password/" in page.get_by_label("Tautan", exact=True).input_value()
    assert look(page) == []
