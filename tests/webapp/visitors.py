"""People in front of the pages: a browser without scripts, signed in or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.actions.passwords import new_token
from engine.clock import SetClock
from engine.core import Engine
from engine.model.actor import Actor, HeldRole
from engine.model.permission import RoleKind
from engine.storage import people, sessions
from engine.storage.tables import person, role, role_assignment
from tests.offices import Office, covered
from webapp.app import create_app
from webapp.settings import Settings

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """A browser. It sends the CSRF token of its session with every form, as pages do."""

    client: FlaskClient
    _token: str = field(default="", repr=False)

    def get(self, address: str, **options: object) -> TestResponse:
        """Open a page."""
        return self.client.get(address, **options)  # type: ignore[arg-type]

    def post(self, address: str, **fields: str) -> TestResponse:
        """Send a form."""
        return self.client.post(address, data={"csrf_token": self.token(), **fields})

    def put(self, address: str, content: object) -> TestResponse:
        """Send JSON, as scripts do."""
        return self.client.put(address, json=content, headers={"X-CSRF-Token": self.token()})

    def token(self) -> str:
        """Read the CSRF token from a page anybody may see."""
        if not self._token:
            page = self.client.get("/account")
            page = page if page.status_code == 200 else self.client.get("/sign-in")
            found = _TOKEN.search(page.text)
            assert found is not None
            self._token = found.group(1)
        return self._token

    def forget_token(self) -> None:
        """Read it anew: signing in and out begins a new session."""
        self._token = ""

    def sign_in(self, account: str, password: str, **fields: str) -> TestResponse:
        """Fill in the sign-in form."""
        answer = self.post("/sign-in", account=account, password=password, **fields)
        self.forget_token()
        return answer


@dataclass
class Site:
    """The application on one office's engine."""

    app: Flask
    office: Office

    @property
    def engine(self) -> Engine:
        """Give the engine behind the pages."""
        return self.office.engine

    def visitor(self, name: str = "", office: Office | None = None, address: str = "") -> Visitor:
        """Open a browser; a name signs that person in without a password."""
        visitor = Visitor(self.app.test_client())
        if address:
            visitor.client.environ_base["REMOTE_ADDR"] = address
        if name:
            actor = (office or self.office).people[name]
            assert actor.person is not None
            token, digest = new_token()
            now = self.engine.clock.now()
            with self.engine.store.transaction() as connection:
                sessions.add_session(connection, digest, actor.person, now, now + timedelta(days=7))
            visitor.client.set_cookie("alur", token, domain="localhost")
        return visitor


def open_site(office: Office, folder: Path, **settings: object) -> Site:
    """Make the application."""
    app = create_app(office.engine, Settings(data_dir=folder, **settings))  # type: ignore[arg-type]
    app.config["TESTING"] = False  # errors become pages, as for everybody
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Site(app=app, office=office)


def find_office(engine: Engine, clock: SetClock, key: str) -> Office:
    """Find an office that was furnished, with its people and the roles they were given."""
    with engine.store.reading() as connection:
        office = people.office_by_key(connection, key)
        rows = connection.execute(
            select(person, role.c.key, role.c.label, role.c.name.label("title"), role.c.kind)
            .outerjoin(role_assignment, role_assignment.c.person == person.c.id)
            .outerjoin(role, role.c.id == role_assignment.c.role)
            .where(person.c.office == office)
        ).all()
    assert office is not None
    found = Office(engine=engine, clock=clock, id=office)
    for row in rows:
        held = row.key and HeldRole(key=row.key, label=row.label, name=row.title, kind=RoleKind(row.kind))
        found.people[row.sign_in_name.partition(".")[0]] = Actor(
            person=row.id, office=office, name=row.name, roles=(held,) if held else ()
        )
    for name in found.people:
        found.people[name] = covered(found, name)
    return found
