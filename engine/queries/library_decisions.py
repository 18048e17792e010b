"""The decision tables of an SOP, read from the files as they were deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.dmn.files import read_decisions
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.decision import Decision
from engine.queries.library import SopPage, sop_page
from engine.queries.library_versions import NO_SOP, counting, must_read, versions_of
from engine.storage.tables import process_version


@dataclass(frozen=True, kw_only=True)
class DecisionsPage:
    """An SOP with its decisions; ``used_by`` names, by decision, the tasks of the diagram that take it."""

    sop: SopPage
    decisions: tuple[Decision, ...]
    used_by: Mapping[str, tuple[str, ...]]


def decisions_page(engine: Engine, actor: Actor, key: str, number: int | None = None) -> DecisionsPage:
    """Read the decisions of a version; NotFound where it has none."""
    sop = sop_page(engine, actor, key, number)
    with engine.store.reading() as connection:
        files = _files(connection, sop.version.id)
    if not files:
        raise NotFound(NO_SOP)
    found = read_decisions({name: text.encode() for name, text in files.items()})
    return DecisionsPage(
        sop=sop,
        decisions=tuple(found.decisions.values()),
        used_by={use.id: use.tasks for use in sop.definition.decisions},
    )


def decision_file(
    engine: Engine, actor: Actor, key: str, name: str, number: int | None = None
) -> tuple[int, str]:
    """Read one file of decisions as it was deployed: (number of the version, text)."""
    must_read(actor)
    with engine.store.reading() as connection:
        _name, versions = versions_of(connection, actor, key, number)
        wanted = counting(versions).number if number is None else number
        shown = next((one for one in versions if one.number == wanted), None)
        files = _files(connection, shown.id) if shown is not None else {}
    if name not in files:
        raise NotFound(NO_SOP)
    return wanted, files[name]


def _files(connection: Connection, version: UUID) -> dict[str, str]:
    kept = connection.scalar(select(process_version.c.decisions).where(process_version.c.id == version))
    files: dict[str, str] = json.loads(kept) if kept else {}
    return files
