"""The contents of an SOP that a command is given: a diagram, a folder, an archive, or a version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.actions.deployment import Package, read_package
from engine.actions.packages import LARGEST_ARCHIVE, read_zip
from engine.bpmn.guard import read_bytes
from engine.errors import NotFound, say
from engine.storage import office, versions
from webapp.commands.opening import at_desk

_VERSION = re.compile(r"([a-z0-9][a-z0-9-]*)@(\d{1,6})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What was read. A diagram alone says nothing of forms, decisions and notes."""

    package: Package
    whole: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)  # of the office's roles


def read_content(named: str) -> Content:
    """Read what is named; Refused or NotFound with the reason."""
    path = Path(named)
    version = _VERSION.fullmatch(named)
    if version is not None and not path.exists():
        return _version(version.group(1), int(version.group(2)))
    if path.is_dir():
        return Content(package=read_package(path.resolve()))
    if path.suffix == ".zip":
        return Content(package=zip_package(path))
    return Content(package=Package(key=path.stem, bpmn=read_bytes(path), forms={}), whole=False)


def zip_package(path: Path, key: str = "") -> Package:
    """Read an archive; its name is the key of its SOP where no other is given."""
    with path.open("rb") as file:
        return read_zip(file.read(LARGEST_ARCHIVE + 1), key or path.stem)


def _version(key: str, number: int) -> Content:
    with at_desk() as desk, desk.engine.store.reading() as connection:
        labels = office.role_labels(connection, desk.actor.office)
        process = versions.find_process(connection, desk.actor.office, key)
        files = versions.files_of(connection, process, number) if process else None
    if files is None:
        raise NotFound(
            say("There is no version %(number)s of an SOP with the key %(key)s.", number=number, key=key)
        )
    return Content(package=files.package(key), labels=dict(labels))
