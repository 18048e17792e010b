"""Every SOP of the library and of the samples can be rehearsed to its end, whatever is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from tests.offices import LIBRARY, SAMPLES, Office
from tests.rehearsing import Rehearsing

FOLDERS = sorted(path.parent for root in (SAMPLES, LIBRARY) for path in root.glob("*/process.bpmn"))
MOST_STEPS = 120


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_sop_is_rehearsed_to_its_end(office: Office, folder: Path) -> None:
    deploy(office.engine, operator(office.id), read_package(folder))
    one = Rehearsing.of(office, folder.name)
    for number in range(MOST_STEPS):
        if one.now.finished:
            break
        one.go_on(number // 5)
    assert one.now.finished, one.open
