"""The page of the office on a day."""

from __future__ import annotations

import html
import re

from tests.webapp.visitors import Site


def shown(site: Site, query: str) -> str:
    page = site.visitor("agus").get(f"/audit/day?{query}").text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def test_it_says_where_it_shows_another_moment_than_was_asked_for(site: Site) -> None:
    assert "belum tiba. Yang tampak keadaan kantor sekarang." in shown(site, "date=2031-01-01&time=08:00")
    assert "Itu bukan tanggal. Yang tampak keadaan kantor sekarang." in shown(site, "date=kemarin")
    assert "Yang tampak keadaan kantor sekarang" not in shown(site, "date=2026-11-20&time=08:00")
    assert "Yang tampak keadaan kantor sekarang" not in shown(site, "")
