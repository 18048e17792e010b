"""Stands between the engine and PostgreSQL, and cuts the connection at a commit."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

_COMMIT = b"COMMIT"
_MOST = 65536
_DONE = 0.1  # seconds in which a commit is done


class Cut(Enum):
    """When a connection is cut."""

    BEFORE = "the commit never arrives"
    AFTER = "the commit is done, its answer never arrives"


class Cutter:
    """A proxy; ``at`` says how the next commits end, one each."""

    def __init__(self, server: Path) -> None:
        """Take the socket of PostgreSQL."""
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.at: list[Cut] = []

    def serve(self) -> None:
        """Take connections until it is closed."""
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self._server))
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            while sent := client.recv(_MOST):
                if _COMMIT in sent and self.at:
                    self._cut(self.at.pop(0), sent, client, server)
                    break
                server.sendall(sent)
            server.shutdown(socket.SHUT_RDWR)  # wakes the other thread, and the server sees the end

    def _cut(self, how: Cut, sent: bytes, client: socket.socket, server: socket.socket) -> None:
        client.shutdown(socket.SHUT_RDWR)  # before the answer could come through
        if how is Cut.AFTER:
            server.sendall(sent)
            time.sleep(_DONE)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while got := source.recv(_MOST):
            target.sendall(got)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutter(server: Path) -> Iterator[Cutter]:
    """Run one."""
    running = Cutter(server)
    threading.Thread(target=running.serve, daemon=True).start()
    try:
        yield running
    finally:
        running.close()
