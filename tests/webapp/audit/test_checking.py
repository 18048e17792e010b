"""The page that checks a case against its record says what it found, and where."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select, update

from engine.record import case_check
from engine.storage.tables import instance, task
from tests.webapp.visitors import Site


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def address_of(site: Site) -> str:
    with site.engine.store.reading() as connection:
        [case] = connection.scalars(select(instance.c.id))
    return f"/audit/cases/{case.hex}"


def test_a_case_that_is_what_its_record_says_is_told_so(site: Site) -> None:
    page = said(site.visitor("agus").get(f"{address_of(site)}/check").text)
    assert "Catatan utuh 2 kejadian sama dengan keadaan tersimpan." in page


def test_the_first_difference_is_told_with_a_link_to_its_event(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        connection.execute(update(task).values(role="kadin"))
    page = site.visitor("agus").get(f"{address_of(site)}/check").text
    assert "Berkas tersimpan tidak sama dengan catatannya" in said(page)
    told = said(page)
    assert "Peran tugas “Mengajukan izin”, putaran 1 Menurut catatan staf Yang ditemukan kadin" in told
    assert f'href="{address_of(site)}?step=2"' in page


def test_a_case_that_is_too_long_is_left_to_the_command(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_check, "MOST_EVENTS", 1)
    page = said(site.visitor("agus").get(f"{address_of(site)}/check").text)
    assert "alur audit replay 001/IZ/2026" in page


def test_the_replay_of_a_case_leads_to_its_check(site: Site) -> None:
    page = site.visitor("agus").get(address_of(site)).text
    assert f'href="{address_of(site)}/check"' in page
