"""A sample on its pages: drawn, noted, concluded, and taken away as one file."""

from __future__ import annotations

import html
import io
import re

from openpyxl import load_workbook

from tests.webapp.visitors import Site, Visitor


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

    note = {"verdict-1": "exception", "revision-1": "1", "note-1": ""}
    assert auditor.post(f"{drawn.location}/notes", **(note | {"note-1": "=1+1"})).status_code == 303
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


def drawn(auditor: Visitor, letter: str, size: str = "1") -> str:
    return auditor.post("/audit/samples", assignment=letter, title="Uji", size=size, seed="7").location


def fields(page: str) -> dict[str, str]:
    """Read the fields of the page's form as a browser would send them."""
    hidden = dict(re.findall(r'<input type="hidden" name="((?:revision|seen)[^"]*)" value="([^"]*)"', page))
    chosen = re.findall(r'name="(verdict-\d+)" value="([^"]*)" checked', page)
    typed = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page)
    return hidden | dict(chosen) | {name: html.unescape(text.strip()) for name, text in typed}


def test_nothing_typed_is_lost_when_something_is_wrong(site: Site) -> None:
    site.office.start(knowingly=True)
    auditor, letter = site.visitor("agus"), site.office.people["agus"].coverage[0].assignment.hex
    sample = drawn(auditor, letter, "2")
    form = fields(auditor.get(sample).text)
    form |= {"verdict-1": "exception", "verdict-2": "in-order", "note-2": "Beres", "conclusion": "Sejauh ini"}
    refused = auditor.post(f"{sample}/notes", **form)
    assert refused.status_code == 422
    assert "Berkas nomor urut 1: penyimpangan perlu catatan" in said(refused.text)
    assert fields(refused.text) == form
    saved = auditor.post(f"{sample}/notes", **form | {"note-1": "Tanpa nomor"})
    assert saved.status_code == 303
    stored = fields(auditor.get(sample).text)
    kept = form | {"note-1": "Tanpa nomor"}
    for name in ("verdict-1", "note-1", "verdict-2", "note-2", "conclusion"):
        assert stored[name] == kept[name]


def test_what_was_typed_is_saved_though_the_sample_cannot_be_concluded_yet(site: Site) -> None:
    auditor, letter = site.visitor("agus"), site.office.people["agus"].coverage[0].assignment.hex
    sample = drawn(auditor, letter)
    form = fields(auditor.get(sample).text) | {"note-1": "Masih dicari", "conclusion": "Sejauh ini"}
    assert auditor.post(f"{sample}/conclusion", **form).status_code == 303
    page = auditor.get(sample).text
    assert "Yang Anda ketik sudah tersimpan. Uji petik belum disimpulkan." in said(page)
    assert (fields(page)["note-1"], fields(page)["conclusion"]) == ("Masih dicari", "Sejauh ini")


def test_what_is_typed_after_the_sample_was_concluded_is_shown(site: Site) -> None:
    auditor, letter = site.visitor("agus"), site.office.people["agus"].coverage[0].assignment.hex
    sample = drawn(auditor, letter)
    form = fields(auditor.get(sample).text) | {"verdict-1": "in-order", "conclusion": "Beres"}
    assert auditor.post(f"{sample}/conclusion", **form).status_code == 303
    late = auditor.post(f"{sample}/notes", **form | {"note-1": "Terlambat diketik"})
    assert late.status_code == 409
    assert "tidak tersimpan Terlambat diketik" in said(late.text)


def test_a_note_that_somebody_else_changed_meanwhile_is_kept_apart(site: Site) -> None:
    auditor, letter = site.visitor("agus"), site.office.people["agus"].coverage[0].assignment.hex
    sample = drawn(auditor, letter)
    form = fields(auditor.get(sample).text) | {"verdict-1": "exception"}
    auditor.post(f"{sample}/notes", **form | {"note-1": "Pertama"})
    page = auditor.post(f"{sample}/notes", **form | {"note-1": "Kedua"}).text
    assert "oleh anggota tim lain atau di halaman Anda yang lain: “Pertama”" in said(page)
    again = fields(page)
    assert again["note-1"] == "Kedua"
    assert auditor.post(f"{sample}/notes", **again).status_code == 303
    assert fields(auditor.get(sample).text)["note-1"] == "Kedua"


def test_who_saves_a_page_leaves_what_others_noted_meanwhile(site: Site) -> None:
    site.office.start(knowingly=True)
    auditor, letter = site.visitor("agus"), site.office.people["agus"].coverage[0].assignment.hex
    sample = drawn(auditor, letter, "2")
    form = fields(auditor.get(sample).text)
    auditor.post(f"{sample}/notes", **form | {"verdict-1": "in-order", "note-1": "Dari Tono"})
    assert auditor.post(f"{sample}/notes", **form | {"verdict-2": "in-order"}).status_code == 303
    assert fields(auditor.get(sample).text)["note-1"] == "Dari Tono"
