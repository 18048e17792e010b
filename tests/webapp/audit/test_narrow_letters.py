"""A letter for some cases opens no others: neither on pages nor in what is taken away from them."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions import assignments, takeouts
from engine.actions.cancellation import cancel
from engine.actions.deployment import deploy, read_package
from engine.actions.erasures import erase
from engine.actions.offices import operator
from engine.actions.people import PersonForm, change_person
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event_log import LogFormat, Selection
from engine.queries.people import units_page
from engine.record.takeouts import work
from engine.storage.tables import instance
from tests.offices import SAMPLES, assign
from tests.webapp.visitors import Site

GO_ON = threading.Event()
COVERED, YEAR, SECRET = 2030, 2099, "RAHASIAKEDUA"  # years of the cases: they stand in titles
Taken = Callable[[Site, str], bytes]


def page(address: str) -> Taken:
    """Open a page."""
    return lambda site, who: site.visitor(who).get(address).data


def exported(form: LogFormat) -> Taken:
    """Take an event log away."""
    return lambda site, who: site.visitor(who).post("/audit/exports", format=form.value, content="1").data


def made_later(form: LogFormat) -> Taken:
    """Have an event log made, and take it."""

    def taken(site: Site, who: str) -> bytes:
        id_ = takeouts.ask_for_log(site.engine, site.office.people[who], form, Selection())
        assert work(site.engine, GO_ON)
        answer = site.visitor(who).get(f"/audit/takeouts/{id_}/file")
        assert answer.status_code == 200
        return answer.data

    return taken


TAKEN: Mapping[str, Taken] = {
    **{f"export {form}": exported(form) for form in LogFormat},
    **{f"takeout {form}": made_later(form) for form in LogFormat},
}
IN_PART = "Surat tugas Anda mencakup sebagian berkas"
LISTS = ("/audit/cases?", "/audit/record/erasures?", "/audit/figures/deviations/cancelled?sop={key}")


def places(number: str, key: str) -> Mapping[str, Taken]:
    """Give all places where a case could be told of, the search for what one is called or says among them."""
    words = (f"q={number}", f"value={SECRET}", f"q=Kegiatan {YEAR}")
    asked = [one.format(key=key) for one in LISTS] + [f"/audit/cases?{one}" for one in words]
    pages = {f"{of}: {one}": page(f"{one}&format={of}") for one in asked for of in ("html", "xlsx")}
    return {**TAKEN, **pages}


def said(content: bytes) -> str:
    """Read the texts of a file, also of a packed one."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(map(packed.read, packed.namelist()))
    return content.decode(errors="replace")


def in_the_secretariat(site: Site) -> dict[str, object]:
    """Give Joko a unit; who else begins a case has none."""
    dewi = site.office.people["dewi"]
    secretariat = next(unit for unit, name, _ in units_page(site.engine, dewi) if name == "Sekretariat")
    joko = site.office.people["joko"].person
    assert joko
    form = PersonForm(sign_in_name="joko.kantor", name="Joko", unit=secretariat.hex)
    change_person(site.engine, dewi, joko, form)
    return {"units": (secretariat.hex,)}


def of_the_first_day(site: Site) -> dict[str, object]:
    """Cover what was begun until today."""
    return {"cases_until": site.office.clock.now().date().isoformat()}


def of_one_sop(site: Site) -> dict[str, object]:
    """Put a second SOP into the library."""
    package = read_package(SAMPLES / "izin")
    bpmn = package.bpmn.replace(b"/IZ/", b"/CT/")
    deploy(site.engine, operator(site.office.id), replace(package, key="cuti", bpmn=bpmn))
    return {"sops": ("izin",)}


LETTERS: Mapping[str, tuple[Callable[[Site], dict[str, object]], str, str]] = {
    "unit": (in_the_secretariat, "wati", "izin"),
    "period": (of_the_first_day, "joko", "izin"),
    "sop": (of_one_sop, "joko", "cuti"),
}


def worked(site: Site, by: str, key: str, year: int) -> UUID:
    """Begin a case and complete its first step."""
    case = site.office.start(by, key, year=year, knowingly=True).instance
    site.office.complete(case, "mengajukan", by, {"kegiatan": SECRET if year == YEAR else "Pelatihan"})
    return case


def hidden_cases(site: Site, by: str, key: str) -> list[UUID]:
    """Work two cases that no letter covers; of one the first entry is erased."""
    cases = [worked(site, by, key, YEAR) for _ in range(2)]
    office, admin = site.office, site.office.people["dewi"]
    cancel(site.engine, office.people["putu"], cases[0], "Dobel")
    asked = Erasure(events=frozenset({3}), letter="12/UPTD", reason="Diminta", attempt=new_id())
    erase(site.engine, admin, cases[0], asked)
    return cases


@pytest.mark.parametrize("kind", LETTERS)
def test_nothing_of_a_case_that_a_letter_does_not_cover_is_anywhere(site: Site, kind: str) -> None:
    of_letter, by, key = LETTERS[kind]
    facts = of_letter(site)
    office = site.office
    worked(site, "joko", "izin", COVERED)
    office.clock.move(timedelta(days=1))
    cases = hidden_cases(site, by, key)
    [letter] = office.people["agus"].covers
    assignments.end(site.engine, operator(office.id), letter.assignment, "Selesai")
    office.clock.move(timedelta(days=1))
    assign(office, "agus", number="700/2/2026", **facts)
    with site.engine.store.reading() as connection:
        numbers = {*connection.scalars(select(instance.c.number).where(instance.c.id.in_(cases)))}
    hidden = {*numbers, f"Kegiatan {YEAR}", SECRET}
    hidden |= {words for case in cases for words in (case.hex, str(case))}
    leaks, blind = {}, []
    for name, taken in places(max(numbers), key).items():
        told = hidden - {one for one in hidden if one in name}  # what was typed stands in its field
        if found := {one for one in told if one in said(taken(site, "agus"))}:
            leaks[name] = found
        if not any(one in said(taken(site, "putu")) for one in told):
            blind.append(name)
    assert leaks == {}
    assert blind == []  # who sees every case is told of these in each place
    assert f"Kegiatan {COVERED}" in said(TAKEN["export jsonl"](site, "agus"))
    for page in ("cases", "figures", "completeness", "findings", "record/erasures", "record/reads"):
        assert IN_PART in said(site.visitor("agus").get(f"/audit/{page}").data)
        assert IN_PART not in said(site.visitor("putu").get(f"/audit/{page}").data)
