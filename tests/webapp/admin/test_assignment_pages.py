"""The pages of letters of assignment, and what an auditor without one is told on every page of cases."""

from __future__ import annotations

from html import unescape
from http import HTTPStatus

import pytest

from engine.actions import assignments as acts
from engine.queries import assignments
from tests.webapp.permission_table import Route
from tests.webapp.visitors import Site
from tests.webapp.world import ROUTES, World, make_world


def record(site: Site, **fields: str) -> str:
    """Record a letter as an administrator does; gives the page that follows."""
    agus = site.office.people["agus"].person
    assert agus is not None
    letter = {
        "number": "700/112/2026",
        "dated": "2026-11-20",
        "issuer": "Inspektur Kabupaten",
        "valid_from": "2026-11-23",
        "valid_until": "2026-12-31",
        "team": agus.hex,
        "head": agus.hex,
    }
    visitor = site.visitor("dewi")
    answer = visitor.post("/admin/assignments", **letter | fields)
    if answer.status_code == 303:
        answer = visitor.get("/admin/assignments")
    return unescape(answer.text)


def end_all(site: Site) -> None:
    dewi = site.office.people["dewi"]
    for one in assignments.assignments_page(site.engine, dewi):
        acts.end(site.engine, dewi, one.id, "Selesai")


def test_a_letter_is_recorded_and_listed(site: Site) -> None:
    page = record(site)
    assert "Surat tugas 700/112/2026" in page
    assert "Inspektur Kabupaten, 20-11-2026" in page
    assert "Auditor (Agus)" in page


def test_what_was_typed_stays_beside_what_is_wrong(site: Site) -> None:
    page = record(site, issuer="", cases_from="2026-01-01")
    assert "Tulis pejabat yang menerbitkan surat tugas." in page
    assert 'value="700/112/2026"' in page
    assert 'value="2026-01-01"' in page


def test_a_letter_is_changed_and_ended(site: Site) -> None:
    letter = site.office.people["agus"].coverage[0].assignment.hex
    agus = site.office.people["agus"].person
    assert agus is not None
    visitor = site.visitor("dewi")
    address = f"/admin/assignments/{letter}"
    visitor.post(address, valid_until="2026-12-31", team=agus.hex, head=agus.hex)
    assert "sampai 31-12-2026" in visitor.get(address).text
    visitor.post(f"{address}/ending", reason="Pemeriksaan dihentikan")
    page = visitor.get(address).text
    assert "Diakhiri lebih awal" in page
    assert "Pemeriksaan dihentikan" in page
    assert "<form" not in page[page.index("<main") :]


def test_a_letter_that_is_ended_on_its_first_day_and_what_it_covers_stand_in_the_list(site: Site) -> None:
    visitor = site.visitor("dewi")
    record(site, valid_from="2026-11-23", cases_from="2026-01-01", cases_until="2026-06-30")
    assert "Berjalan antara 01-01-2026 dan 30-06-2026" in visitor.get("/admin/assignments").text
    end_all(site)
    page = visitor.get("/admin/assignments").text
    assert "Dari 23-11-2026; diakhiri 23-11-2026" in page
    assert "sampai 22-11-2026" not in page.partition("23-11-2026")[2][:200]


def test_a_letter_that_is_ended_before_it_begins_says_when(site: Site) -> None:
    record(site, valid_from="2026-12-01")
    end_all(site)
    page = site.visitor("dewi").get("/admin/assignments").text
    assert "Dari 01-12-2026; diakhiri 23-11-2026" in page


def test_who_is_second_is_told_that_a_letter_has_ended(site: Site) -> None:
    letter = site.office.people["agus"].coverage[0].assignment.hex
    end_all(site)
    visitor = site.visitor("dewi")
    visitor.post(f"/admin/assignments/{letter}/ending", reason="Selesai")
    assert "Surat tugas 700/1/2026 sudah berakhir." in visitor.get(f"/admin/assignments/{letter}").text


def test_an_auditor_sees_by_which_letter_they_read(site: Site) -> None:
    assert "ST 700/1/2026" in site.visitor("agus").get("/cases").text
    assert "ST 700/1/2026" not in site.visitor("putu").get("/cases").text


def test_an_auditor_without_a_letter_is_told_whom_to_ask(site: Site) -> None:
    end_all(site)
    page = site.visitor("agus").get("/cases?tab=running").text
    assert "Anda tidak memiliki surat tugas yang berlaku" in page
    assert "Administrator (Dewi)" in page
    assert "/IZIN/" not in page


# The last is only a way back to the page of a task, where it is not found.
OF_CASES = [
    route
    for route in ROUTES
    if ("{case}" in route.address or "{task}" in route.address)
    and route.answer_to("auditor") != HTTPStatus.SEE_OTHER
]


@pytest.mark.parametrize("route", OF_CASES, ids=lambda route: f"{route.method} {route.rule}")
def test_what_no_letter_covers_is_not_found_at_any_address_of_a_case(site: Site, route: Route) -> None:
    world: World = make_world(site)
    end_all(site)
    assert world.ask("auditor", route) in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
