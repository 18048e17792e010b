"""The demo office as a browser sees it, on a database of years: who asks, and what can be asked for."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import func, select
from werkzeug.test import Client

from benchmarks.cpu import Meter
from engine.actions.passwords import new_token
from engine.core import Engine
from engine.storage import sessions
from engine.storage.tables import event, instance, office, person, process, task
from webapp import logs
from webapp.app import create_app
from webapp.settings import Settings

_HOST = "localhost"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LETTER = re.compile(r'name="assignment".*?value="([0-9a-f]{32})"', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What pages are asked about: the SOP with the most cases, and one of its finished cases."""

    sop: str
    year: int  # the last whole one
    case: UUID
    number: str
    events: int
    person: str
    cases: int
    of_all: int  # events


class DemoOffice:
    """The application over the engine of a demo, with a browser for each account."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Make the application; it logs what a demo does: nothing, while all goes well."""
        logs.configure("warning")
        self.engine = engine
        self._app = create_app(engine, settings)
        self._browsers: dict[str, Client] = {}
        with engine.store.reading() as connection:
            self.id = connection.scalars(select(office.c.id).where(office.c.parent.is_(None))).one()
        self.known = self._known()

    def page(self, account: str, address: str) -> tuple[float, float, str]:
        """Open a page; gives seconds of CPU, seconds, and the page."""
        browser = self._browser(account)
        begun = time.perf_counter()
        with Meter() as meter:
            answer = browser.get(address, headers={"Accept-Language": "id"})
            text = answer.text if answer.mimetype == "text/html" else ""
        took = time.perf_counter() - begun
        assert answer.status_code == HTTPStatus.OK, (address, answer.status)
        return meter.seconds, took, text

    def draw_sample(self, account: str, size: int) -> float:
        """Draw a sample of all cases that the auditor's letter covers; gives seconds of CPU."""
        browser = self._browser(account)
        page = browser.get("/audit/samples/new").text
        fields = {
            "csrf_token": _found(_TOKEN, page),
            "assignment": _found(_LETTER, page),
            "title": "Uji petik",
            "size": str(size),
        }
        with Meter() as meter:
            answer = browser.post("/audit/samples", data=fields, base_url=f"http://{_HOST}")
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.status
        return meter.seconds

    def _browser(self, account: str) -> Client:
        """Begin a session without the sign-in page, whose password check is meant to be slow."""
        if account not in self._browsers:
            token, digest = new_token()
            now = self.engine.clock.now()
            with self.engine.store.transaction() as connection:
                who = connection.scalar(select(person.c.id).where(person.c.sign_in_name == account))
                assert who is not None, account
                sessions.add_session(connection, digest, who, now, now + timedelta(days=7))
            self._browsers[account] = Client(self._app)
            self._browsers[account].set_cookie("alur", token, domain=_HOST)
        return self._browsers[account]

    def _known(self) -> Known:
        with self.engine.store.reading() as connection:
            cases = func.count()
            sop = connection.execute(
                select(process.c.id, process.c.key, cases.label("cases"))
                .join(instance, instance.c.process == process.c.id)
                .group_by(process.c.id, process.c.key)
                .order_by(cases.desc())
                .limit(1)
            ).one()
            one = connection.execute(
                select(instance.c.id, instance.c.number, instance.c.last_seq)
                .where(instance.c.process == sop.id, instance.c.status == "finished")
                .order_by(instance.c.last_seq.desc(), instance.c.id)
                .limit(1)
            ).one()
            name = connection.scalar(
                select(person.c.name)
                .join(task, task.c.completed_by == person.c.id)
                .where(task.c.instance == one.id)
                .limit(1)
            )
            return Known(
                sop=sop.key,
                year=self.engine.clock.now().year - 1,
                case=one.id,
                number=one.number,
                events=one.last_seq,
                person=name or "",
                cases=sop.cases,
                of_all=connection.scalar(select(func.count()).select_from(event)) or 0,
            )


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found is not None, pattern.pattern
    return found.group(1)
