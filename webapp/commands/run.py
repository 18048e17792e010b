"""``alur run``: prepares, then starts web and worker and looks after them.

It loads as little as it can, because it stays in memory for as long as the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click

from webapp.commands.places import unusable
from webapp.commands.starting import CHILD, read_settings
from webapp.settings import Settings, refusal

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0  # seconds for the web process to answer
_GRACE = 15.0  # seconds for a process to end before it is killed
_PAUSE = 0.2
_AGAIN = 1.0  # seconds before a worker that died is started again


class _Stopped(Exception):
    """Ctrl-C or SIGTERM."""


@click.command()
@click.option("--demo", is_flag=True, help="Make demo accounts and cases; serves loopback only.")
def command(*, demo: bool) -> None:
    """Start web and worker; the first start makes the database. Ctrl-C stops both."""
    if demo:
        os.environ["ALUR_DEMO"] = "1"
        os.environ.setdefault("ALUR_LOG_LEVEL", "warning")
    settings = read_settings()
    refused = unusable(settings) or refusal(settings)
    if refused:
        raise click.ClickException(refused)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        _prepare(settings, children)
        _serve(settings, children)
    except _Stopped:
        _say("\nStopping.")
    finally:
        _end(children)
    _say("Alur has stopped. The data stay in " + str(settings.data_dir))


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stopped


def _prepare(settings: Settings, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Prepare the database, unless the last start did just that with the same files and settings."""
    stamp, fresh = settings.data_dir / "prepared", _state(settings)
    if not settings.database_url and (settings.data_dir / "alur.db").exists() and _read(stamp) == fresh:
        return
    with _progress():
        children["prepare"] = _start("prepare")
        status = children["prepare"].wait()
    del children["prepare"]
    if status != 0:
        raise SystemExit(status)
    stamp.write_text(fresh)


def _serve(settings: Settings, children: dict[str, subprocess.Popen[bytes]]) -> None:
    children["web"] = _start("web")
    _await_web(settings, children["web"])
    # After the web, so that on two cores people do not wait for both.
    children["worker"] = _start("worker")
    _welcome(settings)
    while children["web"].poll() is None:
        if children["worker"].poll() is not None:
            _say(f"The worker ended with {children['worker'].returncode}; starting it again.")
            time.sleep(_AGAIN)
            children["worker"] = _start("worker")
        time.sleep(_PAUSE)
    raise click.ClickException(
        f"The web process ended with {children['web'].returncode}; see the lines above."
    )


def _start(name: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, CHILD: str(os.getpid())}
    return subprocess.Popen([sys.executable, "-m", "webapp.cli", name], env=environment)  # noqa: S603 - ourselves


def _await_web(settings: Settings, web: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _answers(settings):
        if web.poll() is not None:
            raise click.ClickException("The web process did not start; see the lines above.")
        if time.monotonic() > deadline:
            raise click.ClickException(f"The web process did not answer within {_PATIENCE:.0f} s.")
        time.sleep(0.05)


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "localhost"} else settings.host  # noqa: S104 - only asked
    connection = HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status > 0
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """End every process, and wait: a second Ctrl-C must not leave one behind."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _state(settings: Settings) -> str:
    """Give a digest of everything `alur prepare` looks at: files by size and time, and what was set."""
    state = hashlib.sha256(f"{settings.demo}:{settings.office}:".encode())
    if settings.demo:
        state.update(settings.demo_key.encode())
    folders = ("processes", "forms", "webapp/library_files", "engine/storage/migrations/versions")
    for folder in folders:
        for path in sorted((_ROOT / folder).rglob("*.*")):
            if path.is_file() and "__pycache__" not in path.parts:
                about = path.stat()
                state.update(f"{path}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return state.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@contextmanager
def _progress() -> Iterator[None]:
    """Show that something goes on while the lines of the preparation come in."""
    if not sys.stdout.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only while preparing, on a terminal

    with Console().status("Preparing …"):
        yield


def _welcome(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    _say(f"\nAlur is ready: http://{host}:{settings.port}/")
    if settings.demo:
        _say(f"Demo accounts, all with the password {settings.demo_key}:")
        for account, name in _demo_accounts():
            _say(f"  {account:10} {name}")
    _say("Ctrl-C stops it.\n")


def _demo_accounts() -> list[tuple[str, str]]:
    for folder in ("processes", "webapp/library_files/processes"):
        path = _ROOT / folder / "demo.json"
        if path.is_file():
            return [(one["account"], one["name"]) for one in json.loads(path.read_text("utf-8"))["people"]]
    return []


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
