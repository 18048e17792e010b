"""The page of the record: what is sealed, what is kept, what could not be brought out."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from engine.core import Engine, Sealing
from engine.model.checkpoint import read_note, read_public_key
from engine.record.archiving import Asked, archive
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.record.signing import is_signed
from engine.storage.tables import instance
from tests.engine.record.archives import unseen
from tests.engine.record.cases import finished
from tests.webapp.visitors import Site


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def sealing(site: Site, tmp_path: Path) -> Engine:
    """Give the site's engine a key."""
    return replace(site.engine, sealing=Sealing(key=tmp_path / "seal.key", folder=tmp_path / "checkpoints"))


def test_before_anything_is_sealed_it_says_so(site: Site) -> None:
    assert "Belum ada yang disegel" in said(site.visitor("agus").get("/audit/record").text)
    assert site.visitor("agus").get("/audit/record/key").status_code == 404


def test_what_is_sealed_is_shown_and_can_be_taken_away(site: Site, sealing: Engine) -> None:
    size = seal(sealing)
    assert keep_due(sealing)
    assert bring_due(sealing)
    page = site.visitor("agus").get("/audit/record").text
    key = read_public_key(site.visitor("agus").get("/audit/record/key").text)
    answer = site.visitor("agus").get(f"/audit/record/checkpoints/{size}")
    note = read_note(answer.text)
    assert is_signed(note, [key])
    assert "attachment" in answer.headers["Content-Disposition"]
    assert note.checkpoint.digits in page
    assert re.search(rf"Kejadian tersegel {size} ?, \w+", said(page))
    assert key.fingerprint in page
    assert "gagal" not in said(page)
    assert site.visitor("agus").get("/audit/record/checkpoints/999999").status_code == 404


def test_the_newest_checkpoint_is_that_of_the_moment_it_is_taken(site: Site, sealing: Engine) -> None:
    agus = site.visitor("agus")
    assert agus.get("/audit/record/checkpoints/newest").status_code == 404
    seal(sealing)
    assert 'href="/audit/record/checkpoints/newest"' in agus.get("/audit/record").text
    site.office.start(knowingly=True)
    seal(sealing)
    answer = agus.get("/audit/record/checkpoints/newest")
    size = read_note(answer.text).checkpoint.size
    assert size >= len(site.office.events(site.office.id))
    assert f'checkpoint-{size}.txt"' in answer.headers["Content-Disposition"]


def test_a_copy_that_failed_is_said_first(site: Site, sealing: Engine) -> None:
    assert sealing.sealing
    assert sealing.sealing.folder
    seal(sealing)
    keep_due(sealing)
    sealing.sealing.folder.write_text("no folder")
    assert bring_due(sealing)
    page = said(site.visitor("agus").get("/audit/record").text)
    assert "Sebuah titik periksa gagal dikirim ke luar" in page
    assert "Folder: Titik periksa tidak dapat ditulis ke" in page


def test_a_printed_case_says_how_far_the_record_was(site: Site, sealing: Engine) -> None:
    size = seal(sealing)
    with site.engine.store.reading() as connection:
        case = connection.scalar(select(instance.c.id))
    assert case
    page = said(site.visitor("agus").get(f"/cases/{case.hex}").text)
    assert f"Catatan: {size} kejadian, " in page


def test_archive_files_are_listed_and_one_that_is_missing_is_named(site: Site, sealing: Engine) -> None:
    case = finished(site.office)
    made = archive(sealing, site.office.people["dewi"], Asked(before=date(2026, 12, 1)), unseen).made
    assert made
    folder = site.engine.store.archives.folder
    assert folder
    visitor = site.visitor("agus")
    row = rf"archive-1\.alur 01-12-2026 1 {made.events} \d+ KB"
    assert re.search(rf"{row} di tempatnya", said(visitor.get("/audit/record").text))
    assert visitor.get(f"/audit/cases/{case.hex}").status_code == 200
    assert "/audit/record?format=xlsx&amp;list=archives" in visitor.get("/audit/record").text
    sheet = load_workbook(io.BytesIO(visitor.get("/audit/record?format=xlsx&list=archives").data)).active
    assert sheet is not None
    head, listed = sheet.iter_rows(values_only=True)
    assert head == (
        "File arsip",
        "Berkas yang selesai sebelum",
        "Berkas",
        "Kejadian",
        "Ukuran (byte)",
        "Keadaan",
    )
    assert listed[0] == "archive-1.alur"
    assert listed[2:] == (1, made.events, made.size, "di tempatnya")
    file = folder / "archive-1.alur"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    damaged = f"tidak dapat dibaca File arsip {file} rusak."
    assert re.search(f"{row} {re.escape(damaged)}", said(visitor.get("/audit/record").text))
    file.unlink()
    page = said(visitor.get("/audit/record").text)
    missing = f"tidak dapat dibaca File arsip archive-1.alur tidak ada: seharusnya di {folder}."
    assert re.search(f"{row} {re.escape(missing)}", page)
    answer = visitor.get(f"/audit/cases/{case.hex}")
    assert answer.status_code == 503
    assert "Isi halaman ini tidak dapat dibaca" in said(answer.text)
    assert f"File arsip archive-1.alur tidak ada: seharusnya di {folder}." in said(answer.text)
