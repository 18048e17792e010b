"""Those who ask something of the web one after the other, and send again what got no answer."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from engine.actions.passwords import new_token
from engine.storage import sessions
from tests.faults.errands import Errand
from tests.journeys.visitor import Visitor
from tests.offices import Office

_PAUSE = 0.05  # seconds before an unanswered request is sent again
_PATIENCE = 30.0  # seconds for an answer
_LATER = (429, 502, 503)
_HEADING = re.compile(rb"<h1[^>]*>\s*(.*?)\s*</h1>", re.DOTALL)


class Caller(threading.Thread):
    """Works through errands; notes what the server has acknowledged."""

    good = (303,)  # answers that acknowledge

    def __init__(self, site: str) -> None:
        """Begin with an empty desk."""
        super().__init__(daemon=True)
        self.acknowledged: dict[UUID, Errand] = {}  # by attempt
        self.done = SimpleQueue[Errand]()  # the same, for whoever lays down what is next
        self.refused: list[str] = []
        self.sent_again = 0
        self.cut = 0  # requests that were on their way when the server went
        self.told: set[str] = set()  # headings of the pages that asked for patience
        self._laid = 0
        self._stopped = threading.Event()
        self._host = urlsplit(site).netloc
        self._desk = SimpleQueue[Errand]()

    def run(self) -> None:
        """Do the errands until told to stop."""
        while not self._stopped.is_set():
            try:
                errand = self._desk.get(timeout=_PAUSE)
            except Empty:
                continue
            while not self._is_settled(errand):
                if self._stopped.wait(_PAUSE):
                    return
                self.sent_again += 1

    def lay_down(self, errand: Errand) -> None:
        """Give something to do."""
        self._laid += 1
        self._desk.put(errand)

    @property
    def on_desk(self) -> int:
        """Count the errands that are not begun."""
        return self._desk.qsize()

    @property
    def is_idle(self) -> bool:
        """Tell whether everything was answered."""
        return self._laid == len(self.acknowledged) + len(self.refused)

    def acts(self) -> Counter[str]:
        """Count by kind what was acknowledged."""
        return Counter(errand.step.act.value for errand in list(self.acknowledged.values()))

    def end(self) -> None:
        """Stop, and wait for the last answer."""
        self._stopped.set()
        if self.is_alive():
            self.join(2 * _PATIENCE)

    def look(self, path: str) -> tuple[int, str]:
        """Open a page; gives its status and heading."""
        status, body = self._ask("GET", path)
        heading = _HEADING.search(body)
        return status, heading.group(1).decode() if heading else ""

    def content(self, errand: Errand) -> str:
        """Write what is sent."""
        raise NotImplementedError

    def head(self) -> Mapping[str, str]:
        """Say who sends it."""
        raise NotImplementedError

    def _is_settled(self, errand: Errand) -> bool:
        """Send it; False where no answer came back, or one that asks for patience."""
        try:
            status, body = self._ask("POST", errand.address, self.content(errand))
        except ConnectionRefusedError:  # nobody is there
            return False
        except (OSError, HTTPException):
            self.cut += 1
            return False
        if status in _LATER:
            self.told |= {heading.decode() for heading in _HEADING.findall(body)}
            return False
        if status in self.good:
            self.acknowledged[errand.attempt] = errand
            self.done.put(errand)
        else:
            said = body[-2000:].decode(errors="replace")
            self.refused.append(f"{errand.step} {errand.address}: {status}: {said}")
        return True

    def _ask(self, method: str, path: str, content: str | None = None) -> tuple[int, bytes]:
        connection = HTTPConnection(self._host, timeout=_PATIENCE)
        try:
            connection.request(method, path, content, dict(self.head()))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class Clerk(Caller):
    """Somebody of the office, signed in."""

    def __init__(self, site: str, office: Office, name: str) -> None:
        """Sign in; the site must answer."""
        super().__init__(site)
        visitor = Visitor(site)
        visitor.carry("alur", _session(office, name))
        visitor.open("/account")
        self._token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
        self._cookie = visitor.cookies

    def content(self, errand: Errand) -> str:
        """Write a form."""
        own = {"csrf_token": self._token, "attempt": errand.attempt.hex, "complete": "1"}
        return urlencode({**errand.content, **own})

    def head(self) -> Mapping[str, str]:
        """Send the cookies."""
        return {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}


class Program(Caller):
    """Another program, that sends messages with a token: delivered, or kept for whoever waits later."""

    good = (200, 202)

    def __init__(self, site: str, token: str) -> None:
        """Take the token."""
        super().__init__(site)
        self._token = token

    def content(self, errand: Errand) -> str:
        """Write a message."""
        return json.dumps({**errand.content, "id": errand.attempt.hex})

    def head(self) -> Mapping[str, str]:
        """Show the token."""
        return {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}


def _session(office: Office, name: str) -> str:
    token, digest = new_token()
    person, now = office.people[name].person, office.clock.now()
    assert person is not None
    with office.engine.store.transaction() as connection:
        sessions.add_session(connection, digest, person, now, now + timedelta(days=7))
    return token
