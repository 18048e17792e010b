"""No page of a case is read unseen by somebody who only supervises it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.webapp.permission_table import Route
from tests.webapp.visitors import Site
from tests.webapp.world import ROUTES, make_world
from webapp.reads import page_of

_BELOW = ("/cases/<", "/audit/cases/<", "/tasks/<")
OF_CASES = [route for route in ROUTES if route.method == "GET" and route.rule.startswith(_BELOW)]


def readings(site: Site) -> list[str]:
    """Name the pages on record as read."""
    events = site.office.events(site.office.id)
    return [json.loads(event.payload or "{}")["page"] for event in events if event.kind == "case.read"]


def test_every_address_below_a_case_tells_which_case_it_is(site: Site) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    below = [rule for rule in rules if rule.rule.startswith(_BELOW)]
    assert below
    assert [rule.rule for rule in below if not rule.arguments & {"case_id", "task_id"}] == []


@pytest.mark.parametrize("kind", ["auditor", "admin"])
@pytest.mark.parametrize("route", OF_CASES, ids=lambda route: route.rule)
def test_whoever_only_supervises_leaves_a_reading_of_every_page(site: Site, route: Route, kind: str) -> None:
    world = make_world(site)
    shown = 0 if kind == "admin" and route.rule.startswith("/audit") else 1  # that area is not theirs
    for _ in range(2):
        world.ask(kind, route)
        assert len(readings(site)) == shown


def test_those_who_take_part_leave_none(site: Site) -> None:
    world = make_world(site)
    for route in OF_CASES:
        world.ask("staf", route)
    assert readings(site) == []


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
