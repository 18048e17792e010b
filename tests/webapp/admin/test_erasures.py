"""An administrator looks for what names somebody, and erases it."""

from __future__ import annotations

import html
import re

from sqlalchemy import select

from engine.actions import cancellation
from engine.actions.erasures import erase
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.storage.tables import instance
from tests.webapp.visitors import Site


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_what_names_somebody_is_found_chosen_and_erased(site: Site) -> None:
    office = site.office
    with site.engine.store.reading() as connection:
        case = connection.scalars(select(instance.c.id).where(instance.c.office == office.id)).one()
    administrator = site.visitor("dewi")
    assert "Berkas ini masih berjalan" in said(administrator.get(f"/admin/erasures/{case.hex}").text)
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan <b>Siti</b>"})
    cancellation.cancel(site.engine, office.people["dewi"], case, "Ditarik")
    assert "Hapus data pribadi" in administrator.get(f"/cases/{case.hex}").text
    assert "Hapus data pribadi" not in site.visitor("agus").get(f"/cases/{case.hex}").text

    page = administrator.get(f"/admin/erasures/{case.hex}?text=siti")
    assert "1 catatan dan 0 dokumen memuat “siti”" in said(page.text)
    assert "<b>Siti" not in page.text
    assert "Nama dokumen ikut terhapus bersama isian yang menambahkannya" in said(page.text)
    [chosen] = re.findall(r'name="event" value="(\d+)" checked', page.text)

    junk = administrator.post(f"/admin/erasures/{case.hex}", event="x", document="y", letter="1", reason="x")
    assert junk.status_code == 422

    wrong = administrator.post(f"/admin/erasures/{case.hex}", event=chosen, letter="", reason="")
    assert wrong.status_code == 422
    assert "Tulis nomor dan tanggal surat yang memintanya" in wrong.text
    assert f'value="{chosen}" checked' in wrong.text

    done = administrator.post(f"/admin/erasures/{case.hex}", event=chosen, letter="12/2026", reason="Diminta")
    assert (done.status_code, done.location) == (303, f"/cases/{case.hex}")
    page = administrator.get(f"/cases/{case.hex}").text
    assert "Siti" not in page
    assert "Data pribadi dihapus" in page
    assert "Diminta" in page


def test_pages_open_after_what_began_a_case_was_erased(site: Site) -> None:
    with site.engine.store.reading() as connection:
        case = connection.scalars(select(instance.c.id).where(instance.c.office == site.office.id)).one()
    cancellation.cancel(site.engine, site.office.people["dewi"], case, "Ditarik")
    asked = Erasure(events=frozenset({1}), letter="12/U", reason="Permintaan", attempt=new_id())
    erase(site.engine, site.office.people["dewi"], case, asked)
    for page in ("", "?step=1", "/events/1", "/bundle"):
        answer = site.visitor("agus").get(f"/audit/cases/{case.hex}{page}")
        assert answer.status_code == 200, page
    assert "Izin Kegiatan" in said(site.visitor("agus").get(f"/cases/{case.hex}/history").text)


def test_what_an_auditor_asked_is_found_in_the_record_of_the_office_and_erased(site: Site) -> None:
    administrator, auditor = site.visitor("dewi"), site.visitor("agus")
    auditor.get("/audit/cases?q=Siti+%3Cb%3E+Rahma")
    assert "Hapus data pribadi dari catatan kantor" in administrator.get("/admin/people").text
    assert "Tidak ada yang memuat “Sitti”" in said(administrator.get("/admin/erasures?text=Sitti").text)
    page = administrator.get("/admin/erasures?text=siti").text
    assert "1 catatan memuat “siti”" in said(page)
    assert "<b> Rahma" not in page
    [chosen] = re.findall(r'name="event" value="(\d+)" checked', page)
    wrong = administrator.post("/admin/erasures", event=chosen, text="siti", letter="", reason="")
    assert wrong.status_code == 422
    assert "Tulis nomor dan tanggal surat yang memintanya" in wrong.text
    assert f'value="{chosen}" checked' in wrong.text
    done = administrator.post(
        "/admin/erasures", event=chosen, text="siti", letter="12/2026", reason="Diminta"
    )
    assert (done.status_code, done.location) == (303, "/admin/erasures")
    assert "Tidak ada yang memuat" in administrator.get("/admin/erasures?text=siti").text
    again = administrator.post("/admin/erasures", event=chosen, letter="12/2026", reason="Diminta")
    assert again.status_code == 303
    assert "Ini sudah dihapus" in said(administrator.get("/admin/erasures").text)
    told = said(auditor.get("/audit/record/erasures").text)
    assert "Catatan kantor" in told
    assert "12/2026" in told
    assert "isian: 1" in told
