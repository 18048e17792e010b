"""The ground the other tests stand on."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from engine.core import Engine
from engine.storage.migrating import is_current
from engine.storage.tables import office
from engine.storage.transaction import Store
from tests.axe import violations
from tests.live import Server


def test_a_store_is_migrated_and_empty(store: Store, database: str) -> None:
    assert is_current(store)
    assert database.startswith(store.dialect)
    with store.reading() as connection:
        assert connection.execute(select(office.c.id)).all() == []


def test_an_engine_stands_at_the_tests_clock(engine_: Engine) -> None:
    assert engine_.clock.now().isoformat() == "2026-11-23T02:00:00+00:00"


@pytest.fixture
def blank(browser: Browser) -> Iterator[str]:
    page = browser.new_page()
    page.set_content("<h1>Tugas saya</h1>")
    yield page.get_by_role("heading").inner_text()
    page.close()


def test_the_browser_reads_a_page(blank: str) -> None:
    assert blank == "Tugas saya"


@pytest.mark.parametrize(("picture", "rules"), [('<img src="data:,">', ["image-alt"]), ("", [])])
def test_axe_finds_what_screen_readers_miss(browser: Browser, picture: str, rules: list[str]) -> None:
    page = browser.new_page()
    page.set_content(
        f"<!DOCTYPE html><html lang=id><title>Uji</title><main><h1>Tugas saya</h1>{picture}</main></html>"
    )
    assert [found.partition(":")[0] for found in violations(page)] == rules
    page.close()


def test_a_server_shows_its_sign_in_page(page: Page) -> None:
    page.goto("/")
    assert page.title().endswith("Alur")
    assert page.get_by_role("heading", level=1).count() == 1


def test_a_server_that_was_killed_starts_again(server: Server) -> None:
    server.kill()
    with pytest.raises(URLError):
        urlopen(server.address)
    server.start()
    with urlopen(server.address) as answer:
        assert answer.status == 200
