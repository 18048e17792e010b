"""All that a bundle of evidence is made of, from one snapshot: a case, its record, its proofs, its papers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.core import Engine
from engine.errors import Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.checkpoint import read_public_key
from engine.model.event import Event, EventKind
from engine.model.permission import Permission
from engine.model.unseen import NO_CASE
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.case_papers import DocumentVersion, versions_of
from engine.queries.named import read_names
from engine.storage import checkpoints, office, seals
from engine.storage.checkpoints import Kept
from engine.storage.events import read_event
from engine.storage.seals import Hashes, Tree
from engine.storage.tables import event, instance, process_version
from engine.storage.versions import Version, VersionFiles, files_of

_ALL = 1 << 30
_EARLIER = 30  # checkpoints before the newest one that are shown to agree with it
_DIGITS = 32  # of a version's digest, in what an act was decided by


@dataclass(frozen=True, kw_only=True)
class Proved:
    """An event with its index in the record and the path from it to the root; neither before it is sealed."""

    event: Event
    said: Mapping[str, Any]  # nothing once it was erased
    version: Version  # of the SOP, by which the case went then
    index: int | None
    path: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A checkpoint that was kept, with the path that shows the record to begin with it."""

    kept: Kept
    path: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A version of the SOP that the case went by."""

    number: int
    digest: bytes
    files: VersionFiles


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A case with all that proves it."""

    facts: CaseFacts
    office: str
    events: tuple[Proved, ...]
    tree: Tree | None
    earlier: tuple[Earlier, ...]
    documents: tuple[DocumentVersion, ...]  # in the order they were made
    revisions: tuple[Revision, ...]
    people: Mapping[UUID, tuple[str, str]]  # name and post of whoever acted or is named
    names: Mapping[str, str]  # of people, units and files in values

    @property
    def is_sealed(self) -> bool:
        """Tell whether every event has its place in the tree."""
        return self.tree is not None and all(one.index is not None for one in self.events)


@dataclass(frozen=True, kw_only=True)
class BundlePage:
    """A case whose evidence is asked for, and the key that signs it; empty before anything is sealed."""

    facts: CaseFacts
    events: int
    fingerprint: str


def evidence_of(engine: Engine, actor: Actor, case: UUID) -> Evidence:
    """Read a case for whoever may read the record."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        tree = seals.tree_of(connection)
        hashes = Hashes(connection, tree.size if tree else 0)
        events = tuple(_events(engine, connection, facts, hashes))
        return Evidence(
            facts=facts,
            office=office.name_of(connection, facts.office),
            events=events,
            tree=tree,
            earlier=tuple(_earlier(connection, hashes, tree, events)) if tree else (),
            documents=_documents(engine, connection, facts),
            revisions=tuple(_revisions(connection, facts, events)),
            people=_people(connection, events),
            names=read_names(connection, facts.office, _values(events)),
        )


def bundle_asked(engine: Engine, actor: Actor, case: UUID) -> BundlePage:
    """Read what the page says from which evidence of a case is taken away."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        tree = seals.tree_of(connection)
        count = connection.scalar(select(func.max(event.c.seq)).where(event.c.stream == case))
    key = read_public_key(tree.key) if tree else None
    return BundlePage(facts=facts, events=count or 0, fingerprint=key.fingerprint if key else "")


def must_read_record(actor: Actor) -> None:
    """Refuse everybody who does not read the record, but the command line."""
    if actor.person is not None and not actor.may(Permission.READ_RECORD):
        raise Forbidden(say("Only auditors and process owners take evidence of a case away."))


def case_numbered(engine: Engine, actor: Actor, number: str) -> UUID:
    """Find a case of the actor's office by its number; NotFound where there is none."""
    with engine.store.reading() as connection:
        found = connection.scalar(
            select(instance.c.id).where(instance.c.office == actor.office, instance.c.number == number)
        )
    if found is None:
        raise NotFound(NO_CASE)
    return UUID(hex=found.hex)


def _events(engine: Engine, connection: Connection, facts: CaseFacts, hashes: Hashes) -> Iterator[Proved]:
    rows = connection.execute(select(event).where(event.c.stream == facts.id).order_by(event.c.seq))
    found = [(read_event(row), row["sealed"]) for row in rows.mappings()]
    said = [_said(one) for one, _ in found]
    moves = [
        told["versions"] for (one, _), told in zip(found, said, strict=True) if one.kind in _MOVES and told
    ]
    version = engine.versions.get(UUID(hex=moves[0][0]) if moves else facts.version)
    for (one, index), told in zip(found, said, strict=True):
        if one.kind in _MOVES and told:
            version = engine.versions.get(UUID(hex=told["versions"][1]))
        path = tuple(hashes.inclusion(index)) if index is not None else ()
        yield Proved(event=one, said=told, version=version, index=index, path=path)


_MOVES = (EventKind.CASE_MOVED, EventKind.MOVE_UNDONE)


def _said(one: Event) -> Mapping[str, Any]:
    said = json.loads(one.payload) if one.payload is not None else {}
    return said if isinstance(said, dict) else {}


def _earlier(
    connection: Connection, hashes: Hashes, tree: Tree, events: tuple[Proved, ...]
) -> Iterator[Earlier]:
    """Choose the newest that are kept, and the first that covers the whole case."""
    kept = [one for one in checkpoints.listed(connection) if 0 < one.size < tree.size]
    last = max((one.index for one in events if one.index is not None), default=0)
    covering = next((one for one in kept if one.size > last), None)
    for one in kept:
        if one is covering or one in kept[-_EARLIER:]:
            yield Earlier(kept=one, path=tuple(hashes.consistency(one.size)))


def _documents(engine: Engine, connection: Connection, facts: CaseFacts) -> tuple[DocumentVersion, ...]:
    definition = engine.versions.get(facts.version).definition
    return versions_of(connection, facts.id, definition, most=_ALL).rows[::-1]


def _revisions(connection: Connection, facts: CaseFacts, events: tuple[Proved, ...]) -> Iterator[Revision]:
    process = connection.execute(
        select(process_version.c.process).where(process_version.c.id == facts.version)
    ).scalar_one()
    named = {one.said.get("sop") for one in events} | {one.version.digest.hex()[:_DIGITS] for one in events}
    rows = connection.execute(
        select(process_version.c.number, process_version.c.digest)
        .where(process_version.c.process == process)
        .order_by(process_version.c.number)
    ).all()
    for row in rows:
        files = files_of(connection, process, row.number) if row.digest.hex()[:_DIGITS] in named else None
        if files is not None:
            yield Revision(number=row.number, digest=row.digest, files=files)


def _values(events: tuple[Proved, ...]) -> list[Any]:
    """Give what may hold people, units or files by their identities."""
    return [one.said.get(key) for one in events for key in ("data", "was", "to", "of", "assignee")]


def _people(connection: Connection, events: tuple[Proved, ...]) -> dict[UUID, tuple[str, str]]:
    people = {who for one in events for who in (one.event.actor, one.event.on_behalf_of) if who is not None}
    return office.names_of(connection, people)
