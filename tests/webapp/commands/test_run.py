"""``alur run``: one command that serves, looks after its processes, and stops cleanly."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.live import Server, ServerFailed


def children_of(server: Server) -> dict[str, int]:
    """Name the processes of a server by their command: web, worker."""
    parent = server._running().pid
    found = {}
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            command = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            found[command[-1].decode()] = int(pid)
    return found


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def eventually(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def test_a_worker_that_died_is_started_again(server: Server) -> None:
    assert eventually(lambda: "worker" in children_of(server))
    first = children_of(server)["worker"]
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: children_of(server).get("worker", first) != first)
    with urlopen(f"{server.address}/health", timeout=60) as answer:
        assert answer.read() == b"ok"


def test_it_stops_cleanly_and_keeps_the_data(server: Server) -> None:
    assert eventually(lambda: "worker" in children_of(server))
    processes = children_of(server).values()
    assert server.stop() == 0
    assert not any(map(runs, processes))
    server.start()
    assert "interrupted" not in server.log.read_text()


def test_its_processes_end_when_it_is_killed(server: Server) -> None:
    assert eventually(lambda: "worker" in children_of(server))
    processes = children_of(server).values()
    os.kill(server._running().pid, signal.SIGKILL)
    assert eventually(lambda: not any(map(runs, processes)))


def test_a_port_that_is_taken_is_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(ServerFailed, match=rf"Port {port} is taken.*PORT=8010"):
            Server(tmp_path / "var", port=port).start()
    assert not (tmp_path / "var" / "alur.db").exists()


def test_a_folder_that_cannot_be_written_to_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServerFailed, match=r"data folder cannot be used.*Not a directory"):
        Server(tmp_path / "var", data_dir=str(tmp_path / "file" / "var")).start()
