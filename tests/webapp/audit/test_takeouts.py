"""Large bundles and logs are asked for, watched while they are made, and taken from a page of one's own."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.actions.exports import export_facts
from engine.model.event_log import LogFormat, Selection
from engine.queries.takeouts import takeouts_of
from engine.record.takeouts import work
from tests.webapp.audit.test_exports import on_record
from tests.webapp.visitors import Site
from webapp.audit import bundles, exports

GO_ON = threading.Event()


def asked(site: Site) -> str:
    [one] = takeouts_of(site.engine, site.office.people["agus"])
    return f"/audit/takeouts/{one.id}"


def test_a_large_workbook_is_taken_once_it_is_ready(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    auditor = site.visitor("agus")
    answer = auditor.post("/audit/exports", format="xlsx", sop="izin", content="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/audit/takeouts")
    page = auditor.get("/audit/takeouts").text
    for told in ("Unduhan Anda", "Menunggu giliran", "data-follow", "Hentikan", 'http-equiv="refresh"'):
        assert told in page
    assert auditor.get(f"{asked(site)}/file").status_code == 404
    assert on_record(site) == []
    work(site.engine, GO_ON)
    page = auditor.get("/audit/takeouts").text
    assert "data-follow" not in page
    assert "alur-izin.xlsx" in page
    assert "Daftar ini sebagai lembar kerja" in page
    sheet = load_workbook(io.BytesIO(auditor.get("/audit/takeouts?format=xlsx").data)).active
    assert sheet is not None
    head, listed = sheet.iter_rows(values_only=True)
    assert head[:4] == ("Isi", "Diminta", "Keadaan", "Nama file")
    assert (listed[0], listed[2], listed[3]) == ("Log kejadian (.xlsx)", "Siap diunduh", "alur-izin.xlsx")
    assert [one.pop("page") for one in on_record(site)] == ["/audit/takeouts"]
    taken = auditor.get(f"{asked(site)}/file")
    assert 'filename="alur-izin.xlsx"' in taken.headers["Content-Disposition"]
    assert taken.headers["Cache-Control"] == "private, no-store"
    assert load_workbook(io.BytesIO(taken.data))["Kejadian"].max_row == 3
    _, facts = on_record(site)
    agus = site.office.people["agus"]
    told = export_facts(site.engine, agus, LogFormat.XLSX, Selection(sop="izin")).on_record
    assert {name: facts[name] for name in told} == told


def test_text_is_sent_while_it_is_read_however_much_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    assert site.visitor("agus").post("/audit/exports", format="csv").status_code == 200


def test_the_evidence_of_a_long_case_is_made_later(
    sealing_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "AT_ONCE", 1)
    case = sealing_site.office.start(knowingly=True).instance
    auditor = sealing_site.visitor("agus")
    assert "/audit/takeouts" in auditor.get(f"/audit/cases/{case}/bundle").text
    assert auditor.post(f"/audit/cases/{case}/bundle").headers["Location"] == "/audit/takeouts"
    assert "Paket bukti audit berkas 002/IZ/2026" in auditor.get("/audit/takeouts").text
    work(sealing_site.engine, GO_ON)
    taken = auditor.get(f"{asked(sealing_site)}/file")
    assert (taken.mimetype, taken.data[:2]) == ("application/zip", b"PK")


def test_nobody_else_sees_or_takes_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    site.visitor("agus").post("/audit/exports", format="xlsx")
    work(site.engine, GO_ON)
    owner = site.visitor("putu")
    assert "Belum ada unduhan" in owner.get("/audit/takeouts").text
    assert owner.get(f"{asked(site)}/file").status_code == 404
    assert owner.post(f"{asked(site)}/drop").status_code == 303
    assert site.visitor("agus").get(f"{asked(site)}/file").status_code == 200


def test_what_went_wrong_stands_there_and_can_be_removed(
    sealing_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bundles, "AT_ONCE", 1)
    case = sealing_site.office.start(knowingly=True).instance
    auditor = sealing_site.visitor("agus")
    auditor.post(f"/audit/cases/{case}/bundle")
    key = tmp_path / "keys" / "seal.key"
    key.parent.mkdir()
    key.write_text("not a key")
    work(sealing_site.engine, GO_ON)
    page = auditor.get("/audit/takeouts").text
    assert "Unduhan tidak dibuat" in page
    auditor.post(f"{asked(sealing_site)}/drop")
    assert "Belum ada unduhan" in auditor.get("/audit/takeouts").text
