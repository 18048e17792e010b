"""The library of SOPs: each with the version that counts now, and every version it ever had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound
from engine.forms.definition import FormDefinition
from engine.model.actor import Actor
from engine.model.definition import Definition, Document
from engine.model.instance import VersionState
from engine.model.permission import Permission, RoleKind
from engine.queries.holders import posts_of
from engine.queries.library_header import header_of
from engine.queries.library_versions import (
    NO_SOP,
    VersionRow,
    count_running,
    counting,
    may_start_cases,
    must_read,
    rank,
    versions_of,
)
from engine.queries.version_origins import NotesFrom, first_made, notes_from
from engine.storage.startable import Startable, startable
from engine.storage.suspensions import stopped_of
from engine.storage.tables import process, process_version
from engine.storage.versions import VersionFiles, files_of, find_process


@dataclass(frozen=True, kw_only=True)
class SopRow:
    """An SOP in the list. ``running`` stops at COUNTED."""

    key: str
    name: str
    state: VersionState
    number: int  # of the version that counts
    running: int
    stopped: bool  # the version that counts


@dataclass(frozen=True, kw_only=True)
class LibraryPage:
    """The SOPs of the office; ``owners`` are posts (else names) of who holds a role of owner today."""

    sops: tuple[SopRow, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SopPage:
    """One version of an SOP, with all the others."""

    key: str
    name: str
    version: VersionRow
    versions: tuple[VersionRow, ...]  # newest first
    is_current: bool  # the version that counts now
    running: int
    owners: tuple[str, ...]
    definition: Definition
    header: Document  # what the record says of it takes the place of what was typed
    forms: tuple[FormDefinition, ...]  # in the order of the steps
    notes: str  # how the written SOP was read: Markdown
    may_start: bool
    stopped: UUID | None  # the incident that stops the version
    may_solve: bool
    may_revise: bool
    may_supervise: bool  # see who has read what changed
    may_review: bool  # read what was said of it, and what can be decided
    trials: tuple[int, ...]  # revisions in trial that the actor may start cases on, besides the shown one


def library_page(engine: Engine, actor: Actor) -> LibraryPage:
    """List the SOPs of the actor's office by name."""
    must_read(actor)
    today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        rows = connection.execute(
            select(
                process.c.id,
                process.c.key,
                process.c.name,
                process_version.c.number,
                process_version.c.state,
                process_version.c.author,
                process_version.c.id.label("version"),
            )
            .join(process_version, process_version.c.process == process.c.id)
            .where(process.c.office == actor.office)
            .order_by(process.c.name, process.c.key, process_version.c.number.desc())
        ).all()
        several: dict[UUID, list[Any]] = {}
        for row in rows:
            several.setdefault(row.id, []).append(row)
        sops = tuple(_sop(connection, versions) for versions in several.values())
        owners = posts_of(connection, actor.office, RoleKind.OWNER, today)
    return LibraryPage(sops=sops, owners=owners)


def sop_page(engine: Engine, actor: Actor, key: str, number: int | None = None) -> SopPage:
    """Read the version of an SOP that counts now, or the one with a number."""
    must_read(actor)
    today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        name, versions = versions_of(connection, actor, key, number)
        current = counting(versions)
        shown = current if number is None else next((one for one in versions if one.number == number), None)
        if shown is None:
            raise NotFound(NO_SOP)
        version = engine.versions.get(shown.id)
        notes = connection.scalar(select(process_version.c.notes).where(process_version.c.id == shown.id))
        running = count_running(connection, version.process)
        first = first_made(connection, version.process)
        owners = posts_of(connection, actor.office, RoleKind.OWNER, today)
        stopped = stopped_of(connection, [shown.id]).get(shown.id)
        several = startable(connection, version.process, today, actor.person)
    return SopPage(
        key=key,
        name=version.definition.name or name,
        version=shown,
        versions=tuple(versions),
        is_current=shown is current,
        running=running,
        owners=owners,
        definition=version.definition,
        header=header_of(engine, actor, version.definition.document, shown, first),
        forms=_forms(version.definition, version.forms),
        notes=notes or "",
        stopped=stopped,
        may_solve=actor.may(Permission.SOLVE_INCIDENTS),
        may_revise=actor.may(Permission.REVISE),
        may_supervise=actor.may(Permission.SUPERVISE_CASES),
        may_review=actor.may(Permission.READ_REVIEWS),
        trials=_trials(engine, several, shown.id, actor) if shown is current else (),
        may_start=shown is current
        and stopped is None
        and any(one.id == shown.id for one in several)
        and may_start_cases(actor, version.definition),
    )


def notes_written(engine: Engine, page: SopPage) -> NotesFrom | None:
    """Read with which earlier revision the notes of a page came; None: with its own, or there are none."""
    if not page.notes:
        return None
    with engine.store.reading() as connection:
        process_id = engine.versions.get(page.version.id).process
        came = notes_from(connection, process_id, page.version.number, page.notes)
    return came if came.number < page.version.number else None


def diagram_file(engine: Engine, actor: Actor, key: str, number: int | None = None) -> tuple[int, str]:
    """Read the diagram of a version as it was deployed: (number, text)."""
    must_read(actor)
    with engine.store.reading() as connection:
        _name, versions = versions_of(connection, actor, key, number)
        wanted = counting(versions).number if number is None else number
        shown = next((one for one in versions if one.number == wanted), None)
        if shown is None:
            raise NotFound(NO_SOP)
        text = connection.scalar(select(process_version.c.bpmn).where(process_version.c.id == shown.id))
    return wanted, text or ""


def version_files(engine: Engine, actor: Actor, key: str, number: int) -> VersionFiles:
    """Read everything a version consists of, as it was deployed or submitted."""
    must_read(actor)
    with engine.store.reading() as connection:
        process_id = find_process(connection, actor.office, key)
        found = files_of(connection, process_id, number) if process_id else None
    if found is None:
        raise NotFound(NO_SOP)
    return found


def _sop(connection: Connection, versions: list[Any]) -> SopRow:
    best = min(
        versions,
        key=lambda row: (rank(VersionState(row.state), submitted=row.author is not None), -row.number),
    )
    return SopRow(
        key=best.key,
        name=best.name,
        state=VersionState(best.state),
        number=best.number,
        running=count_running(connection, best.id),
        stopped=bool(stopped_of(connection, [best.version])),
    )


def _trials(engine: Engine, several: tuple[Startable, ...], shown: UUID, actor: Actor) -> tuple[int, ...]:
    return tuple(
        one.number
        for one in several
        if one.state is VersionState.TRIAL
        and one.id != shown
        and may_start_cases(actor, engine.versions.get(one.id).definition)
    )


def _forms(definition: Definition, forms: Mapping[str, FormDefinition]) -> tuple[FormDefinition, ...]:
    keys = dict.fromkeys(step.form_key for step in definition.steps if step.form_key)
    return tuple(forms[key] for key in keys if key in forms)
