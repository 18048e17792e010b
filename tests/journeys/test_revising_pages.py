"""The pages of a revision: they break no rule, fit a phone, and say nothing in the other language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import violations
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.revised import Revised, revise
from tests.journeys.story import KADIN, STAF
from tests.journeys.test_axe import SIZES, kind_of, sit_down
from tests.journeys.test_languages import english_sentences
from tests.journeys.window import Window
from tests.live import Server
from tests.offices import LIBRARY
from webapp.assets.catalogues import assemble
from webapp.language import CATALOGUES

pytestmark = pytest.mark.xdist_group("revising pages")
OWNER = "Pemilik SOP"
OTHER_SOP = LIBRARY / "revisi-sop" / "process.bpmn"
SCRIPTS = Path(__file__).parents[2] / "webapp" / "assets" / "js"
# What both languages call alike, where one of the two is another word elsewhere.
_ALIKE = {"English", "No", "Data"}
# Names of properties are nobody's words; two that form-js draws on its canvas cannot be translated.
_SAID = """() => [...document.querySelectorAll("body *")]
  .filter(one => !one.closest("script, style, template, noscript, code, [data-theirs]"))
  .filter(one => !one.matches(".fjs-form .fjs-select-placeholder, .fjs-form input[placeholder=Search]"))
  .flatMap(one => [
    ...[...one.childNodes].filter(inner => inner.nodeType === Node.TEXT_NODE).map(inner => inner.data),
    ...["aria-label", "title", "alt", "placeholder"].map(name => one.getAttribute(name) || ""),
  ])
  .map(text => text.trim().replace(/\\s+/g, " "))"""


@pytest.fixture(scope="module")
def revised(served: Server) -> Revised:
    return revise(served.address)


@pytest.fixture
def page(browser: Browser, served: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address, locale="id-ID", timezone_id="Asia/Jakarta")
    yield context.new_page()
    context.close()


@cache
def english() -> set[str]:
    """Name what would be English on an Indonesian page: of the server, of the editor, of bpmn.io."""
    own = re.findall(r'\["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\]', _script("editor/words.js"))
    theirs = [
        pair
        for name in ("editor/terms.js", "form-editor/indonesian.js")
        for pair in re.findall(
            r'^\s*(?:"([^"]+)"|(?=\w))(?:(\w+))?:\s*"([^"]*)"', _script(name), re.MULTILINE
        )
    ]
    found = {one for other, one in own if one != other}
    found |= {quoted or plain for quoted, plain, other in theirs if (quoted or plain) != other}
    return (found | english_sentences(CATALOGUES / "parts")) - indonesian()


@cache
def indonesian() -> set[str]:
    """Name what is said in Indonesian somewhere, though it is an English word as well."""
    own = re.findall(r'\["((?:[^"\\]|\\.)*)", "', _script("editor/words.js"))
    return {*own, *(str(one.string) for one in assemble(CATALOGUES / "parts")), *_ALIKE}


def _script(name: str) -> str:
    return (SCRIPTS / name).read_text("utf-8")


def look(page: Page, ready: Callable[[], object] = lambda: None) -> list[str]:
    """Look at the page at a desk and on a phone: the rules, its width, its words."""
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        ready()
        found += [f"{kind_of(page.url)} at {width}: {one}" for one in violations(page)]
        if beyond := Window(page).width_beyond():
            found.append(f"{kind_of(page.url)} at {width}: {beyond} pixels too wide")
    if page.locator("html").get_attribute("lang") == "id":
        said = set(page.evaluate(_SAID))
        found += [f"{kind_of(page.url)} says: {one}" for one in sorted(said & english())]
    return found


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("seat", [OWNER, KADIN, STAF])
def test_every_page_of_a_revision(page: Page, revised: Revised, seat: str, language: str) -> None:
    sit_down(page, seat, language)
    found = []
    for address in revised.pages[seat]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        found += look(page)
    assert found == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_refused_says_so_by_the_rules(page: Page, revised: Revised, language: str) -> None:
    sit_down(page, OWNER, language)
    draft = revised.draft
    found = []
    for address, button in (
        ("/library/new", "main form .btn-primary"),
        (f"{draft}/forms", "main form .btn-primary"),
        (f"{draft}/upload", "main form[enctype] button"),
        (revised.pages[KADIN][0].replace("/review", "/withdrawal"), "main form .btn-primary"),
    ):
        page.goto(address)
        with page.expect_navigation():
            page.locator(button).last.click()
        found += look(page)
    page.goto(f"{draft}/upload")
    page.locator("#file").set_input_files(OTHER_SOP)
    with page.expect_navigation():
        page.locator("main form[enctype] button").click()
    assert page.locator("input[name=carried]").count() == 1  # asked whether another SOP is meant
    assert found + look(page) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_an_approver_is_refused_says_so_by_the_rules(
    page: Page, revised: Revised, language: str
) -> None:
    sit_down(page, KADIN, language)
    page.goto(next(one for one in revised.pages[KADIN] if one.endswith("/reinstatement")))
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()
    assert page.locator("[aria-invalid=true]").count() == 1
    assert look(page) == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("chosen", ["", "Mereviu draft", "Kasub"])
def test_the_editor_and_all_of_its_panel(page: Page, revised: Revised, chosen: str, language: str) -> None:
    sit_down(page, OWNER, language)
    page.goto(revised.draft)
    desk = Desk(page).ready()
    if chosen:
        desk.choose(chosen)
    assert look(page, desk.open_all) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_form_editor_with_a_field_and_its_preview(page: Page, revised: Revised, language: str) -> None:
    sit_down(page, OWNER, language)
    page.goto(f"{revised.draft}/forms/membuat_undangan")
    expect(page.locator(".fjs-palette")).to_be_visible(timeout=PATIENCE)
    page.locator(".fjs-form-field-textfield").first.click()
    page.locator("[data-preview]").click()
    expect(page.locator("[data-preview-place]")).to_be_visible(timeout=PATIENCE)
    assert look(page) == []
