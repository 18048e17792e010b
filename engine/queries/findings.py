"""Findings of audits: their list, and one with all that was said of it and what the reader may do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.finding import ANSWERABLE, CLOSABLE, FOLLOWABLE, Elements, FindingState, FollowUp
from engine.model.finding import may_review as may_review_it
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.unseen import NO_FINDING
from engine.queries.case_access import visible
from engine.queries.figures_asked import sops_of
from engine.queries.finding_access import may_close, seen
from engine.queries.finding_statements import Statement, statements
from engine.storage.findings import elements_of
from engine.storage.office import names_of
from engine.storage.tables import audit_assignment, finding, finding_case, instance

MOST = 500
_ACTS = ("prepared", "reviewed", "delivered", "answered", "followed_up", "closed")


@dataclass(frozen=True, kw_only=True)
class Done:
    """Who took a finding a step further, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding with its elements, as the list and the workbook have it."""

    id: UUID
    number: int
    revision: int
    letter: str  # number of the letter of assignment
    state: FindingState
    elements: Elements
    answer: str
    follow_up: FollowUp | None
    follow_up_text: str
    conclusion: str
    prepared: Done
    reviewed: Done | None
    delivered: Done | None
    answered: Done | None
    followed_up: Done | None
    closed: Done | None


@dataclass(frozen=True, kw_only=True)
class AboutCase:
    """A case that a finding is about, or an event of it (``seq``); ``seen``: the reader may open it."""

    case: UUID
    number: str
    title: str
    seq: int
    seen: bool


@dataclass(frozen=True, kw_only=True)
class FindingPage:
    """A finding with what it is about, and what the reader may do now."""

    row: FindingRow
    cases: tuple[AboutCase, ...]
    figures: tuple[str, ...]
    statements: tuple[Statement, ...]  # of the office: answers and follow-ups, the oldest first
    may_change: bool
    may_review: bool
    may_deliver: bool
    may_answer: bool
    may_follow_up: bool
    may_close: bool


def findings_page(engine: Engine, actor: Actor, state: FindingState | None = None) -> list[FindingRow]:
    """List the findings the actor may see, the newest first; at most 500."""
    wanted = [seen(actor)] if state is None else [seen(actor), finding.c.state == state.value]
    statement = (
        select(finding, audit_assignment.c.number.label("letter"))
        .join(audit_assignment, audit_assignment.c.id == finding.c.assignment)
        .where(*wanted)
        .order_by(finding.c.number.desc())
        .limit(MOST)
    )
    with engine.store.reading() as connection:
        return _rows(connection, list(connection.execute(statement)))


def finding_page(engine: Engine, actor: Actor, finding_id: UUID) -> FindingPage:
    """Read a finding the actor may see; NotFound for any other."""
    statement = (
        select(finding, audit_assignment.c.number.label("letter"))
        .join(audit_assignment, audit_assignment.c.id == finding.c.assignment)
        .where(finding.c.id == finding_id, seen(actor))
    )
    with engine.store.reading() as connection:
        row = connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound(NO_FINDING)
        said = tuple(statements(connection, actor.office, [finding_id]))
        closable = may_close(connection, engine, actor, finding_id)
        return FindingPage(
            row=_rows(connection, [row])[0],
            cases=_cases(connection, actor, finding_id),
            figures=tuple(json.loads(row.figures)),
            statements=said,
            may_close=closable and row.state in CLOSABLE and actor.person not in {one.person for one in said},
            **_rights(actor, row),
        )


def sop_names(engine: Engine, actor: Actor) -> dict[str, str]:
    """Give the names of the office's SOPs by key, for the figures that findings are about."""
    with engine.store.reading() as connection:
        return dict(sops_of(connection, actor.office))


def may_draft(actor: Actor) -> bool:
    """Tell whether somebody may begin a finding: an auditor with a letter that is valid today."""
    return actor.may(Permission.AUDIT) and bool(actor.coverage)


def _rights(actor: Actor, row: Row[Any]) -> dict[str, bool]:
    team = actor.may(Permission.AUDIT) and any(one.assignment == row.assignment for one in actor.coverage)
    drafts = team and row.state == FindingState.DRAFT
    audited_by = {row.prepared_by, row.reviewed_by, row.delivered_by}
    answers = actor.may(Permission.ANSWER_AUDIT) and actor.person not in audited_by
    unreviewed = drafts and row.reviewed_by is None
    return {
        "may_change": drafts and row.prepared_by == actor.person,
        "may_review": unreviewed and may_review_it(actor, row.assignment, row.prepared_by),
        "may_deliver": drafts and row.reviewed_by is not None,
        "may_answer": answers and row.state in ANSWERABLE,
        "may_follow_up": answers and row.state in FOLLOWABLE,
    }


def _rows(connection: Connection, rows: list[Row[Any]]) -> list[FindingRow]:
    people = {getattr(row, f"{act}_by") for row in rows for act in _ACTS} - {None}
    names = names_of(connection, people)

    def done(row: Row[Any], act: str) -> Done | None:
        who, at = getattr(row, f"{act}_by"), getattr(row, f"{act}_at")
        return None if who is None else Done(who=post_and_name(*names[who]), at=at)

    return [
        FindingRow(
            id=row.id,
            number=row.number,
            revision=row.revision,
            letter=row.letter,
            state=FindingState(row.state),
            elements=elements_of(row),
            answer=row.answer or "",
            follow_up=FollowUp(row.follow_up) if row.follow_up else None,
            follow_up_text=row.follow_up_text or "",
            conclusion=row.conclusion or "",
            **{act: done(row, act) for act in _ACTS},  # type: ignore[arg-type] # a draft has who prepared it
        )
        for row in rows
    ]


def _cases(connection: Connection, actor: Actor, finding_id: UUID) -> tuple[AboutCase, ...]:
    rows = connection.execute(
        select(
            instance.c.id,
            instance.c.number,
            instance.c.title,
            finding_case.c.seq,
            visible(actor).label("seen"),
        )
        .join(finding_case, finding_case.c.instance == instance.c.id)
        .where(finding_case.c.finding == finding_id)
        .order_by(instance.c.number, finding_case.c.seq)
    )
    return tuple(
        AboutCase(case=row.id, number=row.number, title=row.title, seq=row.seq, seen=bool(row.seen))
        for row in rows
    )
