"""Process versions: immutable once written, so each process of the program keeps them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, insert, or_, select, true, update

from engine.bpmn.definition_json import definition_from_json
from engine.bpmn.move_facts import VersionFacts
from engine.bpmn.move_facts_read import version_facts
from engine.bpmn.package import Package
from engine.bpmn.reader import nodes_of
from engine.errors import NotFound, say
from engine.forms.definition import FormDefinition, read_form
from engine.model.definition import Definition, Step
from engine.model.instance import VersionState
from engine.storage import data_stores
from engine.storage.tables import process, process_version
from engine.storage.transaction import Store

# Versions kept in memory; the least recently loaded goes first.
_KEPT = 64


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a process, ready for use: diagram read, forms read."""

    id: UUID
    process: UUID
    office: UUID
    key: str
    name: str
    number: int
    state: VersionState
    digest: bytes
    definition: Definition
    forms: Mapping[str, FormDefinition]

    def form_of(self, step: Step) -> FormDefinition | None:
        """Find the form of a step; None where it has none."""
        return self.forms.get(step.form_key) if step.form_key else None


class Versions:
    """Reads versions and keeps what never changes of them."""

    def __init__(self, store: Store) -> None:
        """Start empty."""
        self._store = store
        self._kept: dict[UUID, Version] = {}
        self._facts: dict[UUID, VersionFacts] = {}

    def get(self, version: UUID) -> Version:
        """Give a version by id. Its ``state`` may be that of the first loading."""
        kept = self._kept.get(version)
        if kept is None:
            kept = self._load(version)
            while len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[version] = kept
        return kept

    def facts_of(self, version: UUID) -> VersionFacts:
        """Give what a version means, element by element."""
        facts = self._facts.get(version)
        if facts is None:
            found = self.get(version)
            facts = version_facts(self.spec_of(version), found.definition, found.forms)
            while len(self._facts) >= _KEPT:
                self._facts.pop(next(iter(self._facts)), None)
            self._facts[version] = facts
        return facts

    def spec_of(self, version: UUID) -> str:
        """Give what the runner needs to run a version; the runner caches it."""
        with self._store.reading() as connection:
            spec: str | None = connection.scalar(
                select(process_version.c.spec).where(process_version.c.id == version)
            )
        if spec is None:
            raise NotFound(say("This SOP version does not exist."))
        return spec

    def stored_of(self, version: UUID, name: str) -> tuple[int, Any] | None:
        """Give revision and value of a data store of the version's office."""
        office = self.get(version).office
        with self._store.reading() as connection:
            return data_stores.read(connection, office, name)

    def diagram_of(self, version: UUID) -> bytes:
        """Give the file of a version as it was deployed."""
        with self._store.reading() as connection:
            text = connection.scalar(select(process_version.c.bpmn).where(process_version.c.id == version))
        if text is None:
            raise NotFound(say("This SOP version does not exist."))
        return str(text).encode()

    def _load(self, version: UUID) -> Version:
        with self._store.reading() as connection:
            row = connection.execute(
                select(
                    process_version.c.id,
                    process_version.c.process,
                    process_version.c.number,
                    process_version.c.state,
                    process_version.c.digest,
                    process_version.c.definition,
                    process_version.c.spec,
                    process_version.c.forms,
                    process.c.office,
                    process.c.key,
                    process.c.name,
                )
                .join(process, process.c.id == process_version.c.process)
                .where(process_version.c.id == version)
            ).one_or_none()
        if row is None:
            raise NotFound(say("This SOP version does not exist."))
        texts: dict[str, str] = json.loads(row.forms)
        return Version(
            id=row.id,
            process=row.process,
            office=row.office,
            key=row.key,
            name=row.name,
            number=row.number,
            state=VersionState(row.state),
            digest=row.digest,
            definition=definition_of(row.definition, row.spec),
            forms={key: read_form(key, text) for key, text in texts.items()},
        )


def runs_digest(definition: str, spec: str) -> str:
    """Name what the engine is given of a version: SHA-256 of the definition's text, a newline, the spec's."""
    return hashlib.sha256(f"{definition}\n{spec}".encode()).hexdigest()


def runs_of(connection: Connection, version: UUID) -> str:
    """Read the digest of what the engine is given of a version."""
    columns = (process_version.c.definition, process_version.c.spec)
    row = connection.execute(select(*columns).where(process_version.c.id == version)).one()
    return runs_digest(row.definition, row.spec)


def definition_of(text: str, spec: str) -> Definition:
    """Read what was read of a diagram, with what its spec has and nobody drew."""
    read = definition_from_json(text)
    drawn = {shape.element for shape in read.diagram.shapes}
    return replace(read, undrawn=tuple(node for node in nodes_of(spec) if node.element not in drawn))


def find_process(connection: Connection, office: UUID, key: str) -> UUID | None:
    """Find a process of an office by its key."""
    return connection.scalar(select(process.c.id).where(process.c.office == office, process.c.key == key))


