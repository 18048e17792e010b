"""Chromium for the browser tests: found on the machine, else installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromium(RuntimeError):
    """There is no Chromium to test in."""


def find() -> Path:
    """Find a Chromium; NoChromium says what to install."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    own = _playwrights()
    if own:
        return own
    message = (
        "No Chromium was found. Install the package chromium, or run: .venv/bin/playwright install chromium"
    )
    raise NoChromium(message)


def provide() -> Path:
    """Find a Chromium, or install one: by apt-get for root, else Playwright's own."""
    try:
        return find()
    except NoChromium:
        _install()
        return find()


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("tests: installing Chromium with apt-get", flush=True)  # noqa: T201 - read by who waits
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], check=False, env=quiet, stdout=subprocess.DEVNULL)
        return
    print("tests: installing Playwright's Chromium", flush=True)  # noqa: T201 - read by who waits
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _playwrights() -> Path | None:
    """Find the Chromium that Playwright installed for itself."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow, and mostly not needed

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None
