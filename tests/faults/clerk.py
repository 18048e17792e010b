"""Somebody who completes one task after the other, and sends again what got no answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from engine.actions.passwords import new_token
from engine.ids import new_id
from engine.storage import sessions
from tests.journeys.visitor import Visitor
from tests.offices import Office

_PAUSE = 0.05  # seconds before an unanswered request is sent again
_PATIENCE = 5.0  # seconds for an answer
_DOWN = (502, 503)
_HEADING = re.compile(rb"<h1[^>]*>\s*(.*?)\s*</h1>", re.DOTALL)


class Clerk(threading.Thread):
    """Works through tasks with the same answers; notes what the server has acknowledged."""

    def __init__(self, site: str, office: Office, name: str, fields: Mapping[str, str]) -> None:
        """Sign in; the site must answer."""
        super().__init__(daemon=True)
        self.acknowledged: dict[UUID, UUID] = {}  # task -> attempt
        self.refused: list[str] = []
        self.sent_again = 0
        self.told: set[str] = set()  # headings of the pages that asked for patience
        self._stopped = threading.Event()
        self._host = urlsplit(site).netloc
        self._desk = SimpleQueue[UUID]()
        visitor = Visitor(site)
        visitor.carry("alur", _session(office, name))
        visitor.open("/account")
        token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
        self._cookie = visitor.cookies
        self._fields = {**fields, "csrf_token": token, "complete": "1"}

    def run(self) -> None:
        """Complete the tasks until told to stop."""
        while not self._stopped.is_set():
            try:
                task = self._desk.get(timeout=_PAUSE)
            except Empty:
                continue
            attempt = new_id()
            while not self._complete(task, attempt):
                if self._stopped.wait(_PAUSE):
                    return
                self.sent_again += 1

    def lay_down(self, task: UUID) -> None:
        """Give a task to be completed."""
        self._desk.put(task)

    @property
    def on_desk(self) -> int:
        """Count the tasks that are not begun."""
        return self._desk.qsize()

    def end(self) -> None:
        """Stop, and wait for the last answer."""
        self._stopped.set()
        self.join(2 * _PATIENCE)

    def look(self, path: str) -> tuple[int, str]:
        """Open a page; gives its status and heading."""
        connection = HTTPConnection(self._host, timeout=_PATIENCE)
        try:
            connection.request("GET", path, headers={"Cookie": self._cookie})
            answer = connection.getresponse()
            heading = _HEADING.search(answer.read())
            return answer.status, heading.group(1).decode() if heading else ""
        finally:
            connection.close()

    def _complete(self, task: UUID, attempt: UUID) -> bool:
        """Send the form; False where no answer came back."""
        try:
            status, body = self._send(f"/tasks/{task.hex}/completion", {"attempt": attempt.hex})
        except (OSError, HTTPException):
            return False
        if status == 303:
            self.acknowledged[task] = attempt
        elif status in _DOWN:
            self.told |= {heading.decode() for heading in _HEADING.findall(body)}
        else:
            self.refused.append(f"{status}: {body[-2000:].decode(errors='replace')}")
        return status not in _DOWN

    def _send(self, path: str, fields: Mapping[str, str]) -> tuple[int, bytes]:
        connection = HTTPConnection(self._host, timeout=_PATIENCE)
        head = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, urlencode({**self._fields, **fields}), head)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _session(office: Office, name: str) -> str:
    token, digest = new_token()
    person, now = office.people[name].person, office.clock.now()
    assert person is not None
    with office.engine.store.transaction() as connection:
        sessions.add_session(connection, digest, person, now, now + timedelta(days=7))
    return token
