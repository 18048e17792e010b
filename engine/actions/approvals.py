"""What becomes of a version under review: approved or returned, in force from a day on, withdrawn.

A version's content never changes (``storage.version_guard``); what is approved is therefore exactly what was
reviewed, and its digest stands in the record of the approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from engine.actions import cancellation
from engine.actions.administering import today
from engine.actions.files import Upload, keep_bytes
from engine.actions.loading import refusals
from engine.actions.reasons import must_have_reason
from engine.actions.version_standing import (
    NO_VERSION,
    about,
    become,
    must_be_able,
    problem,
    record,
    standing,
    take_place,
)
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.model.revision import NOBODY, Signatory, Standing, typed_signatory
from engine.storage import documents, people, process_drafts, revision_cases, revisions, versions
from engine.storage.transaction import Connection

_WANTED = say("Write the reason; everybody who reads the SOP reads it.")
_FURTHEST = timedelta(days=731)  # an effective date beyond it is a slip of the pen
_LONGEST = {"number": 100, "post": 200, "name": 200, "nip": 30}  # characters
_PAPERS = (".pdf", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True, kw_only=True)
class Approval:
    """An approval as it was filled in."""

    number: str  # nomor SOP
    effective_from: date | None
    paper: Upload | None  # the signed scan or PDF
    signatory: Signatory = NOBODY  # as on the paper; what is empty is as in the approver's account


def return_version(
    engine: Engine, actor: Actor, key: str, number: int, reason: str, case: UUID | None = None
) -> None:
    """Refuse to approve a version as it is, and say why. ``case``: see ``approve``."""
    _must_approve(actor)
    why = must_have_reason(reason, _WANTED)
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        versions.hold_process(connection, found.process)
        become(connection, found, VersionState.RETURNED, reason=why)
        payload = about(found) | {"reason": why} | _decided_by(connection, found, case)
        record(engine, connection, actor, found, EventKind.VERSION_RETURNED, payload)


def approve(
    engine: Engine, actor: Actor, key: str, number: int, approval: Approval, case: UUID | None = None
) -> date | None:
    """Approve a version of somebody else, with the signed paper; give its day where that is still to come.

    From today on it is in force at once. While a case decides on it, only that case (``case``) does.
    """
    approver = _must_approve(actor)
    with engine.store.reading() as connection:
        found = standing(connection, actor, key, number)
        authors = process_drafts.authors_of(connection, found.id)
    day = today(engine, actor)
    with refusals(engine, actor, found.process, EventKind.VERSION_APPROVED, scope=Scope.LIBRARY):
        if actor.person in authors:
            raise Forbidden(say("Whoever worked on a revision cannot approve it."))
        must_be_able(found, VersionState.APPROVED)
        effective, paper = _checked(approval, day)
        kept = keep_bytes(engine, actor, paper, _PAPERS)
    with engine.store.transaction() as connection:
        # A comment that is being written comes before, or not at all.
        versions.hold_process(connection, found.process)
        if revisions.open_comments(connection, found.id):
            raise Conflict(say("Some comments of the review are not settled yet. Settle them first."))
        documents.add_blob(connection, kept)
        signed = _signed(engine, connection, approver, found, approval.signatory)
        approved = {"sop_number": approval.number.strip(), "effective_from": effective}
        become(
            connection,
            found,
            VersionState.APPROVED,
            approver=approver,
            approved_at=engine.clock.now(),
            approver_post=signed.post,
            approver_name=signed.name,
            approver_nip=signed.nip,
            approval=kept.id,
            **approved,
        )
        said = approved | {"effective_from": effective.isoformat(), "paper": kept.digest.hex()}
        said["approver"] = [signed.post, signed.name, signed.nip]
        payload = about(found) | said | _decided_by(connection, found, case)
        record(engine, connection, actor, found, EventKind.VERSION_APPROVED, payload)
        if effective <= day:
            bring_into_force(engine, connection, actor, found)
    return effective if effective > day else None


def withdraw(engine: Engine, actor: Actor, key: str, number: int, reason: str) -> None:
    """Take a version out of use: its running cases go on, no case can be started on it any more.

    What was approved only an approver takes back.
    """
    if not (actor.may(Permission.APPROVE) or actor.may(Permission.REVISE)):
        raise NotFound(NO_VERSION)
    why = must_have_reason(reason, _WANTED)
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        if found.state in {VersionState.APPROVED, VersionState.IN_FORCE} and not actor.may(
            Permission.APPROVE
        ):
            raise Forbidden(say("Only an approver can withdraw what was approved."))
        # A case is taken before the SOP and its versions, as by everybody who writes both.
        case = revision_cases.open_case(connection, found.id)
        if case is not None:
            cancellation.end_case(connection, actor, case[0], why, engine.clock.now())
        versions.hold_process(connection, found.process)
        become(connection, found, VersionState.WITHDRAWN, reason=why)
        _decided_by(connection, found, None)
        payload = about(found) | {"reason": why, "state": found.state.value}
        record(engine, connection, actor, found, EventKind.VERSION_WITHDRAWN, payload)
    if case is not None:
        engine.runner.forget(case[0])


def bring_into_force(engine: Engine, connection: Connection, actor: Actor, found: Standing) -> None:
    """Let an approved version take the place of the one before, in the caller's transaction."""
    versions.hold_process(connection, found.process)
    approved = revisions.with_state(found, VersionState.APPROVED)
    become(connection, approved, VersionState.IN_FORCE)
    payload = about(found) | {"superseded": take_place(engine, connection, found)}
    record(engine, connection, actor, found, EventKind.VERSION_PUT_IN_FORCE, payload)


