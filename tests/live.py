"""A server of the tests' own: ``alur run --demo`` on a free port of loopback, as anybody would start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen
from weakref import finalize

PASSWORD = "untuk-uji-saja-17"
_COMMAND = "from webapp.cli import main; main()"
_PATIENCE = 300.0  # seconds: a first start makes the demo cases
_STOPPING = 60.0


class ServerFailed(RuntimeError):
    """The server did not come up; what it wrote is in the message."""


class Server:
    """One data folder and, while it runs, the processes that serve it. Start it again after a kill."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str = "",
        command: Sequence[str] = ("run", "--demo"),
        before: str = "pass",
        **settings: str,
    ) -> None:
        """Take the data folder, a database address (empty: SQLite in the folder), and ALUR_ settings.

        ``before`` is Python that its process runs first.
        """
        self._arguments, self._before = command, before
        self.folder = folder
        self.port, held = _free_port()
        finalize(self, os.close, held)
        self.log = folder.with_name(f"{folder.name}.log")
        self._settings = {"database_url": database, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Give the address of its pages, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers (a worker answers nobody)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"{self._before}; {_COMMAND}", *self._arguments],
                env=self._environment(),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # so that kill() ends all of its processes and none of ours
            )
        deadline = time.monotonic() + _PATIENCE
        while self._arguments[0] != "worker" and not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                message = f"The server did not start:\n{self.log.read_text()[-4000:]}"
                raise ServerFailed(message)
            time.sleep(0.1)

    def stop(self) -> int:
        """End it as Ctrl-C does; gives its exit code."""
        process = self._running()
        process.send_signal(signal.SIGINT)
        try:
            return process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End all of its processes at once, without a chance to tidy up."""
        if self._process is None:
            return
        process = self._process
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        while self._listens():
            time.sleep(0.01)  # its children are gone a moment later

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, however the test went."""
        if self._running().poll() is None:
            self.stop()

    @property
    def is_running(self) -> bool:
        """Tell whether the process it started is there."""
        return self._process is not None and self._process.poll() is None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            message = "the server was not started"
            raise ServerFailed(message)
        return self._process

    def _environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith("ALUR_")}
        settings = {
            "data_dir": str(self.folder),
            "port": str(self.port),
            "demo_password": PASSWORD,
            "supervised": str(os.getpid()),  # a killed session leaves no server behind
            **self._settings,
        }
        return {**mine, **{f"ALUR_{name.upper()}": value for name, value in settings.items()}}

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/sign-in", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False


def _free_port() -> tuple[int, int]:
    """Find a port, and hold it: a server may listen there, and Linux gives it to nobody else meanwhile."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    return int(place.getsockname()[1]), place.detach()
