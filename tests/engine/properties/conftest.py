"""A sandbox for all tests of a run, and what failed once before everything else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.expressions.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(workers=1)
    yield pool
    pool.close()


@pytest.hookimpl(trylast=True)  # after the order was made random
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "test_what_was_found_once" not in item.name)
