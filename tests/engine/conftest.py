"""What tests of the engine are given: an office with its people."""

from __future__ import annotations

import pytest

from engine.clock import SetClock
from engine.core import Engine
from tests.offices import Office, furnish


@pytest.fixture
def office(engine_: Engine, clock: SetClock) -> Office:
    """Furnish an office with the sample process *izin*."""
    return furnish(engine_, clock)
