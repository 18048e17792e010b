"""Every setting stands in the manual of the operator."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.settings import Settings

MANUAL = Path(__file__).parents[2] / "docs" / "operating.md"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_documented(name: str) -> None:
    assert f"`ALUR_{name.upper()}`" in MANUAL.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_says_what_it_is_for(name: str) -> None:
    assert Settings.model_fields[name].description
