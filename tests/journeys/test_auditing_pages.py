"""The pages of an audit, with what it found: they break no rule, fit a phone, and speak one language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.audited import AUDITOR, Played
from tests.journeys.audited_pages import ADMINISTRATOR, OWNER, Audited, audit
from tests.journeys.story import KASUB
from tests.journeys.test_axe import sit_down
from tests.journeys.test_revising_pages import look
from tests.live import Server
from tests.webapp.world import ROUTES

pytestmark = pytest.mark.xdist_group("auditing pages")
AREAS = ("/audit", "/inquiries", "/admin/assignments", "/admin/erasures")
# What leads on, is taken away as a file, or ends a role.
NO_PAGES = {
    "/audit",
    "/audit/cases/<uuid:case_id>/events/<int:no>/proof.json",
    "/audit/cases/<uuid:case_id>/workbook",
    "/audit/takeouts/<uuid:takeout_id>/file",
    "/audit/checks/<name>",
    "/audit/record/checkpoints/<int:size>",
    "/audit/record/checkpoints/newest",
    "/audit/record/key",
    "/admin/assignments/<uuid:assignment_id>/end",
}


@pytest.fixture(scope="module")
def served(data_folder: Path, played: Played) -> Iterator[Server]:
    assert played.seqs
    with Server(data_folder) as running:
        yield running


@pytest.fixture(scope="module")
def audited(served: Server, played: Played) -> Audited:
    return audit(served.address, played)


@pytest.fixture
def page(browser: Browser, served: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address, locale="id-ID", timezone_id="Asia/Jakarta")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("seat", [AUDITOR, OWNER, KASUB, ADMINISTRATOR])
def test_every_page_of_an_audit(page: Page, audited: Audited, seat: str, language: str) -> None:
    sit_down(page, seat, language)
    found = []
    for address in audited.pages[seat]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
        found += look(page)
    assert found == []


def test_no_page_of_these_areas_is_left_out(audited: Audited) -> None:
    rules = [one.rule for one in ROUTES if one.method == "GET" and one.rule.startswith(AREAS)]
    rules.sort(key=lambda rule: rule.count("<"))  # /findings/new is no finding
    seen = {
        next(rule for rule in rules if re.fullmatch(re.sub("<[^>]+>", "[^/]+", rule), urlsplit(address).path))
        for pages in audited.pages.values()
        for address in pages
    }
    assert set(rules) - seen == NO_PAGES


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_an_auditor_is_refused_says_so_by_the_rules(page: Page, audited: Audited, language: str) -> None:
    sit_down(page, AUDITOR, language)
    found = []
    for address, button in (
        ("/audit/findings/new", "main form button"),
        ("/audit/samples/new", "main form button"),
        (audited.sample, "main button[form=papers]"),
    ):
        page.goto(address)
        if page.locator("main form [value=exception]").count():
            page.locator("main form [value=exception]").first.check()  # which asks for a note
        found += refused(page, button)
    assert found == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_an_administrator_is_refused_says_so_by_the_rules(
    page: Page, audited: Audited, language: str
) -> None:
    sit_down(page, ADMINISTRATOR, language)
    found = []
    pages = audited.pages[ADMINISTRATOR]
    for address in ("/admin/assignments/new", pages[3], pages[-1]):
        page.goto(address)
        found += refused(page, "main form .btn-primary")
    assert found == []


def refused(page: Page, button: str) -> list[str]:
    """Send a form that lacks something, and look at the page that says so."""
    with page.expect_navigation():
        page.locator(button).last.click()
    assert page.locator("[aria-invalid=true]").count() > 0, page.url
    return look(page)
