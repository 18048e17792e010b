"""What journeys are given: one server for all the tests of a file, with the demo data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import Server


@pytest.fixture(scope="module")
def served(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a copy of the demo data; each test begins cases of a year of its own."""
    folder = tmp_path_factory.mktemp("served") / "var"
    shutil.copytree(demo_folder, folder)
    with Server(folder) as running:
        yield running
