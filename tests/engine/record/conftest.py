"""An office whose record is sealed, with the key and the folder of checkpoints apart from its data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.core import Sealing
from tests.offices import Office


@pytest.fixture
def sealing(tmp_path: Path) -> Sealing:
    """Say by which key the record is sealed."""
    return Sealing(key=tmp_path / "keys" / "seal.key", folder=tmp_path / "checkpoints")


@pytest.fixture
def sealed_office(office: Office, sealing: Sealing) -> Office:
    """Give the office an engine that seals."""
    office.engine = replace(office.engine, sealing=sealing)
    return office
