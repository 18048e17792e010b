"""Memory of a server that has answered a few pages and waits: shared pages counted once, by parts (PSS)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from benchmarks.cpu import descendants
from benchmarks.figures import Figure, Size
from benchmarks.office import Office, opened_office
from engine.actions.passwords import new_token
from engine.clock import Clock
from engine.storage import sessions

_RUN = (sys.executable, "-m", "webapp.cli", "run")
_PATIENCE = 60.0
_SETTLING = 2.0
_MEGABYTE = 1024  # in kilobytes, which Linux tells


def measure(_size: Size) -> list[Figure]:
    """Start ``alur run`` on an office with two cases, look at the pages, let it rest."""
    with opened_office() as office:
        steps = office.steps(tables=True)
        office.work(office.start(), steps)
        case = office.start()
        task = office.arrive(case, steps[0])
        pages = ("/tasks", f"/tasks/{task.hex}", "/cases", f"/cases/{case.hex}", "/library")
        web, whole = _idle(office, pages)
    return [
        Figure(name="idle memory of the web process", value=web / _MEGABYTE, unit="MB", target=150),
        Figure(name="idle memory of the whole alur run", value=whole / _MEGABYTE, unit="MB", target=300),
    ]


def _idle(office: Office, pages: Iterable[str]) -> tuple[int, int]:
    """Give kilobytes of the web process with its children, and of everything."""
    port = _free_port()
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALUR_")}
    environment = {
        **mine,
        "ALUR_DATA_DIR": str(office.folder),
        "ALUR_PORT": str(port),
        "ALUR_LOG_LEVEL": "warning",
    }
    token = _session(office)
    with (office.folder / "run.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - ourselves
            _RUN, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _open(server, f"http://127.0.0.1:{port}", token, pages)
        time.sleep(_SETTLING)
        everything = [server.pid, *descendants(server.pid)]
        web = next(pid for pid in everything if _is_web(pid))
        return sum(map(_pss, [web, *descendants(web)])), sum(map(_pss, everything))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(_PATIENCE)


def _session(office: Office) -> str:
    person = office.actors["kadin"].person
    assert person is not None
    token, digest = new_token()
    now = Clock().now().astimezone(UTC)
    with office.engine.store.transaction() as connection:
        sessions.add_session(connection, digest, person, now, now + timedelta(days=1))
    return token


def _open(server: subprocess.Popen[bytes], address: str, token: str, pages: Iterable[str]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _answers(address):
        if server.poll() is not None or time.monotonic() > deadline:
            msg = "alur run did not start"
            raise RuntimeError(msg)
        time.sleep(0.1)
    for page in pages:
        with urlopen(Request(address + page, headers={"Cookie": f"alur={token}"}), timeout=30) as answer:  # noqa: S310 - loopback
            assert answer.status == 200, page
            assert b"</html>" in answer.read()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/sign-in", timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def _is_web(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")[-1] == b"web"


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
