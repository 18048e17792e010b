"""The permission table: every route, asked by every kind of user and by nobody."""

from __future__ import annotations

import pytest

from tests.webapp.permission_table import KINDS, SIGN_IN, Route
from tests.webapp.visitors import Site
from tests.webapp.world import ROUTES, World, make_world


@pytest.fixture
def world(site: Site) -> World:
    """Let a stranger hold every role of the other office."""
    return make_world(site)


def test_every_route_is_in_the_table(world: World) -> None:
    routes = {
        (method, rule.rule)
        for rule in world.site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert routes - {route.key for route in ROUTES} == set()
    assert {route.key for route in ROUTES} - routes == set()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.rule}")
def test_each_kind_of_user_is_answered_as_the_table_says(world: World, route: Route) -> None:
    refused = {SIGN_IN, 403, 404}
    # Who is refused asks first, so that what others do there cannot hide it.
    order = sorted(KINDS, key=lambda kind: route.answer_to(kind) not in refused)
    before = world.rows()
    answers = {}
    for kind in order:
        answers[kind] = world.ask(kind, route)
        if answers[kind] in refused:
            assert world.rows() == before, f"{kind} was refused and changed something"
        else:
            before = world.rows()
    assert answers == {kind: route.answer_to(kind) for kind in order}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method != "GET"], ids=lambda r: r.rule)
def test_nobody_learns_of_a_form_without_signing_in(world: World, route: Route) -> None:
    if route.answer_to("anonymous") != SIGN_IN:
        return
    answer = world.site.visitor().client.open(world.address(route), method=route.method)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
