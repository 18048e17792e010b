"""The page from which the evidence of a case is taken."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from engine.model.event import EventKind
from engine.record.bundle.words import happened
from tests.engine.record.bundles import VERIFY, verified
from tests.webapp.visitors import Site


def test_the_page_says_what_is_in_it_and_how_it_is_checked(site: Site) -> None:
    case = site.office.start(knowingly=True).instance
    page = site.visitor("agus").get(f"/audit/cases/{case}/bundle").text
    for said in ("Paket bukti audit", "2 kejadian dalam catatan", "verify.html", "belum ada yang disegel"):
        assert said in page
    assert f"/audit/cases/{case.hex}/bundle" in site.visitor("agus").get(f"/cases/{case}").text
    assert f"/audit/cases/{case.hex}/bundle" not in site.visitor("joko").get(f"/cases/{case}").text


def test_it_is_handed_out_and_intact(sealing_site: Site, tmp_path: Path) -> None:
    case = sealing_site.office.start(knowingly=True).instance
    auditor = sealing_site.visitor("agus")
    answer = auditor.post(f"/audit/cases/{case}/bundle")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert 'filename="Bukti 002-IZ-2026.zip"' in answer.headers["Content-Disposition"]
    path = tmp_path / "bukti.zip"
    path.write_bytes(answer.data)
    code, said = verified(path)
    assert code == 0, said
    fingerprint = said.split("Sidik jari kunci: ")[1].split("\n")[0].strip()
    assert len(fingerprint.split()) == 16
    assert fingerprint in auditor.get(f"/audit/cases/{case}/bundle").text
    taken = [
        json.loads(one.payload or "")
        for one in sealing_site.office.events(sealing_site.office.id)
        if one.kind is EventKind.BUNDLE_MADE
    ]
    assert [one["case"] for one in taken] == [case.hex]


def test_a_server_without_a_key_says_so(site: Site) -> None:
    case = site.office.start(knowingly=True).instance
    auditor = site.visitor("agus")
    assert auditor.post(f"/audit/cases/{case}/bundle").status_code == 303
    assert "tidak memiliki kunci penanda tangan" in auditor.get(f"/audit/cases/{case}/bundle").text


def test_the_checks_can_be_had_by_themselves(site: Site) -> None:
    auditor = site.visitor("agus")
    for name in ("verify.py", "verify.html"):
        answer = auditor.get(f"/audit/checks/{name}")
        assert answer.data == VERIFY.with_name(name).read_bytes()
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert auditor.get("/audit/checks/making.py").status_code == 404


def test_the_tables_of_a_case_are_a_workbook_and_its_taking_is_on_record(site: Site) -> None:
    case = site.office.start(knowingly=True).instance
    entered = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "=1+1", "rincian.0.jumlah": "2"}
    site.office.complete(case, "mengajukan", "joko", entered)
    answer = site.visitor("agus").get(f"/audit/cases/{case}/workbook")
    assert 'filename="002-IZ-2026.xlsx"' in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Berkas", "Langkah dan waktunya", "Dokumen", "Kejadian", "Isian"]
    events = list(book["Kejadian"].values)
    assert len(events) == 1 + len(site.office.events(case))
    assert [row[0] for row in events[1:]] == list(range(1, len(events)))
    done = next(
        row for row in events if row[2] == "Mengajukan izin" and row[1] == happened(EventKind.TASK_COMPLETED)
    )
    assert (done[5], done[4].hour) == ("Staf Subbag (Joko)", 8)
    for sheet, column in (("Langkah dan waktunya", 3), ("Dokumen", 4)):
        times = [row[column] for row in book[sheet].values][1:]
        assert times
        assert {type(one) for one in times} == {datetime}
    values = {row[1]: row[2:] for row in book["Isian"].values}
    assert values["Kegiatan"] == ("", "Pelatihan")
    taken = [
        json.loads(one.payload or "")
        for one in site.office.events(site.office.id)
        if one.kind is EventKind.RECORD_EXPORTED
    ]
    assert [one["page"] for one in taken] == [f"/audit/cases/{case}/workbook"]