def _decided_by(connection: Connection, found: Standing, case: UUID | None) -> dict[str, str]:
    """Name for the record the case that decides; Conflict where another one is open.

    Asked after the version was changed, which nobody else can then give a case.
    """
    other = revision_cases.open_case(connection, found.id)
    if other is not None and other[0] != case:
        raise Conflict(
            say("The case %(number)s decides on this revision. Open its task to decide.", number=other[1])
        )
    return {"case": case.hex} if case is not None else {}


def _must_approve(actor: Actor) -> UUID:
    if actor.person is None or not actor.may(Permission.APPROVE):
        raise NotFound(NO_VERSION)
    return actor.person


def _signed(
    engine: Engine, connection: Connection, approver: UUID, found: Standing, said: Signatory
) -> Signatory:
    """Say who approved it: as it stands on the paper, else by the account, else as the header was typed."""
    me = people.of_anybody(connection, approver)
    own = Signatory(post=me.post, name=me.name, nip=me.nip or "")
    return said.completed(own, typed_signatory(engine.versions.get(found.id).definition.document))


def _checked(approval: Approval, today: date) -> tuple[date, Upload]:
    problems: list[Problem] = []
    if not approval.number.strip():
        problems.append(problem("number", say("Write the number of the SOP.")))
    signed = approval.signatory
    typed = {"number": approval.number, "post": signed.post, "name": signed.name, "nip": signed.nip}
    for name, text in typed.items():
        if len(text) > _LONGEST[name]:
            sentence = say("At most %(most)s characters fit here.", most=_LONGEST[name])
            problems.append(problem(name, sentence))
    effective, paper = approval.effective_from, approval.paper
    if effective is None or not today <= effective <= today + _FURTHEST:
        problems.append(
            problem(
                "effective_from",
                say("Choose a day from %(first)s to %(last)s.", first=today, last=today + _FURTHEST),
            )
        )
    if paper is None:
        problems.append(problem("paper", say("Choose the signed scan or PDF.")))
    if problems or effective is None or paper is None:
        raise Invalid(tuple(problems))
    return effective, paper
