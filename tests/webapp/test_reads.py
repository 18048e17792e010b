"""No page of a case is read unseen by somebody who only supervises it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from engine.actions.reads import ONE_READING
from tests import figured
from tests.webapp.permission_table import Route
from tests.webapp.visitors import Site
from tests.webapp.world import ROUTES, make_world
from webapp.reads import LISTS, page_of

_BELOW = ("/cases/<", "/audit/cases/<", "/tasks/<", "/admin/incidents/<uuid:incident_id>")
# Pages of auditors that are of no case: why opening them is not on record.
_NO_LIST = {
    "/audit": "leads on",
    "/audit/checks/<name>": "a program",
    "/audit/compare": "notes both cases itself",
    "/audit/completeness": "numbers alone",
    "/audit/exports": "what is taken is on record",
    "/audit/figures": "figures",
    "/audit/figures/evaluation": "figures",
    "/audit/figures/ways": "figures",
    "/audit/findings/new": "a form",
    "/audit/record": "digests",
    "/audit/record/checkpoints/<int:size>": "digests",
    "/audit/record/checkpoints/newest": "digests",
    "/audit/record/key": "a key",
    "/audit/samples/new": "a form",
    "/audit/takeouts": "one's own files",
    "/audit/takeouts/<uuid:takeout_id>/file": "what is taken is on record",
}
OF_CASES = [route for route in ROUTES if route.method == "GET" and route.rule.startswith(_BELOW)]


def readings(site: Site) -> list[str]:
    """Name the pages on record as read."""
    events = site.office.events(site.office.id)
    return [json.loads(event.payload or "{}")["page"] for event in events if event.kind == "case.read"]


def test_every_address_below_a_case_tells_which_case_it_is(site: Site) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    below = [rule for rule in rules if rule.rule.startswith(_BELOW)]
    assert below
    assert [rule.rule for rule in below if not rule.arguments & {"case_id", "task_id", "incident_id"}] == []


@pytest.mark.parametrize("kind", ["auditor", "admin"])
@pytest.mark.parametrize("route", OF_CASES, ids=lambda route: route.rule)
def test_whoever_only_supervises_leaves_a_reading_of_every_page(site: Site, route: Route, kind: str) -> None:
    world = make_world(site)
    areas = {"admin": "/audit", "auditor": "/admin"}  # that are not theirs
    shown = 0 if route.rule.startswith(areas[kind]) else 1
    for _ in range(2):
        world.ask(kind, route)
        assert len(readings(site)) == shown


def test_those_who_take_part_leave_none(site: Site) -> None:
    world = make_world(site)
    for route in OF_CASES:
        world.ask("staf", route)
    assert readings(site) == []


def listings(site: Site) -> list[tuple[str, dict[str, str]]]:
    """Name the lists on record as read, with what was looked for."""
    events = site.office.events(site.office.id)
    said = [json.loads(event.payload or "{}") for event in events if event.kind == "record.listed"]
    return [(one["page"], one["asked"]) for one in said]


def test_a_list_over_cases_is_read_on_record_with_what_was_looked_for(site: Site) -> None:
    figured.work(site.office)
    visitor = site.visitor("agus")
    for _ in range(2):
        for address in LISTED:
            assert visitor.get(address).status_code == 200
            assert visitor.get(f"{address}&page=2&after=").status_code == 200
    assert listings(site) == [
        ("/audit/cases", {"value": "Pelatihan"}),
        ("/audit/cases", {"q": "Siti"}),
        ("/audit/figures/deviations/late", {"sop": "izin"}),
        ("/audit/figures/rework", {"sop": "izin"}),
        ("/audit/day", {"late": "1"}),
        ("/audit/findings", {"state": "draft"}),
        ("/audit/inquiries", {}),
        ("/audit/samples", {}),
    ]
    site.office.clock.move(ONE_READING)
    visitor.get(LISTED[0])
    site.visitor("putu").get(LISTED[0])
    assert listings(site)[8:] == [("/audit/cases", {"value": "Pelatihan"})] * 2


LISTED = (
    "/audit/cases?value=Pelatihan",
    "/audit/cases?q=Siti&value=",
    "/audit/figures/deviations/late?sop=izin",
    "/audit/figures/rework?sop=izin",
    "/audit/day?late=1",
    "/audit/findings?state=draft",
    "/audit/inquiries?state=",
    "/audit/samples?seen=",
)


def test_what_was_looked_for_cannot_hide_behind_other_questions(site: Site) -> None:
    others = "&".join(f"x{number}=1" for number in range(40))
    site.visitor("agus").get(f"/audit/cases?{others}&q=+++++++{'+' * 300}Siti")
    [(_page, asked)] = listings(site)
    assert (asked["q"], len(asked)) == ("Siti", 41)


def test_what_shows_numbers_alone_and_what_is_not_theirs_leaves_none(site: Site) -> None:
    site.visitor("agus").get("/audit/cases?sop=izin")
    assert site.visitor("joko").get(LISTED[0]).status_code in {403, 404}
    assert listings(site) == []


def test_every_page_of_auditors_is_noted_or_shows_nobodys_words(site: Site) -> None:
    pages = [one for one in site.app.url_map.iter_rules() if one.rule.startswith("/audit")]
    told = {one.rule for one in pages if "case_id" in one.arguments or one.endpoint in LISTS}
    assert {one.rule for one in pages if "GET" in (one.methods or ())} == told | _NO_LIST.keys()


def test_what_cannot_be_put_on_record_is_not_shown(site: Site) -> None:
    world = make_world(site)
    route = next(one for one in OF_CASES if one.rule == "/cases/<uuid:case_id>")
    with site.engine.store.transaction() as connection:
        connection.execute(text("DROP TABLE case_read"))
    status = world.ask("auditor", route)
    assert isinstance(status, int)
    assert status >= 500
    assert world.ask("staf", route) == 200


def test_what_is_read_is_named_by_its_address() -> None:
    assert page_of("/cases/<uuid:case_id>", {"case_id": 1}) == "cases"
    document = "/cases/<uuid:case_id>/documents/<int:no>/pages/<int:page>.webp"
    assert page_of(document, {"case_id": 1, "no": 3, "page": 7}) == "cases/documents/3/pages"
    assert page_of("/audit/cases/<uuid:case_id>/form", {"case_id": 1}) == "audit/cases/form"
