"""A sandbox for all tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.expressions.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(workers=1)
    yield pool
    pool.close()
