"""What a process owner has in hand besides tasks: drafts, revisions on their way, reviews, suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus, VersionState
from engine.model.permission import Permission, RoleKind
from engine.model.process_draft import DraftState
from engine.model.review_due import ReviewKind
from engine.model.suggestion import SuggestionState
from engine.queries.deciding_case import deciding_cases
from engine.queries.holders import holders_of, posts
from engine.storage import process_drafts
from engine.storage.tables import (
    instance,
    periodic_review,
    person,
    process,
    process_draft,
    process_version,
    suggestion,
)

_MOST = 20  # of each kind
_ON_THEIR_WAY = (VersionState.TRIAL, VersionState.REVIEW, VersionState.RETURNED, VersionState.APPROVED)


class OwnedKind(StrEnum):
    """What is in hand."""

    DRAFT = "draft"
    VERSION = "version"  # submitted, and not in force
    REVIEW = "review"  # monitoring or evaluation, begun and not finished
    SUGGESTIONS = "suggestions"  # that wait for an answer


@dataclass(frozen=True, kw_only=True)
class Owned:
    """One thing that a process owner has in hand."""

    kind: OwnedKind
    key: str
    name: str  # of the SOP
    draft: UUID | None = None
    base: int | None = None  # number of the revision that the draft began with
    by: str = ""  # author of the draft; empty: the reader
    at: datetime | None = None  # it was saved; it is due
    number: int | None = None  # of the revision
    state: VersionState | None = None
    waits_for: tuple[str, ...] = ()
    day: date | None = None  # it comes into force; its trial ends; it fell due
    review: ReviewKind | None = None
    case: UUID | None = None
    count: int = 0  # of suggestions


def owned(engine: Engine, connection: Connection, actor: Actor) -> tuple[Owned, ...]:
    """Read what the SOPs of the office ask of their owner; nothing for anybody else."""
    if not actor.may(Permission.REVISE):
        return ()
    today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    return (
        *_suggestions(connection, actor),
        *_versions(connection, actor, today),
        *_reviews(connection, actor),
        *_drafts(connection, actor),
    )


def _suggestions(connection: Connection, actor: Actor) -> Iterator[Owned]:
    rows = connection.execute(
        select(process.c.key, process.c.name, func.count().label("several"))
        .join(suggestion, suggestion.c.process == process.c.id)
        .where(process.c.office == actor.office, suggestion.c.state == SuggestionState.OPEN)
        .group_by(process.c.key, process.c.name)
        .order_by(process.c.name)
        .limit(_MOST)
    )
    return (Owned(kind=OwnedKind.SUGGESTIONS, key=row.key, name=row.name, count=row.several) for row in rows)


def _versions(connection: Connection, actor: Actor, today: date) -> Iterator[Owned]:
    newer = process_version.alias()
    newest = select(func.max(newer.c.number)).where(newer.c.process == process.c.id).scalar_subquery()
    columns = process_version.c
    rows = connection.execute(
        select(
            process.c.key,
            process.c.name,
            columns.id,
            columns.number,
            columns.state,
            columns.effective_from,
            columns.trial_until,
        )
        .join(process_version, columns.process == process.c.id)
        .where(process.c.office == actor.office, columns.author.is_not(None))
        .where(columns.state.in_(_ON_THEIR_WAY))
        .where((columns.state != VersionState.RETURNED) | (columns.number == newest))
        .order_by(columns.deployed_at.desc())
        .limit(_MOST)
    ).all()
    waiting = {row.id for row in rows if row.state == VersionState.REVIEW}
    decided_by = _decided_by(connection, actor, today, waiting) if waiting else {}
    for row in rows:
        state = VersionState(row.state)
        who, until = decided_by.get(row.id, ((), None))
        yield Owned(
            kind=OwnedKind.VERSION,
            key=row.key,
            name=row.name,
            number=row.number,
            state=state,
            waits_for=who,
            at=until,
            day=row.trial_until if state is VersionState.TRIAL else row.effective_from,
        )


def _decided_by(
    connection: Connection, actor: Actor, today: date, versions: set[UUID]
) -> dict[UUID, tuple[tuple[str, ...], datetime | None]]:
    """Tell for whom revisions under review wait and until when: by their case, else who may approve them."""
    cases = deciding_cases(connection, actor, versions)
    found = {one: (case.of, case.due_at) for one, case in cases.items()}
    if len(found) < len(versions):
        holders = holders_of(connection, actor.office, RoleKind.APPROVER, today)
        authors = process_drafts.authors_of_each(connection, versions)
        found |= {one: (posts(holders, authors.get(one, ())), None) for one in versions - found.keys()}
    return found


def _reviews(connection: Connection, actor: Actor) -> Iterator[Owned]:
    rows = connection.execute(
        select(
            process.c.key,
            process.c.name,
            periodic_review.c.kind,
            periodic_review.c.due_on,
            periodic_review.c.instance,
        )
        .join(periodic_review, periodic_review.c.process == process.c.id)
        .join(instance, instance.c.id == periodic_review.c.instance)
        .where(process.c.office == actor.office, instance.c.status == InstanceStatus.RUNNING)
        .order_by(periodic_review.c.due_on)
        .limit(_MOST)
    )
    return (
        Owned(
            kind=OwnedKind.REVIEW,
            key=row.key,
            name=row.name,
            review=ReviewKind(row.kind),
            day=row.due_on,
            case=row.instance,
        )
        for row in rows
    )


def _drafts(connection: Connection, actor: Actor) -> Iterator[Owned]:
    rows = connection.execute(
        select(
            process.c.key,
            process.c.name,
            process_draft.c.id,
            process_draft.c.author,
            process_draft.c.saved_at,
            process_version.c.number,
            person.c.name.label("author_name"),
        )
        .join(process_draft, process_draft.c.process == process.c.id)
        .join(person, person.c.id == process_draft.c.author)
        .outerjoin(process_version, process_version.c.id == process_draft.c.base)
        .where(process_draft.c.office == actor.office, process_draft.c.state == DraftState.OPEN)
        .order_by(process_draft.c.author != actor.person, process_draft.c.saved_at.desc())
        .limit(_MOST)
    )
    return (
        Owned(
            kind=OwnedKind.DRAFT,
            key=row.key,
            name=row.name,
            draft=row.id,
            base=row.number,
            by="" if row.author == actor.person else row.author_name,
            at=row.saved_at,
        )
        for row in rows
    )
