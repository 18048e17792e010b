"""A sample on its pages: drawn, noted, concluded, and taken away as one file."""

from __future__ import annotations

import html
import io
import re

from openpyxl import load_workbook

from tests.webapp.visitors import Site


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_sample_is_drawn_noted_concluded_and_taken_away(site: Site) -> None:
    auditor = site.visitor("agus")
    letter = site.office.people["agus"].coverage[0].assignment.hex
    assert "Belum ada sampel" in said(auditor.get("/audit/samples").text)
    wrong = auditor.post("/audit/samples", assignment=letter, title="", size="x")
    assert wrong.status_code == 422
    assert "Tarik antara 1 dan 500 berkas." in said(wrong.text)
    drawn = auditor.post("/audit/samples", assignment=letter, title="Uji <b>petik", size="10", seed="7")
    assert drawn.status_code == 303
    page = auditor.get(drawn.location)
    assert "1 dari 1 berkas" in said(page.text)
    assert "<b>petik" not in page.text

    note = {"verdict": "exception", "revision": "1", "note": ""}
    refused = auditor.post(f"{drawn.location}/cases/1", **note)
    assert refused.status_code == 422
    assert auditor.post(f"{drawn.location}/cases/1", **(note | {"note": "=1+1"})).status_code == 303
    done = auditor.post(f"{drawn.location}/conclusion", revision="1", conclusion="Satu penyimpangan.")
    assert done.status_code == 303
    page = said(auditor.get(drawn.location).text)
    assert "Disimpulkan, menunggu reviu" in page
    assert "Anggota tim lain yang mereviunya." in page

    book = load_workbook(io.BytesIO(auditor.get(f"{drawn.location}?format=xlsx").data))
    assert book.sheetnames == ["Sampel", "Kertas kerja"]
    row = [cell.value for cell in book["Kertas kerja"][2]]
    assert (row[1], row[4], row[5]) == ("001/IZ/2026", "Penyimpangan", "=1+1")
    assert book["Kertas kerja"]["F2"].data_type == "s"


def test_a_note_that_somebody_else_changed_meanwhile_is_kept_apart(site: Site) -> None:
    auditor = site.visitor("agus")
    letter = site.office.people["agus"].coverage[0].assignment.hex
    sample = auditor.post("/audit/samples", assignment=letter, title="Uji", size="1", seed="7").location
    for text in ("Pertama", "Kedua"):
        auditor.post(f"{sample}/cases/1", verdict="exception", revision="1", note=text)
    page = said(auditor.get(sample).text)
    assert "Anggota tim lain sudah mengubahnya" in page
    assert "Pertama" in page
