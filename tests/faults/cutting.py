"""Stands between the engine and PostgreSQL, and cuts the connection at a commit."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

_COMMIT = b"COMMIT"
_MOST = 65536
_PATIENCE = 60  # seconds for a commit to be done


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
            answers = _Answers(server, client)
            answers.start()
            while sent := client.recv(_MOST):
                if _COMMIT in sent and self.at:
                    if self.at.pop(0) is Cut.AFTER:
                        answers.keep_back()
                        server.sendall(sent)
                        answers.kept.wait(_PATIENCE)
                    client.shutdown(socket.SHUT_RDWR)
                    break
                server.sendall(sent)
            server.shutdown(socket.SHUT_RDWR)  # wakes the other thread, and the server sees the end


class _Answers(threading.Thread):
    """Hands on what the server says, until it is to be kept back: then it only notes that it came."""

    def __init__(self, server: socket.socket, client: socket.socket) -> None:
        super().__init__(daemon=True)
        self._server, self._client = server, client
        self._keeps_back = False
        self.kept = threading.Event()

    def keep_back(self) -> None:
        """Keep the next answer; there is none on its way, as who commits has read all before."""
        self._keeps_back = True

    def run(self) -> None:
        """Hand on until either side is gone."""
        with suppress(OSError):
            while got := self._server.recv(_MOST):
                if self._keeps_back:
                    self.kept.set()
                else:
                    self._client.sendall(got)
        with suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutter(server: Path) -> Iterator[Cutter]:
    """Run one."""
    running = Cutter(server)
    threading.Thread(target=running.serve, daemon=True).start()
    try:
        yield running
    finally:
        running.close()
