"""The other system that service tasks call: it knows a repetition by its key, and takes its time."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.listening import serving


class Agenda:
    """What it was asked, and answered: a number for each key."""

    def __init__(self) -> None:
        """Begin with an empty book."""
        self.port = 0
        self.pause = 0.5  # seconds of a call: so that kills hit some in the middle
        self.calls: defaultdict[str, list[str]] = defaultdict(list)  # key -> paths
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def place(self) -> str:
        """Give host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def repeated(self) -> int:
        """Count the calls that came again."""
        return sum(len(paths) - 1 for paths in self.calls.values())

    def number(self, key: str) -> int:
        """Give the number that every call with a key gets."""
        with self._lock:
            return self._numbers.setdefault(key, len(self._numbers) + 1)

    def write(self, key: str, path: str) -> int:
        """Note a call; gives its number."""
        with self._lock:
            self.calls[key].append(path)
        time.sleep(self.pause)
        return self.number(key)


class _Server(ThreadingHTTPServer):
    agenda: Agenda
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing: its caller was killed."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Give a number."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        number = self.server.agenda.write(self.headers.get("Idempotency-Key", ""), self.path)
        body = json.dumps({"nomor": number}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def agenda() -> Iterator[Agenda]:
    """Answer on a port of its own."""
    made = Agenda()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.agenda, made.port = made, server.server_address[1]
    with serving(server):
        yield made
