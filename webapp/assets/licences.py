"""Puts the licence of every package that the pages carry beside them, as each of them asks."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from webapp.assets.bundling import BuildFailed


def copy_licences(packages: Iterable[str], modules: Path, folder: Path) -> None:
    """Copy each package's licence; of one that brings no file, what its package.json states."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for package in sorted(packages):
        target = folder / f"{package.replace('/', '-').lstrip('@')}.txt"
        found = sorted(
            path
            for path in (modules / package).iterdir()
            if re.search("licen[cs]e", path.name, re.IGNORECASE)
        )
        if found:
            shutil.copyfile(found[0], target)
        else:
            target.write_text(_stated(modules / package / "package.json"), "utf-8")


def _stated(path: Path) -> str:
    package = json.loads(path.read_text("utf-8"))
    if not package.get("license"):
        message = f"assets: {package['name']} states no licence"
        raise BuildFailed(message)
    return f"{package['name']} {package['version']}, {package.get('author')}: licence {package['license']}\n"
