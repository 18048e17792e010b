"""Of very many cases the parts of a period are offered before anything is worked out."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from engine.queries import figures_size
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_size import parts_of
from tests.webapp.visitors import Site

PAGES = ("", "/ways", "/rework", "/evaluation", "/deviations/late")
PERIOD = "sop=izin&since=2025-03-05&until=2026-12-31"


@pytest.mark.parametrize("page", PAGES)
def test_a_long_period_offers_its_years_and_all_of_it(
    site: Site, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = site.visitor("agus")
    whole = auditor.get(f"/audit/figures{page}?{PERIOD}").text
    assert "ini perlu waktu" not in whole
    monkeypatch.setattr(figures_size, "MANY", 0)
    answer = auditor.get(f"/audit/figures{page}?{PERIOD}")
    assert answer.status_code == 200
    assert "1 berkas: ini perlu waktu" in answer.text
    links = [html.unescape(one) for one in re.findall(r'href="(/audit/figures[^"]+since[^"]+)"', answer.text)]
    assert [one for one in links if "since=2026-01-01" in one]
    asked = next(one for one in links if "whole=1" in one)
    assert f"/audit/figures{page}?" in asked
    assert "ini perlu waktu" not in auditor.get(asked).text


def test_no_case_is_few(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures_size, "MANY", 0)
    page = site.visitor("agus").get("/audit/figures?sop=izin&since=2020-01-01&until=2020-12-31").text
    assert "ini perlu waktu" not in page


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("since", "until", "parts"),
    [
        (
            date(2025, 3, 5),
            date(2026, 12, 31),
            [(date(2025, 3, 5), date(2025, 12, 31)), (date(2026, 1, 1), TODAY)],
        ),
        (
            date(2026, 10, 15),
            date(2026, 11, 3),
            [(date(2026, 10, 15), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 3))],
        ),
        (date(2025, 12, 1), date(2025, 12, 31), [(date(2025, 12, 1), date(2025, 12, 31))]),
    ],
)
def test_the_parts_cover_the_period(since: date, until: date, parts: list[tuple[date, date]]) -> None:
    assert list(parts_of(FiguresAsked(sop="izin", since=since, until=until), TODAY)) == parts


def test_however_long_a_period_is_its_parts_are_few() -> None:
    asked = FiguresAsked(sop="izin", since=date.min, until=date.max)
    assert len(list(parts_of(asked, TODAY))) == 15


@pytest.mark.parametrize("more", ["_external=1&_scheme=javascript", "_method=FOO", "_anchor=x", "page=7"])
def test_nothing_but_what_was_asked_for_goes_into_the_addresses_of_the_parts(
    site: Site, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_size, "MANY", 0)
    answer = site.visitor("agus").get(f"/audit/figures?{PERIOD}&{more}")
    assert answer.status_code == 200
    leads = re.findall(r'href="([^"]*since[^"]*)"', answer.text)
    assert leads
    assert all(one.startswith("/audit/figures?sop=izin&amp;since=") for one in leads)
    assert not [one for one in leads if more.partition("&")[0] in one]


@pytest.mark.parametrize("page", ["", "/ways", "/evaluation"])
def test_whoever_asked_for_all_of_it_is_not_asked_again(
    site: Site, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_size, "MANY", 0)
    auditor = site.visitor("agus")
    shown = auditor.get(f"/audit/figures{page}?{PERIOD}&whole=1").text
    leads = [html.unescape(one) for one in re.findall(r'href="(/audit/figures[^"]*since[^"]*)"', shown)]
    assert leads
    for address in leads:
        assert b"ini perlu waktu" not in auditor.get(address).data
