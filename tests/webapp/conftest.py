"""What tests of the pages are given: a site of one office, on SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.opening import Places, open_engine
from tests.offices import MONDAY, furnish
from tests.webapp.visitors import Site, find_office, open_site


@pytest.fixture(scope="session")
def furnished(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Furnish two offices once, with a case in the first; to be copied."""
    path = tmp_path_factory.mktemp("furnished") / "alur.db"
    shutil.copyfile(empty_sqlite, path)
    clock = SetClock(MONDAY)
    engine = open_engine(Places(database=f"sqlite:///{path}", blobs=str(path.parent / "blobs")), clock)
    furnish(engine, clock).start()
    furnish(engine, clock, "lain")
    engine.close()
    return path


@pytest.fixture
def site(furnished: Path, tmp_path: Path) -> Iterator[Site]:
    """Open the site of an office with its people; pages do not care which database is behind them."""
    path, clock = tmp_path / "alur.db", SetClock(MONDAY)
    shutil.copyfile(furnished, path)
    places = Places(
        database=f"sqlite:///{path}",
        blobs=str(tmp_path / "blobs"),
        archives=tmp_path / "archive",
        sandbox_workers=1,
    )
    engine = open_engine(places, clock)
    yield open_site(find_office(engine, clock, "kantor"), tmp_path)
    engine.close()
