"""A page's table is answered as a workbook to be saved, and who took it is on record."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from engine.core import Sealing
from engine.queries.replay_cases import PAGE
from engine.record.checkpoints import keep_due
from engine.record.sealing import seal
from tests import figured
from tests.webapp.visitors import Site
from tests.webapp.world import make_world
from webapp.audit import cases
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
    "/audit/inquiries",
    "/audit/cases?sop=izin",
    "/audit/samples",
    "/audit/record",
]
# Pages of auditors that have a list or table and no workbook: why.
NONE_NEEDED = {
    "/audit/compare": "two cases, event by event: an event log has them",
    "/audit/exports": "event logs",
}


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


def test_every_list_of_auditors_leads_to_its_workbook(site: Site, tmp_path: Path) -> None:
    sealing = replace(site.engine, sealing=Sealing(key=tmp_path / "seal.key", folder=tmp_path / "out"))
    world = make_world(site)
    seal(sealing)
    keep_due(sealing)
    without = set()
    for rule in site.app.url_map.iter_rules():
        if not rule.rule.startswith("/audit/") or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        page = world.visitor("auditor").get(f"{rule.rule}?sop=izin").text
        if ('<table class="sheet' in page or '<ul class="rows' in page) and "format=xlsx" not in page:
            without.add(rule.rule)
    assert without <= NONE_NEEDED.keys()


def test_letters_of_assignment_are_taken_by_whoever_records_them(site: Site) -> None:
    answer = site.visitor("dewi").get("/admin/assignments?format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert len(rows) > 1
    assert rows[1][0]
    assert [one["page"] for one in taken(site)] == ["/admin/assignments"]


def test_the_workbook_of_cases_has_those_of_every_page(site: Site) -> None:
    for _ in range(PAGE + 2):
        site.office.start(knowingly=True)
    answer = site.visitor("agus").get("/audit/cases?status=running&format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert len(rows) - 1 == PAGE + 3
    assert len({row[0] for row in rows}) == len(rows)


def test_the_workbook_of_cases_says_when_it_has_not_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.office.start(knowingly=True)
    site.office.start(knowingly=True)
    monkeypatch.setattr(cases, "_MOST_ROWS", 2)
    answer = site.visitor("agus").get("/audit/cases?status=running&format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert len(rows) == 1 + 2 + 1
    assert rows[-1][0] == "Masih ada berkas lain yang cocok: ini 2 yang pertama. Persempit pencariannya."


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
