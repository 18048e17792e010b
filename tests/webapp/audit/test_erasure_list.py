"""What was erased is listed for whoever reads the record, and taken along as a workbook."""

from __future__ import annotations

import io

from openpyxl import load_workbook
from sqlalchemy import select

from engine.actions import cancellation
from engine.actions.erasures import erase
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.storage.tables import instance
from tests.webapp.audit.test_record import said
from tests.webapp.visitors import Site


def test_erasures_are_listed_with_letter_and_extent(site: Site) -> None:
    auditor, office = site.visitor("agus"), site.office
    assert "Tidak ada yang dihapus" in said(auditor.get("/audit/record/erasures").text)
    with site.engine.store.reading() as connection:
        case = connection.scalars(select(instance.c.id).where(instance.c.office == office.id)).one()
    cancellation.cancel(site.engine, office.people["dewi"], case, "Ditarik")
    asked = Erasure(events=frozenset({1}), letter="12/UPTD", reason="Diminta pemilik", attempt=new_id())
    erase(site.engine, office.people["dewi"], case, asked)
    page = auditor.get("/audit/record/erasures")
    for words in ("001/IZ/2026", "12/UPTD", "Diminta pemilik", "isian: 1, dokumen: 0", "judul"):
        assert words in said(page.text)
    assert f"/audit/cases/{case.hex}/events/{len(office.events(case))}" in page.text
    sheet = load_workbook(io.BytesIO(auditor.get("/audit/record/erasures?format=xlsx").data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[-1][0] == "001/IZ/2026"
    assert rows[-1][3:8] == ("12/UPTD", "Diminta pemilik", 1, 0, "ya")
    assert site.visitor("joko").get("/audit/record/erasures").status_code in {403, 404}
    assert "/audit/record/erasures" in auditor.get("/audit/record").text
