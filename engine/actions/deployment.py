"""Put a process into the library: diagram, forms and notes as one version with one digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from engine.actions.loading import refusals
from engine.bpmn.definition_json import definition_to_json
from engine.bpmn.package import Package, decisions_in, read_forms
from engine.bpmn.parse import ReadProcess, read_process
from engine.connectors import signatures
from engine.core import Engine
from engine.dmn.files import read_folder
from engine.errors import Finding, Forbidden, Refused, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.definition import Document
from engine.model.event import EventKind, Scope
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.model.sop_key import RESERVED
from engine.storage import events, office, people, versions
from engine.storage.events import Line, to_json
from engine.storage.transaction import Connection
from engine.xml_guard import file_text

__all__ = ["Deployed", "Package", "deploy", "read_files", "read_forms", "read_package"]

LARGEST_FILE = 2_000_000  # bytes


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What came of a deployment; ``new`` is False where this content was there already."""

    version: UUID
    number: int
    state: VersionState
    new: bool
    replaced: int | None = None  # what was in force until now


def read_package(folder: Path) -> Package:
    """Read ``processes/<key>`` with its forms beside it in ``forms/<key>`` (or inside, in ``forms``)."""
    diagram = folder / "process.bpmn"
    if not diagram.is_file():
        raise _refused("no-diagram", folder.name, "Expected the file %(path)s.", path=str(diagram))
    beside = folder.parent.parent / "forms" / folder.name
    inside = folder / "forms"
    source = inside if inside.is_dir() else beside
    forms = {path.stem: _text(path) for path in sorted(source.glob("*.json"))}
    notes = folder / "README.md"
    return Package(
        key=folder.name,
        bpmn=_bytes(diagram),
        forms=forms,
        notes=_text(notes) if notes.is_file() else "",
        decisions=read_folder(folder),
    )


def deploy(engine: Engine, actor: Actor, package: Package) -> Deployed:
    """Check a package and put it into the library of the actor's office.

    The same content is a no-op. An operator's deployment is in force at once where its header has
    a number and an effective date, and in trial where it has not. One that looks after SOPs needs no number.
    """
    about, act = {"key": package.key, "sha256": package.digest.hex()}, EventKind.VERSION_DEPLOYED
    with refusals(engine, actor, actor.office, act, scope=Scope.OFFICE, about=about):
        if actor.person is not None and not actor.may(Permission.DEPLOY):
            raise Forbidden(say("Only a process owner can put an SOP into the library."))
        if package.key in RESERVED:
            raise _refused("key", package.key, "An SOP cannot have the key %(key)s.", key=package.key)
        read = read_files(engine, actor.office, package)
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)  # two at once would take the same number
        return _write(engine, connection, actor, package, read)


def read_files(engine: Engine, office_id: UUID, package: Package) -> ReadProcess:
    """Read the files of a package as an office would run them, or raise Refused with all that is wrong."""
    forms = read_forms(package.forms)
    with engine.store.reading() as connection:
        roles = frozenset(office.role_labels(connection, office_id))
    known = signatures(engine.connectors)
    decisions = decisions_in(package)
    return read_process(package.bpmn, forms=forms, role_keys=roles, connectors=known, decisions=decisions)


def content_of(package: Package, read: ReadProcess) -> dict[str, Any]:
    """Give the columns of a version that say what it consists of."""
    decisions = {name: file_text(content) for name, content in package.decisions.items()}
    return {
        "digest": package.digest,
        "bpmn": file_text(package.bpmn),
        "forms": to_json(dict(package.forms)),
        "decisions": to_json(decisions) if decisions else None,
        "notes": package.notes,
        "definition": definition_to_json(read.definition),
        "spec": read.spec,
    }


def _write(
    engine: Engine, connection: Connection, actor: Actor, package: Package, read: ReadProcess
) -> Deployed:
    process = versions.find_process(connection, actor.office, package.key)
    if process is None:
        process = new_id()
        versions.add_process(
            connection, id_=process, office=actor.office, key=package.key, name=read.definition.name
        )
    same = versions.find_digest(connection, process, package.digest)
    if same is not None:
        return Deployed(version=same[0], number=same[1], state=VersionState(same[2]), new=False)
    version, number = new_id(), versions.next_number(connection, process)
    state, effective = _standing(read.definition.document)
    now = engine.clock.now()
    versions.add_version(
        connection,
        id=version,
        process=process,
        number=number,
        state=state,
        author=actor.person,
        deployed_at=now,
        effective_from=effective,
        **content_of(package, read),
    )
    versions.rename_process(connection, process, read.definition.name)
    superseded = versions.supersede_others(connection, process, number, state)
    payload = {
        "key": package.key,
        "number": number,
        "state": state,
        "sha256": package.digest.hex(),
        "runs": versions.runs_of(connection, version),
        "superseded": superseded,
    }
    line = Line(kind=EventKind.VERSION_DEPLOYED, payload=payload)
    events.append(connection, Scope.LIBRARY, process, actor, now, [line])
    replaced = next((one for one, before in superseded if before == VersionState.IN_FORCE), None)
    return Deployed(version=version, number=number, state=state, new=True, replaced=replaced)


def _standing(header: Document) -> tuple[VersionState, date | None]:
    # What looks after SOPs comes with the program: no office has numbered it, and nothing is decided without.
    if not header.effective_on or not (header.number or header.purpose):
        return VersionState.TRIAL, None
    return VersionState.IN_FORCE, date.fromisoformat(header.effective_on)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE:
        raise _refused(
            "too-large",
            path.name,
            "Expected at most %(most)s bytes, found %(found)s.",
            most=LARGEST_FILE,
            found=path.stat().st_size,
        )
    return path.read_bytes()


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode()
    except UnicodeDecodeError:
        raise _refused("encoding", path.name, "Expected UTF-8 text in %(path)s.", path=path.name) from None


def _refused(code: str, name: str, template: str, **values: object) -> Refused:
    return Refused((Finding(code=code, element="", name=name, sentence=say(template, **values)),))
