"""An office with a key to sign by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.core import Sealing
from tests.webapp.visitors import Site


@pytest.fixture
def sealing_site(site: Site, tmp_path: Path) -> Site:
    """Give the site a key."""
    engine = replace(site.engine, sealing=Sealing(key=tmp_path / "keys" / "seal.key"))
    site.office.engine = site.app.extensions["alur.engine"] = engine
    return site
