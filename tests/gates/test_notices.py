"""Whose work the pages carry is said."""

from __future__ import annotations

import re

from tests.gates.test_house import ROOT


def test_every_package_of_the_pages_is_named_in_the_notice() -> None:
    notice = (ROOT / "docs/NOTICE").read_text("utf-8").lower()
    named = {word.strip(".").lstrip("@").replace("/", "-") for word in re.split(r"[\s,;()]+", notice)}
    carried = {path.stem for path in (ROOT / "webapp/static/licences").glob("*.txt")}
    assert carried
    assert not carried - named, "name them in docs/NOTICE, with their licence"
