"""Inquiries of auditors: those of a team, those put to somebody, one of them, and who can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, false, or_, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.inquiry import InquiryState, state_of
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.unseen import NO_INQUIRY
from engine.queries.case_access import (
    Supervised,
    covering,
    opened_by,
    visible,
)
from engine.queries.roles import today_of
from engine.storage.tables import audit_assignment, audit_member, event, inquiry, instance, person

MOST = 500


@dataclass(frozen=True, kw_only=True)
class InquiryRow:
    """A question with its answer, as lists and the workbook have it. ``seq`` 0 is the case as a whole."""

    id: UUID
    number: int
    assignment: UUID
    letter: str  # its number
    case: UUID
    case_number: str
    title: str
    seq: int
    asked_by: str
    asked_at: datetime
    to: UUID
    asked_of: str
    question: str
    answer: str
    answered_at: datetime | None
    state: InquiryState
    ended: bool  # its letter has: of its team those read it whose other letter covers the case


@dataclass(frozen=True, kw_only=True)
class InquiryPage:
    """A question as a page shows it.

    ``happened``: the event it is about, where there is one and the reader may open the case (``sees_case``).
    """

    row: InquiryRow
    sees_case: bool
    happened: tuple[EventKind, datetime] | None
    of_team: bool  # the reader is an auditor of it
    may_answer: bool


def inquiries_page(engine: Engine, actor: Actor, state: InquiryState | None = None) -> list[InquiryRow]:
    """List what the actor reads as an auditor, the newest first; at most 500. NotFound for no auditor."""
    if not actor.may(Permission.AUDIT):
        raise NotFound(NO_INQUIRY)
    is_answered = inquiry.c.answered_at.is_not(None)
    asked = [] if state is None else [is_answered if state is InquiryState.ANSWERED else ~is_answered]
    with engine.store.reading() as connection:
        today = today_of(connection, engine, actor)
        rows = _rows(connection, and_(_of_auditors(actor, today), *asked), today)
    return [one for one in rows if state in {None, one.state}]


def put_to(engine: Engine, actor: Actor) -> list[InquiryRow]:
    """List what was asked of the actor, the newest first; at most 500."""
    with engine.store.reading() as connection:
        return _rows(connection, _of(actor), today_of(connection, engine, actor))


def waiting_for(engine: Engine, connection: Connection, actor: Actor) -> tuple[InquiryRow, ...]:
    """Read the questions that wait for the actor's answer, the newest first."""
    wanted = and_(_of(actor), inquiry.c.answered_at.is_(None))
    # By the calendar that is kept: the first page of everybody asks, and most are asked nothing.
    today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    rows = _rows(connection, wanted, today)
    return tuple(one for one in rows if one.state is InquiryState.WAITING)


def asked_about(engine: Engine, actor: Actor, case: UUID, seq: int) -> list[InquiryRow]:
    """List what the actor reads as an auditor about an event of a case; nothing for no auditor."""
    if not actor.may(Permission.AUDIT):
        return []
    with engine.store.reading() as connection:
        today = today_of(connection, engine, actor)
        about = and_(_of_auditors(actor, today), inquiry.c.instance == case, inquiry.c.seq == seq)
        return _rows(connection, about, today)


def inquiry_page(engine: Engine, actor: Actor, inquiry_id: UUID) -> InquiryPage:
    """Read a question that was put to the actor, or that they read as an auditor; NotFound for any other."""
    with engine.store.reading() as connection:
        today = today_of(connection, engine, actor)
        audited = _rows(connection, and_(inquiry.c.id == inquiry_id, _of_auditors(actor, today)), today)
        found = audited or _rows(connection, and_(inquiry.c.id == inquiry_id, _of(actor)), today)
        if not found:
            raise NotFound(NO_INQUIRY)
        row = found[0]
        own = select(instance.c.id).where(instance.c.id == row.case, visible(actor))
        seen = connection.execute(own).first() is not None
        return InquiryPage(
            row=row,
            sees_case=seen,
            happened=_happened(connection, row) if seen else None,
            of_team=bool(audited),
            may_answer=row.to == actor.person and row.state is InquiryState.WAITING,
        )


