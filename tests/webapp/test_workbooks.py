"""A page's table is answered as a workbook to be saved, and who took it is on record."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from tests import figured
from tests.webapp.visitors import Site
from webapp.workbooks import XLSX, is_wanted

STEPS = "/audit/figures?sop=izin&since=2026-11-23&until=2026-11-29"
PAGES = [
    STEPS,
    "/audit/figures/deviations/late?sop=izin",
    "/audit/figures/rework?sop=izin",
    "/audit/figures/ways?sop=izin",
    "/audit/day?date=2026-11-23&time=13:45",
    "/audit/completeness",
    "/audit/findings",
]


def taken(site: Site) -> list[dict[str, Any]]:
    """Give what is on record as taken away."""
    events = site.office.events(site.office.id)
    return [json.loads(event.payload or "{}") for event in events if event.kind == "record.exported"]


def test_it_is_a_file_to_be_saved_under_its_name(site: Site) -> None:
    figured.work(site.office)
    answer = site.visitor("agus").get(f"{STEPS}&format=xlsx")
    assert answer.headers["Content-Type"] == XLSX
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert ".xlsx" in answer.headers["Content-Disposition"]
    found = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert found["A1"].value


@pytest.mark.parametrize("page", PAGES)
def test_whoever_takes_a_table_away_leaves_it_on_record(site: Site, page: str) -> None:
    figured.work(site.office)
    visitor = site.visitor("agus")
    visitor.get(page)
    assert taken(site) == []
    path, _, query = page.partition("?")
    assert visitor.get(f"{path}?{query}&format=xlsx").headers["Content-Type"] == XLSX
    asked = dict(one.split("=") for one in query.split("&") if one)
    assert (
        [one | {"format": "xlsx", "page": path, "asked": asked} for one in taken(site)] == taken(site) != []
    )


def test_a_table_that_is_not_for_somebody_is_not_taken(site: Site) -> None:
    assert site.visitor("joko").get(f"{STEPS}&format=xlsx").status_code in {403, 404}
    assert taken(site) == []


def test_what_cannot_be_put_on_record_is_not_taken(site: Site) -> None:
    figured.work(site.office)
    visitor = site.visitor("agus")
    with site.engine.store.transaction() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.kind = 'record.exported' "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        )
    assert visitor.get(f"{STEPS}&format=xlsx").status_code >= 500


@pytest.mark.parametrize(("query", "wanted"), [("", False), ("?format=xlsx", True), ("?format=html", False)])
def test_a_page_is_asked_for_it_by_its_address(query: str, wanted: bool) -> None:
    with Flask("x").test_request_context(f"/angka{query}"):
        assert is_wanted() is wanted
