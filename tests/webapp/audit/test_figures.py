"""The page of figures: what it says of cases whose figures are known, in both languages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from tests import figured
from tests.offices import SAMPLES
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
    assert "1 Mengajukan izin 3 2 jam 1 jam kerja 2 jam 30 menit kerja 0 menit 0 menit 67 % 1" in words
    assert "Sampai setengah waktu baku" in words


@pytest.mark.parametrize(
    "query",
    [
        "",
        "since=x&until=2026-02-31",
        "unit=zz&version=abc",
        "role=tidak-ada",
        "since=9999-12-31",
        "since=0001-01-01",
    ],
)
def test_whatever_the_address_asks_the_page_answers(site: Site, query: str) -> None:
    assert site.visitor("agus").get(f"/audit/figures?{query}").status_code == 200


def test_days_in_the_wrong_order_are_turned(site: Site) -> None:
    page = site.visitor("agus").get("/audit/figures?sop=izin&since=2026-11-29&until=2026-11-23").text
    assert 'name="since" value="2026-11-23"' in page


def test_an_unknown_sop_is_not_found(site: Site) -> None:
    assert site.visitor("agus").get("/audit/figures?sop=tidak-ada").status_code == 404


def test_what_deviated_is_counted_and_leads_to_the_cases(site: Site) -> None:
    worked = figured.work(site.office)
    page = site.visitor("agus").get(WEEK).text
    assert "/audit/figures/deviations/late?sop=izin&amp;since=2026-11-23" in page
    late = site.visitor("agus").get("/audit/figures/deviations/late?sop=izin&since=2026-11-23").text
    assert re.search(rf'href="/audit/cases/{worked.first.hex}\?step=\d+"', late)
    assert "Mengajukan izin, putaran 2" in said(late)
    assert site.visitor("agus").get("/audit/figures/deviations/sesuatu").status_code == 404


def test_reasons_are_quoted_as_text(site: Site) -> None:
    figured.work(site.office, notes="<b>Rincian</b> belum ada")
    assert "&lt;b&gt;Rincian&lt;/b&gt; belum ada" in site.visitor("agus").get(WEEK).text
    assert "Dikembalikan 1 kali" in said(site.visitor("agus").get("/audit/figures/rework?sop=izin").text)


def sheet(answer: TestResponse) -> list[tuple[Any, ...]]:
    """Read the first sheet of a workbook."""
    book = load_workbook(io.BytesIO(answer.data), read_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_tables_are_taken_away_as_a_workbook(site: Site) -> None:
    figured.work(site.office)
    visitor = site.visitor("agus")
    steps = sheet(visitor.get(f"{WEEK}&format=xlsx"))
    assert steps[0][3] == "Waktu kerja, median (menit kerja)"
    assert steps[1][:5] == ("1 Mengajukan izin", 3, "2 jam", 60, 150)
    late = sheet(visitor.get("/audit/figures/deviations/late?sop=izin&since=2026-11-23&format=xlsx"))
    assert late[1][1:3] == ("Mengajukan izin, putaran 2", "Staf Subbag (Joko)")
    assert late[1][3].isoformat() == "2026-11-23T14:00:00"
    reasons = sheet(visitor.get("/audit/figures/rework?sop=izin&format=xlsx"))
    assert reasons[1][5] == figured.NOTES


def test_the_office_on_a_day(site: Site) -> None:
    worked = figured.work(site.office)
    visitor = site.visitor("agus")
    page = visitor.get("/audit/day?date=2026-11-23&time=13:45").text
    assert "Senin, 23 November 2026, pukul 13.45 WIB" in page
    assert f"/audit/cases/{worked.first.hex}?step=" in page
    assert "Mengajukan izin, putaran 2 Staf, belum ada yang mengerjakan" in said(page)
    assert "15 menit" in said(page)
    rows = sheet(visitor.get("/audit/day?date=2026-11-23&time=13:45&late=1&format=xlsx"))
    assert sorted(row[5] for row in rows[1:]) == [15, 135]  # the other one is the case of the site


@pytest.mark.parametrize(
    "query", ["date=x&time=25:99", "date=0001-01-01", "date=9999-12-31&time=00:00", "page=-3"]
)
def test_whatever_moment_is_asked_the_page_answers(site: Site, query: str) -> None:
    assert site.visitor("agus").get(f"/audit/day?{query}").status_code == 200


def test_ways_are_drawn_and_told(site: Site) -> None:
    worked = figured.work(site.office)
    visitor = site.visitor("agus")
    page = visitor.get("/audit/figures/ways?sop=izin").text
    assert "1 → 2 → 1 → 2 → 3" in page
    assert f"/audit/cases/{worked.first.hex}" in page
    assert page.count('class="again"') == 2
    rows = sheet(visitor.get("/audit/figures/ways?sop=izin&format=xlsx"))
    assert rows[1][:4] == ("1 → 2 → 1 → 2 → 3", 1, 100, 350)


def test_the_step_that_took_too_long_is_drawn_hot_on_the_diagram(site: Site) -> None:
    office = site.office
    drawn = {"mengajukan": 100, "memeriksa": 300, "mengarsipkan": 500}
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{one}_di" bpmnElement="{one}">'
        f'<dc:Bounds x="{x}" y="100" width="140" height="80" /></bpmndi:BPMNShape>'
        for one, x in drawn.items()
    )
    diagram = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d">'
        f'<bpmndi:BPMNPlane id="p" bpmnElement="izin">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    package = read_package(SAMPLES / "izin")
    end = b"</bpmn:definitions>"
    bpmn = package.bpmn.replace(end, diagram.encode() + end).replace(b'"PT30M"', b'"PT10M"')
    deploy(site.engine, operator(office.id), replace(package, bpmn=bpmn))
    figured.work(office)
    page = site.visitor("agus").get(WEEK).text
    nodes = re.findall(r'<g class="node ([\w-]+)"><rect x="(\d+)"', page)
    assert "Mengarsipkan izin" in said(page.split("Titik lambat</h2>")[1].split("<div")[0])
    assert nodes == [("heat-1", "100"), ("heat-1", "300"), ("heat-3", "500")]
    assert re.findall(r'<rect x="5[\d.]+" y="184"[^>]*class="plate">.*?>([^<>]+)</text>', page) == [
        "20 menit"
    ]
