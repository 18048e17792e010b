"""A version on its way into force: who drafted it, what was said of it, and what one may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.instance import VersionState
from engine.model.permission import Permission, RoleKind
from engine.model.revision import NOBODY, Signatory, may_become, typed_signatory
from engine.queries.compared_with import ComparedWith, compared_with, working
from engine.queries.deciding_case import DecidingCase, deciding_case
from engine.queries.dossier import Dossier, dossier_of, with_warned
from engine.queries.holders import posts_of
from engine.queries.library_versions import NO_SOP, VersionRow, versions_of
from engine.queries.printable import may_print
from engine.storage import documents, people, process_drafts, revisions
from engine.storage.documents import BlobRow
from engine.storage.tables import person, process_version, review_comment, trial_member

WAITING = (VersionState.REVIEW, VersionState.TRIAL, VersionState.RETURNED)


@dataclass(frozen=True, kw_only=True)
class ReviewComment:
    """Something said of a version, about a step or about the whole."""

    id: UUID
    element: str
    step: str  # name of the element; empty: about the whole
    author: str
    at: datetime
    text: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """A version with its review."""

    key: str
    name: str
    version: VersionRow
    against: ComparedWith
    is_stale: bool  # not made from what people work by: approving it takes back what only that says
    began_with: int | None  # what its draft was made from
    comments: tuple[ReviewComment, ...]
    open_comments: int
    steps: tuple[tuple[str, str], ...]  # (element, name) of what can be commented on
    team: tuple[str, ...]  # who may try it; empty: everybody with the roles
    last_number: str  # nomor SOP of the version before, as a proposal
    approvers: tuple[str, ...]  # posts of who can approve it, while it waits
    may_draft: bool
    may_approve: bool
    may_print: bool  # the paper that is to be signed
    may_ask: bool
    may_return: bool
    may_withdraw: bool
    may_comment: bool
    may_settle: bool
    may_reinstate: bool
    before: int | None  # the revision that this one replaced, where the actor may put it in force again
    in_force: int | None  # the one in force now
    coming: VersionRow | None  # one that is approved, and whose day comes next
    signatory: Signatory  # who approves it by its header, else by their account: as a proposal
    account: str  # who approved it, where the header names somebody else
    case: DecidingCase | None = None  # while it is open, only there
    dossier: Dossier | None = None  # while it waits


def review_page(engine: Engine, actor: Actor, key: str, number: int) -> ReviewPage:
    """Read a version for those who revise, approve or audit."""
    if not actor.may(Permission.READ_REVIEWS):
        raise NotFound(NO_SOP)
    with engine.store.reading() as connection:
        _name, versions = versions_of(connection, actor, key, number)
        version = next((one for one in versions if one.number == number), None)
        if version is None:
            raise NotFound(NO_SOP)
        read = engine.versions.get(version.id)
        names = {one.element: one.name for one in read.definition.steps}
        comments = _comments(connection, version.id, names)
        team = _team(connection, version.id)
        authors = process_drafts.authors_of(connection, version.id)
        against = compared_with(working(engine, connection, actor, key), versions, version, version.base)
        case = deciding_case(connection, actor, version.id) if version.state is VersionState.REVIEW else None
        typed = typed_signatory(read.definition.document)
        signatory = typed.completed(_own(connection, actor))
        account = _account(connection, version)
        later = revisions.overtaken_by(connection, version.id)
        dossier = dossier_of(engine, connection, version.id) if version.state in WAITING else None
        day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
        approvers = posts_of(connection, actor.office, RoleKind.APPROVER, day, but=authors)
    approves, revises = actor.may(Permission.APPROVE), actor.may(Permission.REVISE)
    state = version.state
    decided = state in {VersionState.APPROVED, VersionState.IN_FORCE}
    return ReviewPage(
        key=key,
        name=read.definition.name,
        version=version,
        against=against,
        is_stale=against.is_stale and state in WAITING,
        began_with=next((one.number for one in versions if one.id == version.base), None),
        comments=comments,
        open_comments=sum(one.settled_at is None for one in comments),
        steps=tuple(names.items()),
        team=team,
        last_number=next((one.sop_number for one in versions if one.sop_number), ""),
        signatory=signatory,
        account=account,
        case=case,
        dossier=dossier and with_warned(engine, dossier),
        approvers=approvers,
        may_draft=revises,
        may_approve=case is None
        and approves
        and may_become(state, VersionState.APPROVED)
        and actor.person not in authors,
        may_print=may_print(actor, state),
        may_return=case is None and approves and may_become(state, VersionState.RETURNED),
        may_ask=revises and later is None and may_become(state, VersionState.REVIEW),
        may_withdraw=may_become(state, VersionState.WITHDRAWN) and (approves or (revises and not decided)),
        may_reinstate=approves and version.can_return and actor.person not in authors,
        before=_before(versions, version) if approves else None,
        in_force=next((one.number for one in versions if one.state is VersionState.IN_FORCE), None),
        coming=_coming(versions),
        may_comment=(revises or approves) and state in {VersionState.REVIEW, VersionState.TRIAL},
        may_settle=revises or approves,
    )


def _before(versions: list[VersionRow], version: VersionRow) -> int | None:
    """Find what was in force last before a version that is in force, or was withdrawn from it."""
    if version.state not in {VersionState.IN_FORCE, VersionState.WITHDRAWN} or not version.effective_from:
        return None
    former = [one for one in versions if one.can_return]
    return max(former, key=lambda one: (one.in_force_on or date.min, one.number)).number if former else None


def _coming(versions: list[VersionRow]) -> VersionRow | None:
    approved = [one for one in versions if one.state is VersionState.APPROVED]
    return min(approved, key=lambda one: (one.effective_from or date.max, one.number), default=None)


def approval_paper(engine: Engine, actor: Actor, key: str, number: int) -> BlobRow:
    """Find the signed paper of an approval; everybody who reads the library may see it."""
    if not actor.may(Permission.READ_LIBRARY):
        raise NotFound(NO_SOP)
    with engine.store.reading() as connection:
        _name, versions = versions_of(connection, actor, key, number)
        version = next((one for one in versions if one.number == number), None)
        paper = version and connection.scalar(
            select(process_version.c.approval).where(process_version.c.id == version.id)
        )
        found = documents.blobs(connection, [paper]).get(paper) if paper else None
    if found is None:
        raise NotFound(NO_SOP)
    return found


def _own(connection: Connection, actor: Actor) -> Signatory:
    me = people.by_id(connection, actor.office, actor.person) if actor.person else None
    return NOBODY if me is None else Signatory(post=me.post, name=me.name, nip=me.nip or "")


def _account(connection: Connection, version: VersionRow) -> str:
    name = connection.scalar(
        select(person.c.name)
        .join(process_version, process_version.c.approver == person.c.id)
        .where(process_version.c.id == version.id)
    )
    return name if name and name != version.approver_name else ""


def _comments(connection: Connection, version: UUID, names: dict[str, str]) -> tuple[ReviewComment, ...]:
    settler = person.alias()
    rows = connection.execute(
        select(review_comment, person.c.name.label("author_name"), settler.c.name.label("settler_name"))
        .join(person, person.c.id == review_comment.c.author)
        .outerjoin(settler, settler.c.id == review_comment.c.resolved_by)
        .where(review_comment.c.version == version)
        .order_by(review_comment.c.at)
    )
    return tuple(
        ReviewComment(
            id=row.id,
            element=row.element,
            step=names.get(row.element, ""),
            author=row.author_name,
            at=row.at,
            text=row.text,
            settled_at=row.resolved_at,
            settled_by=row.settler_name or "",
        )
        for row in rows
    )


def _team(connection: Connection, version: UUID) -> tuple[str, ...]:
    return tuple(
        connection.scalars(
            select(person.c.name)
            .join(trial_member, trial_member.c.person == person.c.id)
            .where(trial_member.c.version == version)
            .order_by(person.c.name)
        )
    )
