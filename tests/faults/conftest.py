"""What fault runs are given: an office under load, and where to report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.faults.opening import load_of
from tests.faults.report import Report
from tests.postgres import Cluster, running_cluster


@pytest.fixture
def load(database: str, tmp_path: Path) -> Iterator[Load]:
    """Furnish an office; nothing runs yet."""
    with load_of(database, tmp_path) as made:
        yield made


@pytest.fixture
def durable() -> Iterator[Cluster]:
    """Run a PostgreSQL of the test's own, that may be stopped: what it acknowledged is written."""
    with running_cluster(synchronous_commit="on", full_page_writes="on") as cluster:
        yield cluster


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Take down what a run found out; ``make faults`` prints it."""
    made = Report(request.node.name)
    yield made
    made.write()
