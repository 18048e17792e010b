"""The page of event logs: what is chosen comes as a file, and stays on record."""

from __future__ import annotations

import io
import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.model.event import EventKind
from engine.model.event_log import LogFormat
from engine.record.event_logs.formats import SHAPES
from tests.webapp.visitors import Site
from webapp.audit import exports

START = date(2026, 11, 23)


def on_record(site: Site) -> list[dict[str, object]]:
    found = [one for one in site.office.events(site.office.id) if one.kind is EventKind.RECORD_EXPORTED]
    return [json.loads(one.payload or "") for one in found]


@pytest.mark.parametrize("form", LogFormat)
def test_every_format_is_a_file_to_be_saved(site: Site, form: LogFormat) -> None:
    answer = site.visitor("agus").post("/audit/exports", format=form.value, sop="izin", content="1")
    assert answer.status_code == 200
    assert f"alur-izin{SHAPES[form].ending}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert b"Mengajukan izin" in answer.data or form is LogFormat.XLSX or form is LogFormat.XES
    [facts] = on_record(site)
    assert (facts["format"], facts["sop"], facts["cases"], facts["content"]) == (form.value, "izin", 1, True)


def test_files_that_are_no_text_can_be_read(site: Site, tmp_path: Path) -> None:
    agus = site.visitor("agus")
    book = load_workbook(io.BytesIO(agus.post("/audit/exports", format="xlsx").data))
    head, first, second = book["Kejadian"].iter_rows(values_only=True)
    assert head[:2] == ("Nomor berkas (case)", "Identitas berkas (case_id)")
    told = dict(zip(head, second, strict=True))
    assert (told["Yang terjadi"], told["Jenis kejadian, sandi (kind)"]) == ("Tugas dibuka", "task.opened")
    assert (told["Keadaan berkas"], told["Keadaan berkas, sandi (status)"]) == ("Berjalan", "running")
    assert dict(zip(head, first, strict=True))["Berkas uji coba (trial)"] == "tidak"
    path = tmp_path / "log.sqlite"
    path.write_bytes(agus.post("/audit/exports", format="ocel-sqlite").data)
    file = sqlite3.connect(path)
    assert file.execute("SELECT count(*) FROM event").fetchone() == (2,)
    file.close()


def test_a_period_and_no_content_are_kept_to(site: Site) -> None:
    agus = site.visitor("agus")
    day = START.isoformat()
    answer = agus.post("/audit/exports", format="jsonl", since=day, until=day)
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["kind"] for row in rows] == ["case.started", "task.opened"]
    assert {row["payload"] for row in rows} == {None}
    assert f"alur-{day}-{day}.jsonl" in answer.headers["Content-Disposition"]
    assert agus.post("/audit/exports", format="jsonl", since="2026-11-24").text == ""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": "csv", "since": "2026-11-24", "until": "2026-11-23"}, "Hari pertama, 24-11-2026"),
        ({"format": "pdf"}, "Pilih format."),
        ({"format": "csv", "since": "kemarin"}, "Pilih tanggal, atau kosongkan."),
        ({"format": "csv", "until": "9999-12-31"}, "Pilih hari antara tahun 2000 dan 2100."),
    ],
)
def test_what_cannot_be_chosen_is_told_on_the_page(site: Site, fields: dict[str, str], said: str) -> None:
    answer = site.visitor("agus").post("/audit/exports", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert on_record(site) == []


def test_an_unknown_sop_is_not_found(site: Site) -> None:
    assert site.visitor("agus").post("/audit/exports", format="csv", sop="tidak-ada").status_code == 404


def test_a_server_without_room_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "as_file", full)
    answer = site.visitor("agus").post("/audit/exports", format="xlsx")
    assert answer.status_code == 503
    assert "tidak punya ruang" in answer.text


def test_the_page_offers_every_format_and_the_sops(site: Site) -> None:
    page = site.visitor("agus").get("/audit/exports").text
    assert all(f'value="{form.value}"' in page for form in LogFormat)
    assert '<option value="izin">' in page
    assert "Log kejadian" in page
