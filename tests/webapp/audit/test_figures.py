"""The page of figures: what it says of cases whose figures are known, in both languages."""

from __future__ import annotations

import re

import pytest

from tests import figured
from tests.webapp.visitors import Site

WEEK = "/audit/figures?sop=izin&since=2026-11-23&until=2026-11-29"


def said(page: str) -> str:
    """Give the words of a page as they are read."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_says_how_long_each_step_took(site: Site) -> None:
    figured.work(site.office)
    words = said(site.visitor("agus").get(WEEK).text)
    assert "Angka Izin Kegiatan" in words
    assert "Senin, 23 November 2026 sampai Minggu, 29 November 2026" in words
    assert "Berkas selesai 1" in words
    assert "Dari mulai sampai selesai, median 5 jam 50 menit kerja" in words
    assert "1 Mengajukan izin 3 2 jam 1 jam kerja 2 jam 30 menit kerja 0 menit 0 menit 66 % 1" in words
    assert "Sampai setengah waktu baku" in words


@pytest.mark.parametrize(
    "query", ["", "since=x&until=2026-02-31", "unit=zz&version=abc", "role=tidak-ada", "since=9999-12-31"]
)
def test_whatever_the_address_asks_the_page_answers(site: Site, query: str) -> None:
    assert site.visitor("agus").get(f"/audit/figures?{query}").status_code == 200


def test_days_in_the_wrong_order_are_turned(site: Site) -> None:
    page = site.visitor("agus").get("/audit/figures?sop=izin&since=2026-11-29&until=2026-11-23").text
    assert 'name="since" value="2026-11-23"' in page


def test_an_unknown_sop_is_not_found(site: Site) -> None:
    assert site.visitor("agus").get("/audit/figures?sop=tidak-ada").status_code == 404
