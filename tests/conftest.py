"""What tests are given: databases, the engine, a server, a browser.

Everything real: each test has a database of its own, SQLite in a file and PostgreSQL in a cluster
that lives as long as the session.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine.clock import SetClock
from engine.core import Engine
from engine.opening import Places, open_engine
from engine.storage.migrating import migrate
from engine.storage.transaction import Store, open_store
from tests import chromium
from tests.live import Server
from tests.postgres import Cluster, running_cluster

# The machines are noisy: a slow example says nothing. Databases are made per test, not per example.
settings.register_profile(
    "alur", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("alur")

_LONGEST_ID = 500  # characters: pytest puts it into the environment, and with a long one no process starts


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test whose id is too long: the first to need PostgreSQL would have it for nobody."""
    for item in items:
        if len(item.nodeid) > _LONGEST_ID:
            message = (
                f"{item.nodeid[:200]}… has an id of {len(item.nodeid):,} characters: give it ids of its own"
            )
            raise pytest.UsageError(message)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL while the session lasts."""
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    store = open_store(f"sqlite:///{path}")
    migrate(store)
    store.close()
    return path


@pytest.fixture
def sqlite_database(empty_sqlite: Path, tmp_path: Path) -> str:
    """Give the address of a migrated SQLite file of the test's own."""
    path = tmp_path / "alur.db"
    shutil.copyfile(empty_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_database(cluster: Cluster) -> Iterator[str]:
    """Give the address of a migrated PostgreSQL database of the test's own."""
    with cluster.database() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Give the address of an empty, migrated database: the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_database"))


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Open the store of the test's database."""
    opened = open_store(database)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> SetClock:
    """Stand on Monday, 23 November 2026, 09.00 WIB, until the test moves it."""
    return SetClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def engine_(database: str, clock: SetClock, tmp_path: Path) -> Iterator[Engine]:
    """Open an engine on an empty database, at the test's clock."""
    places = Places(
        database=database,
        blobs=str(tmp_path / "blobs"),
        archives=tmp_path / "archive",
        sandbox_workers=1,
    )
    opened = open_engine(places, clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo data once, as a first start does; to be copied."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    with Server(folder):
        pass
    return folder


@pytest.fixture
def server(demo_folder: Path, tmp_path: Path) -> Iterator[Server]:
    """Serve a copy of the demo data, on SQLite."""
    folder = tmp_path / "var"
    shutil.copytree(demo_folder, folder)
    with Server(folder) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open one Chromium for the session."""
    expect.set_options(timeout=60_000)  # ms; a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """Open a window of its own on the server; whatever its scripts complain of fails the test."""
    context = browser.new_context(base_url=server.address, locale="id-ID", timezone_id="Asia/Jakarta")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []
