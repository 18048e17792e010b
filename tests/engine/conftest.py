"""What tests of the engine are given: an office with its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.core import Engine
from engine.opening import Places
from tests.offices import Office, furnish
from tests.racing import Racers


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Start processes that act at the same instant."""
    with Racers() as ready:
        yield ready


@pytest.fixture
def places(database: str, tmp_path: Path) -> Places:
    """Say where the engines of racers find the office."""
    return Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)


@pytest.fixture
def office(engine_: Engine, clock: SetClock) -> Office:
    """Furnish an office with the sample process *izin*."""
    return furnish(engine_, clock)
