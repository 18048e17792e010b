"""Every SOP of the library, one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes.drawing import Drawing

ROOT = Path(__file__).parents[2]
LIBRARY = sorted(path.parent for path in (ROOT / "processes").glob("*/process.bpmn"))


@pytest.fixture(params=LIBRARY, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """Give the folder of a process."""
    return request.param


@pytest.fixture
def drawing(folder: Path) -> Drawing:
    """Give its diagram."""
    return Drawing(folder / "process.bpmn")


@pytest.fixture
def forms(folder: Path) -> Path:
    """Give the folder of its forms."""
    return ROOT / "forms" / folder.name
