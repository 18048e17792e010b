"""What tests of the queries are given: the office with the sample process and its drawing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.core import Engine
from tests.offices import SAMPLES, Office, furnish
from tests.replaying import drawing


@pytest.fixture
def drawn(engine_: Engine, clock: SetClock, tmp_path: Path) -> Office:
    """Furnish an office whose SOP *izin* has a drawing, so that the way of a case can be followed."""
    folder = tmp_path / "processes" / "izin"
    shutil.copytree(SAMPLES / "izin", folder)
    shutil.copytree(SAMPLES.parent / "forms" / "izin", tmp_path / "forms" / "izin")
    diagram = folder / "process.bpmn"
    text = diagram.read_text("utf-8")
    diagram.write_text(text.replace("</bpmn:definitions>", f"{drawing(text)}</bpmn:definitions>"), "utf-8")
    return furnish(engine_, clock, "kantor", folder)
