"""What journeys are given: one server for all the tests of a file, with the demo data, and windows on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.journeys.audited import Played, play
from tests.journeys.desk import Desk, begin_draft
from tests.journeys.window import Window
from tests.live import Server


@pytest.fixture(scope="module")
def data_folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the demo data."""
    return Path(shutil.copytree(demo_folder, tmp_path_factory.mktemp("served") / "var"))


@pytest.fixture(scope="module")
def served(data_folder: Path) -> Iterator[Server]:
    """Serve a copy of the demo data; each test begins cases of a year of its own."""
    with Server(data_folder) as running:
        yield running


@pytest.fixture(scope="module")
def played(data_folder: Path) -> Played:
    """Play a case in which much happened; whoever serves the data asks for it first."""
    return play(data_folder)


@pytest.fixture
def windows(browser: Browser, served: Server) -> Iterator[Callable[..., Window]]:
    """Open windows; what their scripts or the CSP complain of fails the test.

    But not that the form editor may not add style sheets of its own: nothing of it looks otherwise.
    """
    contexts, complaints = [], []

    def hear(said: ConsoleMessage, page: Page) -> None:
        if "Content Security" in said.text and not ("inline style" in said.text and "/forms/" in page.url):
            complaints.append(said.text)

    def opened(width: int = 1344, height: int = 900) -> Window:
        context = browser.new_context(
            base_url=served.address,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            viewport={"width": width, "height": height},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: hear(said, page))
        return Window(page)

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def desk(windows: Callable[..., Window]) -> Desk:
    """Begin a draft that no other test knows of, and open it in the editor as its owner."""
    return begin_draft(windows())


@pytest.fixture
def phone(windows: Callable[..., Window]) -> Desk:
    """Begin a draft that no other test knows of, and open it on a phone as its owner."""
    return begin_draft(windows(390, 844))
