"""The page of what is missing, and the same as a workbook."""

from __future__ import annotations

import html
import io
import re

from openpyxl import load_workbook
from sqlalchemy import delete, text, update

from engine.storage.tables import event, register
from tests.webapp.visitors import Site


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_whole_year_says_so(site: Site) -> None:
    page = said(site.visitor("agus").get("/audit/completeness").text)
    assert "Tidak ada nomor atau kejadian yang hilang" in page
    assert (
        "Setiap nomor yang diberikan ada berkasnya, dan setiap urutan pada 1 berkas tidak terputus." in page
    )


def test_what_is_missing_is_named_with_where_it_belongs(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        connection.execute(update(register).values(last=2))
        connection.execute(text("DROP TRIGGER event_kept"))
        connection.execute(delete(event).where(event.c.scope == 0, event.c.seq == 2))
    page = said(site.visitor("agus").get("/audit/completeness").text)
    assert "Ada yang hilang" in page
    assert "Izin Kegiatan 2 1 1 002/IZ/2026" in page
    assert "Berkas 001/IZ/2026 Kejadian terakhir seharusnya bernomor 2, tetapi yang ada 1." in page


def test_the_workbook_has_a_sheet_for_each_table(site: Site) -> None:
    answer = site.visitor("agus").get("/audit/completeness?format=xlsx")
    assert "kelengkapan-2026.xlsx" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Nomor berkas", "Tahun", "Unit", "Celah"]
    assert [cell.value for cell in book["Nomor berkas"][2]] == ["Izin Kegiatan", 1, 1, ""]


def test_another_year_is_chosen_and_nonsense_shows_this_one(site: Site) -> None:
    for asked in ("", "?year=", "?year=x", "?year=-1", "?year=99999999999999999999"):
        assert (
            "<h1>Kelengkapan catatan 2026</h1>"
            in site.visitor("agus").get(f"/audit/completeness{asked}").text
        )
