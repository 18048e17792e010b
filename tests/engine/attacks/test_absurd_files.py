"""Every absurd file is refused by name, runs, or ends with a sentence: soon, and in little memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.engine.attacks.files import FILES

SECONDS = 2.0  # of CPU, for reading and checking a file, and for tracing it (which stops itself after one)
# For the first action of a case: 10,000 steps at most, and 10 seconds of the clock.
SECONDS_STARTED = 8.0
MEGABYTES = 256


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    """Run them all, each in a process of its own."""
    command = [sys.executable, "-m", "tests.engine.attacks.judge"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=550, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["name"]: line for line in lines}


@pytest.mark.parametrize("name", FILES)
def test_it_ends_soon_and_small(judged: dict[str, dict[str, Any]], name: str) -> None:
    assert name in judged, "its process was ended by the limits of the kernel"
    found = judged[name]
    assert re.search(FILES[name][1], found["came"]), found
    assert found["deployed"] < SECONDS, found
    assert found["started"] < SECONDS_STARTED, found
    assert found["traced"] < SECONDS, found
    assert found["agrees"], "what is refused at the deployment is not traced either"
    assert found["peak"] < MEGABYTES, found