def add_process(connection: Connection, *, id_: UUID, office: UUID, key: str, name: str) -> None:
    """Write a process of the library."""
    connection.execute(insert(process).values(id=id_, office=office, key=key, name=name))


def rename_process(connection: Connection, process_id: UUID, name: str) -> None:
    """Keep the name in step with the newest diagram."""
    connection.execute(update(process).where(process.c.id == process_id).values(name=name))


def has_any(connection: Connection, process_id: UUID) -> bool:
    """Tell whether an SOP has a version."""
    found = select(process_version.c.id).where(process_version.c.process == process_id).limit(1)
    return connection.execute(found).first() is not None


def notes_of(connection: Connection, version: UUID) -> str:
    """Read the notes of a version."""
    return connection.scalar(select(process_version.c.notes).where(process_version.c.id == version)) or ""


def find_digest(connection: Connection, process_id: UUID, digest: bytes) -> tuple[UUID, int, str] | None:
    """Find (id, number, state) of the version with exactly this content."""
    row = connection.execute(
        select(process_version.c.id, process_version.c.number, process_version.c.state).where(
            process_version.c.process == process_id, process_version.c.digest == digest
        )
    ).one_or_none()
    return (row.id, row.number, row.state) if row else None


def next_number(connection: Connection, process_id: UUID) -> int:
    """Give the number a new version gets."""
    last: int | None = connection.scalar(
        select(func.max(process_version.c.number)).where(process_version.c.process == process_id)
    )
    return (last or 0) + 1


def add_version(connection: Connection, **columns: Any) -> None:
    """Write a version."""
    connection.execute(insert(process_version).values(**columns))


def hold_process(connection: Connection, process_id: UUID) -> None:
    """Let whoever changes the state of a version of an SOP wait for each other, or comments on one.

    Before any version is written: whoever puts one in force writes others too. A case that is written with
    them, or a draft, is taken before it. So do those who ask for work on its open cases.
    Not FOR UPDATE: see ``events.append``.
    """
    held = select(process.c.id).where(process.c.id == process_id)
    connection.execute(held.with_for_update(key_share=True))


def supersede_others(
    connection: Connection, process_id: UUID, number: int, state: VersionState, *, submitted: bool = False
) -> list[tuple[int, str]]:
    """Let the version with a number take the place of others.

    A trial takes that of earlier trials, one in force that of whatever else is in force besides. One that
    was submitted for a trial leaves alone what an operator deployed: a team tries it, the office works on.
    Gives the numbers of those others, with the states they had.
    """
    in_force = process_version.c.state == VersionState.IN_FORCE
    earlier = and_(process_version.c.state == VersionState.TRIAL, process_version.c.number < number)
    others = and_(
        process_version.c.process == process_id,
        process_version.c.number != number,
        or_(in_force, earlier) if state is VersionState.IN_FORCE else earlier,
        process_version.c.author.is_not(None) if submitted else true(),
    )
    rows = connection.execute(
        select(process_version.c.number, process_version.c.state)
        .where(others)
        .order_by(process_version.c.number)
    ).all()
    connection.execute(update(process_version).where(others).values(state=VersionState.SUPERSEDED))
    return [(row.number, row.state) for row in rows]


def change_state(
    connection: Connection, version: UUID, before: VersionState, after: VersionState, **columns: Any
) -> bool:
    """Write what became of a version, where it still is what it was; tells whether it was."""
    changed = connection.execute(
        update(process_version)
        .where(process_version.c.id == version, process_version.c.state == before)
        .values(state=after, **columns)
    )
    return changed.rowcount == 1


@dataclass(frozen=True, kw_only=True)
class VersionFiles:
    """A version as its files: what a draft begins with."""

    id: UUID
    number: int
    bpmn: str
    forms: Mapping[str, str]
    decisions: Mapping[str, str]
    notes: str

    def package(self, key: str) -> Package:
        """Give them as the package they were deployed as."""
        return Package(
            key=key,
            bpmn=self.bpmn.encode(),
            forms=self.forms,
            notes=self.notes,
            decisions={name: text.encode() for name, text in self.decisions.items()},
        )


def files_of(connection: Connection, process_id: UUID, number: int) -> VersionFiles | None:
    """Read the files of a version."""
    row = connection.execute(
        select(
            process_version.c.id,
            process_version.c.bpmn,
            process_version.c.forms,
            process_version.c.decisions,
            process_version.c.notes,
        ).where(process_version.c.process == process_id, process_version.c.number == number)
    ).one_or_none()
    if row is None:
        return None
    return VersionFiles(
        id=row.id,
        number=number,
        bpmn=row.bpmn,
        forms=json.loads(row.forms),
        decisions=json.loads(row.decisions or "{}"),
        notes=row.notes,
    )
