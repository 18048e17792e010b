"""Pages of many cases while an archive file is missing: what is left out is told, all else is there."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook

from engine.core import Sealing
from engine.record.archiving import Asked, archive
from engine.record.sealing import seal
from tests.engine.record.archives import unseen
from tests.engine.record.cases import finished
from tests.webapp.audit.test_record import said
from tests.webapp.visitors import Site

PERIOD = "sop=izin&since=2026-11-01&until=2026-12-31"
TOLD = "1 berkas tidak terbaca. File arsip archive-1.alur tidak ada"
OF_MANY = [
    f"/audit/figures?{PERIOD}",
    f"/audit/figures/evaluation?{PERIOD}",
    f"/audit/figures/rework?{PERIOD}",
    "/audit/cases?value=Pelatihan",
    "/audit/day?date=2026-11-23&time=08:31",
]


@pytest.fixture
def case(site: Site, tmp_path: Path) -> UUID:
    """Give a case that was returned twice, whose archive file is missing; another ended later."""
    engine = replace(site.engine, sealing=Sealing(key=tmp_path / "seal.key", folder=tmp_path / "checkpoints"))
    lost = finished(site.office, refusals=2)
    seal(engine)
    assert archive(engine, site.office.people["dewi"], Asked(before=date(2026, 12, 1)), unseen).made
    assert engine.store.archives.folder
    (engine.store.archives.folder / "archive-1.alur").unlink()
    finished(site.office, refusals=1)
    return lost


@pytest.mark.parametrize("address", OF_MANY)
def test_the_rest_is_answered_and_the_page_and_its_workbook_say_what_is_not(
    site: Site, case: UUID, address: str
) -> None:
    visitor = site.visitor("agus")
    page = visitor.get(address)
    assert page.status_code == 200, case
    assert TOLD in said(page.text)
    answer = visitor.get(f"{address}&format=xlsx")
    book = load_workbook(io.BytesIO(answer.data), read_only=True)
    cells = [str(cell) for one in book.worksheets for row in one.iter_rows(values_only=True) for cell in row]
    assert any(cell.startswith(TOLD) for cell in cells)


def test_what_can_be_read_is_among_it(site: Site, case: UUID) -> None:
    visitor = site.visitor("agus")
    assert "Dikembalikan 1 kali" in said(visitor.get(OF_MANY[2]).text)
    found = visitor.get(OF_MANY[3]).text
    assert f"/audit/cases/{case.hex}" not in found
    assert found.count('class="title" href="/audit/cases/') == 1
    assert "tidak terbaca" in said(visitor.get(OF_MANY[4]).text)


def test_what_needs_no_text_of_the_file_does_not_ask_for_it(site: Site, case: UUID) -> None:
    visitor = site.visitor("agus")
    for address in (
        f"/audit/figures/deviations/late?{PERIOD}",
        f"/audit/figures/ways?{PERIOD}",
        "/audit/cases?q=izin",
        "/audit/completeness",
        "/audit/record",
    ):
        page = visitor.get(address)
        assert page.status_code == 200
        assert "berkas tidak terbaca" not in said(page.text)
    answer = visitor.get(f"/audit/cases/{case.hex}")
    assert answer.status_code == 503
    assert "File arsip archive-1.alur tidak ada" in said(answer.text)


def test_texts_that_were_changed_are_told_once_for_their_file(site: Site, tmp_path: Path) -> None:
    engine = replace(site.engine, sealing=Sealing(key=tmp_path / "seal.key", folder=tmp_path / "checkpoints"))
    for _ in range(2):
        finished(site.office, refusals=2)
    seal(engine)
    assert archive(engine, site.office.people["dewi"], Asked(before=date(2026, 12, 1)), unseen).made
    assert engine.store.archives.folder
    with closing(sqlite3.connect(engine.store.archives.folder / "archive-1.alur")) as connection:
        connection.execute("UPDATE event SET payload = '{}' WHERE payload IS NOT NULL")
        connection.commit()
    page = said(site.visitor("agus").get(OF_MANY[3]).text)
    assert page.count("2 berkas tidak terbaca. Teks dalam file arsip archive-1.alur bukan yang dicatat") == 1
    assert page.count("berkas tidak terbaca") == 1
