"""The permission table: every route, asked by every kind of user and by nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.actions.offices import operator
from engine.actions.roles import AssignmentForm, assign_role
from engine.clock import SetClock
from engine.core import Engine
from engine.model.actor import Actor
from engine.opening import Places, open_engine
from engine.storage import people
from engine.storage.tables import metadata, person, task
from tests.offices import MONDAY, Office, furnish
from tests.webapp.permission_table import KINDS, SIGN_IN, Route
from tests.webapp.visitors import Site, open_site

HERE = Path(__file__).parent
ROUTES: tuple[Route, ...] = tuple(
    route
    for path in sorted(HERE.glob("*/routes.py"))
    for route in import_module(f"tests.webapp.{path.parent.name}.routes").ROUTES
)

# What a refused request may leave behind: that it was refused, and that a session is in use.
_RECORD = {"event", "session", "failed_login", "office"}
_HEADS = {"last_seq", "chain_head"}


@dataclass
class World:
    """Two offices, a case in the first, and the names of the table's addresses."""

    site: Site
    other: Office
    facts: dict[str, str]

    def ask(self, kind: str, route: Route) -> int | str:
        """Ask as a kind of user; gives the status, or that one was sent to sign in."""
        office = self.other if kind == "stranger" else None
        visitor = self.site.visitor(KINDS[kind], office)
        address = (route.address or route.rule).format(**self.facts)
        get = route.method == "GET"
        answer = visitor.get(address) if get else visitor.post(address, **route.fields)
        sent_to = answer.headers.get("Location", "").partition("?")[0]
        sent_to_sign_in = kind == "anonymous" and answer.status_code == 303 and sent_to == "/sign-in"
        return SIGN_IN if sent_to_sign_in else answer.status_code

    def rows(self) -> dict[str, list[str]]:
        """Read everything that a refused request must leave as it is."""
        with self.site.engine.store.reading() as connection:
            return {
                table.name: sorted(
                    str([value for name, value in row._mapping.items() if name not in _HEADS])
                    for row in connection.execute(select(table))
                )
                for table in metadata.sorted_tables
                if table.name not in _RECORD
            }


@pytest.fixture(scope="module")
def furnished(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SetClock]:
    """Furnish two offices once; every route gets a copy."""
    path = tmp_path_factory.mktemp("routes") / "alur.db"
    shutil.copyfile(empty_sqlite, path)
    clock = SetClock(MONDAY)
    engine = open_engine(Places(database=f"sqlite:///{path}", blobs=str(path.parent / "blobs")), clock)
    furnish(engine, clock).start()
    furnish(engine, clock, "lain")
    engine.close()
    return path, clock


@pytest.fixture
def world(furnished: tuple[Path, SetClock], tmp_path: Path) -> Iterator[World]:
    """Open a copy of the two offices."""
    source, clock = furnished
    path = tmp_path / "alur.db"
    shutil.copyfile(source, path)
    engine = open_engine(Places(database=f"sqlite:///{path}", blobs=str(tmp_path / "blobs")), clock)
    office, other = find(engine, clock, "kantor"), find(engine, clock, "lain")
    give_every_role(other)
    yield World(site=open_site(office, tmp_path), other=other, facts=facts_of(office))
    engine.close()


def find(engine: Engine, clock: SetClock, key: str) -> Office:
    """Find an office that was furnished, with its people."""
    with engine.store.reading() as connection:
        office = people.office_by_key(connection, key)
        rows = connection.execute(select(person).where(person.c.office == office)).all()
    assert office is not None
    named = {
        row.sign_in_name.partition(".")[0]: Actor(person=row.id, office=office, name=row.name) for row in rows
    }
    return Office(engine=engine, clock=clock, id=office, people=named)


def give_every_role(office: Office) -> None:
    """Let the administrator of an office hold every role there."""
    with office.engine.store.reading() as connection:
        roles = people.role_keys(connection, office.id)
    dewi = office.people["dewi"].person
    assert dewi is not None
    form = AssignmentForm(person=dewi.hex, since="2026-11-01")
    for key, role in roles.items():
        if key != "admin":
            assign_role(office.engine, operator(office.id), role, form)


def facts_of(office: Office) -> dict[str, str]:
    """Name what the addresses of the table speak of: joko, his role, and the case he started."""
    joko = office.people["joko"].person
    assert joko is not None
    with office.engine.store.reading() as connection:
        roles = people.role_keys(connection, office.id)
        assignment = people.assignments_of(connection, joko, roles["staf"])[0]
        opened = connection.execute(
            select(task.c.id, task.c.instance).where(task.c.office == office.id, task.c.state == "open")
        ).first()
    assert opened is not None
    return {
        "person": joko.hex,
        "role": roles["staf"].hex,
        "assignment": assignment.id.hex,
        "task": opened.id.hex,
        "case": opened.instance.hex,
    }


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
    answer = world.site.visitor().client.post((route.address or route.rule).format(**world.facts))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
