"""Drafts of revisions: those of an SOP, and one with what its editor needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.bpmn.package import Package
from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.instance import VersionState
from engine.model.permission import WORKING, Permission, RoleKind
from engine.model.process_draft import DraftState, ProcessDraft
from engine.model.unseen import NO_DRAFT
from engine.storage import office, process_drafts, versions
from engine.storage.tables import person, process, process_draft, process_version, review_comment, role

_REFUSED = (VersionState.RETURNED, VersionState.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A draft in a list."""

    id: UUID
    key: str
    name: str  # of the SOP
    base: int | None  # number of the version it began with; None: an SOP that is new
    author: str
    mine: bool
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class LaneRole:
    """A role that a lane may name. ``performs`` tells that it is for nothing else."""

    key: str
    label: str
    name: str
    performs: bool


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """A draft with everything its pages need to know of the office."""

    draft: ProcessDraft
    base: int | None  # number of the version it began with
    number: int | None  # of the version it became
    author: str
    saved_by: str
    roles: tuple[LaneRole, ...]
    is_new: bool  # the SOP has no revision yet
    base_state: VersionState | None = None
    base_reason: str = ""  # why the version it began with was returned or withdrawn
    base_comments: tuple[tuple[str, str], ...] = ()  # step (empty: the whole) and text, not settled there


def open_drafts(engine: Engine, actor: Actor, key: str | None = None) -> tuple[DraftRow, ...]:
    """List the open drafts of an SOP, or of all; one's own first, then those saved last."""
    _must_revise(actor)
    author, saver = person.alias(), person.alias()
    wanted = [process_draft.c.office == actor.office, process_draft.c.state == DraftState.OPEN]
    if key is not None:
        wanted.append(process.c.key == key)
    with engine.store.reading() as connection:
        rows = connection.execute(
            select(
                process_draft.c.id,
                process.c.key,
                process.c.name,
                process_version.c.number,
                process_draft.c.author,
                author.c.name.label("author_name"),
                saver.c.name.label("saver_name"),
                process_draft.c.saved_at,
            )
            .join(process, process.c.id == process_draft.c.process)
            .join(author, author.c.id == process_draft.c.author)
            .join(saver, saver.c.id == process_draft.c.saved_by)
            .outerjoin(process_version, process_version.c.id == process_draft.c.base)
            .where(*wanted)
            .order_by(process_draft.c.saved_at.desc())
        ).all()
    found = [
        DraftRow(
            id=row.id,
            key=row.key,
            name=row.name,
            base=row.number,
            author=row.author_name,
            mine=row.author == actor.person,
            saved_by=row.saver_name,
            saved_at=row.saved_at,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.mine))


def draft_page(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> DraftPage:
    """Read a draft of an SOP in any state."""
    _must_revise(actor)
    with engine.store.reading() as connection:
        draft = process_drafts.load(connection, actor.office, draft_id)
        if draft is None or draft.key != key:
            raise NotFound(NO_DRAFT)
        people = select(person.c.id, person.c.name).where(person.c.id.in_({draft.author, draft.saved_by}))
        names = {row.id: row.name for row in connection.execute(people)}
        about = select(process_version.c.number, process_version.c.state, process_version.c.reason)
        base = connection.execute(about.where(process_version.c.id == draft.base)).first()
        state = VersionState(base.state) if base else None
        return DraftPage(
            draft=draft,
            base=base.number if base else None,
            base_state=state,
            base_reason=base.reason if base and state in _REFUSED else "",
            base_comments=_unsettled(engine, connection, draft.base)
            if draft.base and state is VersionState.RETURNED
            else (),
            number=_number(connection, draft.version),
            author=names[draft.author],
            saved_by=names[draft.saved_by],
            roles=_roles(connection, actor.office),
            is_new=not versions.has_any(connection, draft.process),
        )


def _unsettled(engine: Engine, connection: Connection, version: UUID) -> tuple[tuple[str, str], ...]:
    names = {one.element: one.name for one in engine.versions.get(version).definition.steps}
    rows = connection.execute(
        select(review_comment.c.element, review_comment.c.text)
        .where(review_comment.c.version == version, review_comment.c.resolved_at.is_(None))
        .order_by(review_comment.c.at)
    )
    return tuple((names.get(row.element, ""), row.text) for row in rows)


def lane_roles(engine: Engine, actor: Actor) -> tuple[LaneRole, ...]:
    """List the roles of the office that lanes may name, in their order."""
    _must_revise(actor)
    with engine.store.reading() as connection:
        return _roles(connection, actor.office)


def colleagues(engine: Engine, actor: Actor) -> tuple[tuple[UUID, str, str], ...]:
    """List the people who work on cases, with their posts: who may be asked to try a revision."""
    _must_revise(actor)
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        found = office.colleagues(connection, actor.office, day)
    return tuple((one.id, one.name, one.post) for one in found)


def _number(connection: Connection, version: UUID | None) -> int | None:
    return connection.scalar(select(process_version.c.number).where(process_version.c.id == version))


def _roles(connection: Connection, office_id: UUID) -> tuple[LaneRole, ...]:
    rows = connection.execute(
        select(role.c.key, role.c.label, role.c.name, role.c.kind)
        .where(role.c.office == office_id, role.c.kind.in_(WORKING))
        .order_by(role.c.position)
    )
    return tuple(
        LaneRole(key=row.key, label=row.label, name=row.name, performs=row.kind == RoleKind.PERFORMER)
        for row in rows
    )


def _must_revise(actor: Actor) -> None:
    if not actor.may(Permission.REVISE):
        raise NotFound(NO_DRAFT)


def package_of(draft: ProcessDraft) -> Package:
    """Give the files of a draft."""
    return Package(
        key=draft.key,
        bpmn=draft.bpmn.encode(),
        forms=draft.forms,
        notes=draft.notes,
        decisions={name: text.encode() for name, text in draft.decisions.items()},
    )
