"""PM4Py (AGPL) in an environment of its own under ``var``: a program that tests call, no part of Alur."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_LOCK = ROOT / ".ci" / "requirements-pm4py.lock"
_FOLDER = ROOT / "var" / "pm4py"
_PYTHON = _FOLDER / "bin" / "python"
_STAMP = _FOLDER / "installed"  # digest of the lock it was made from
_SCRIPT = Path(__file__).with_name("look.py")


class NoMining(RuntimeError):
    """PM4Py cannot be installed."""


def provide() -> Path:
    """Install PM4Py where it is missing or the lock is another; gives its Python."""
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    _FOLDER.parent.mkdir(exist_ok=True)
    with _FOLDER.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # tests run in several processes
        if not _STAMP.is_file() or _STAMP.read_text() != wanted:
            _install()
            _STAMP.write_text(wanted)
    return _PYTHON


def look(what: str, *files: Path) -> dict[str, Any]:
    """Let PM4Py look at files; gives what ``look.py`` found."""
    command = [provide(), "-W", "ignore", _SCRIPT, what, *files]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # it greets before
    return found


def _install() -> None:
    print("tests: installing PM4Py (a minute or so)", flush=True)  # noqa: T201 - read by who waits
    shutil.rmtree(_FOLDER, ignore_errors=True)
    pip = [_PYTHON, "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input", "install"]
    for command in (
        [sys.executable, "-m", "venv", _FOLDER],
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", _LOCK],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            message = f"PM4Py could not be installed: {done.stderr.strip()[-1000:]}"
            raise NoMining(message)
