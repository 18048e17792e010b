"""What tests of the pages are given: a site of one office, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.opening import Places, open_engine
from tests.offices import furnish
from tests.webapp.visitors import Site, open_site


@pytest.fixture
def site(sqlite_database: str, clock: SetClock, tmp_path: Path) -> Iterator[Site]:
    """Open the site of an office with its people; pages do not care which database is behind them."""
    engine = open_engine(
        Places(database=sqlite_database, blobs=str(tmp_path / "blobs"), sandbox_workers=1), clock
    )
    yield open_site(furnish(engine, clock), tmp_path)
    engine.close()
