"""Whatever is sent to whatever address by whomever: the answer is never that something went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions import documents
from engine.clock import SetClock
from engine.core import Engine
from engine.ids import new_id
from engine.opening import Places, open_engine
from tests.offices import MONDAY, furnish, scan
from tests.webapp.hostile_input import HEAVY, HOSTILE, OF_DATABASES, Hostile, Sent
from tests.webapp.permission_table import KINDS, Route
from tests.webapp.visitors import Site, Visitor, find_office, open_site
from tests.webapp.world import ROUTES, World, make_world

# What ends sessions comes last, so that everybody still is who they are.
_ENDING = ("/sign-out", "/deactivation")
_ORDERED = sorted(ROUTES, key=lambda route: route.rule.endswith(_ENDING))

REACH_FURTHEST = ("staf", "admin", "pemilik", "pengesah", "anonymous")


@pytest.fixture
def postgres_world(postgres_database: str, tmp_path: Path) -> Iterator[World]:
    clock = SetClock(MONDAY)
    engine = open_engine(
        Places(database=postgres_database, blobs=str(tmp_path / "blobs"), sandbox_workers=1), clock
    )
    _furnish(engine, clock)
    yield deep_world(open_site(find_office(engine, clock, "kantor"), tmp_path))
    engine.close()


def _furnish(engine: Engine, clock: SetClock) -> None:
    furnish(engine, clock).start()
    furnish(engine, clock, "lain")


def deep_world(site: Site) -> World:
    """Let there be a document, so that its addresses lead somewhere."""
    world, office = make_world(site), site.office
    task = UUID(world.facts["task"])
    documents.attach(office.engine, office.people["joko"], task, "Lampiran", scan(slot="file"), new_id())
    return world


def send(visitor: Visitor, route: Route, sent: Sent) -> int:
    """Send it as it is: neither address nor body is put right on the way."""
    path, _, query = sent.address.partition("?")
    posted = {"data": sent.body, "content_type": sent.content_type} if route.method != "GET" else {}
    answer = visitor.client.open(
        path,
        method=route.method,
        query_string=query,
        base_url=f"http://{sent.host}",
        headers=dict(sent.headers),
        **posted,
    )
    return answer.status_code


def broken(world: World, hostile: Hostile, kinds: tuple[str, ...]) -> list[tuple[int, str, str, str]]:
    """Send it to every route as each kind of user; gives what was answered with 500 and above."""
    found = []
    for kind in kinds:
        visitor = world.visitor(kind)
        token = visitor.token()
        for route in _ORDERED:
            sent = hostile(route, world.address(route), token)
            if route.method == "GET" and sent == replace(
                sent, address=world.address(route), host="localhost"
            ):
                continue  # all of it is in the body
            status = send(visitor, route, sent)
            if status >= 500:
                found.append((status, route.method, route.rule, kind))
    return found


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.__name__)
def test_nothing_that_is_sent_breaks_a_page(site: Site, hostile: Hostile) -> None:
    kinds = REACH_FURTHEST if hostile in HEAVY else tuple(KINDS)
    assert broken(deep_world(site), hostile, kinds) == []


@pytest.mark.parametrize("hostile", OF_DATABASES, ids=lambda hostile: hostile.__name__)
def test_nor_does_what_only_postgresql_refuses(postgres_world: World, hostile: Hostile) -> None:
    assert broken(postgres_world, hostile, REACH_FURTHEST) == []