def audited_by(engine: Engine, connection: Connection, actor: Actor, inquiry_id: UUID) -> Supervised | None:
    """Tell of which case a question is that the actor reads as an auditor, and by which letters."""
    today = today_of(connection, engine, actor)
    rows = _rows(connection, and_(inquiry.c.id == inquiry_id, _of_auditors(actor, today)), today)
    if not rows:
        return None
    row, letters = rows[0], [one.number for one in actor.coverage if one.assignment == rows[0].assignment]
    if not letters:
        letters = [one.number for one in covering(connection, actor, row.case)]
    return Supervised(case=row.case, number=row.case_number, letters=tuple(letters))


def _happened(connection: Connection, row: InquiryRow) -> tuple[EventKind, datetime] | None:
    found = connection.execute(
        select(event.c.kind, event.c.at).where(event.c.stream == row.case, event.c.seq == row.seq)
    ).one_or_none()
    return (EventKind(found.kind), found.at) if found else None


def _of(actor: Actor) -> ColumnElement[bool]:
    return and_(inquiry.c.office == actor.office, inquiry.c.asked_of == actor.person)


def _of_auditors(actor: Actor, today: date) -> ColumnElement[bool]:
    """Say that the actor is in the team of the letter, valid today; or was, when it ended.

    Then another letter of theirs must cover the case: who was asked was told that the team alone reads it.
    """
    if not actor.may(Permission.AUDIT):
        return false()
    letters = [one.assignment for one in actor.coverage]
    over = audit_assignment.c.valid_until < today
    audited = or_(false(), *(opened_by(actor, one) for one in letters))
    mine = exists().where(
        audit_member.c.assignment == inquiry.c.assignment,
        audit_member.c.person == actor.person,
        audit_member.c.until >= audit_assignment.c.valid_until,  # who had left before was none of it
    )
    ways = or_(inquiry.c.assignment.in_(letters), and_(over, mine, audited))
    return and_(inquiry.c.office == actor.office, ways)


_ASKER = person.alias()


def _rows(connection: Connection, wanted: ColumnElement[bool], today: date) -> list[InquiryRow]:
    rows = connection.execute(_LISTED.where(wanted).order_by(inquiry.c.number.desc()).limit(MOST))
    return [_row(row, today) for row in rows]


_LISTED: Select[Any] = (
    select(
        inquiry,
        audit_assignment.c.number.label("letter"),
        audit_assignment.c.valid_until,
        instance.c.number.label("case_number"),
        instance.c.title,
        person.c.name,
        person.c.post,
        person.c.active,
        _ASKER.c.name.label("asker_name"),
        _ASKER.c.post.label("asker_post"),
    )
    .join(audit_assignment, audit_assignment.c.id == inquiry.c.assignment)
    .join(instance, instance.c.id == inquiry.c.instance)
    .join(person, person.c.id == inquiry.c.asked_of)
    .join(_ASKER, _ASKER.c.id == inquiry.c.asked_by)
)


def _row(row: Row[Any], today: date) -> InquiryRow:
    return InquiryRow(
        id=row.id,
        number=row.number,
        assignment=row.assignment,
        letter=row.letter,
        case=row.instance,
        case_number=row.case_number,
        title=row.title,
        seq=row.seq,
        asked_by=post_and_name(row.asker_name, row.asker_post),
        asked_at=row.asked_at,
        to=row.asked_of,
        asked_of=post_and_name(row.name, row.post),
        question=row.question,
        answer=row.answer or "",
        answered_at=row.answered_at,
        state=state_of(answered=row.answered_at is not None, active=row.active),
        ended=row.valid_until < today,
    )
