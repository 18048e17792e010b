"""Which findings exist for somebody: those of their team, those the office was told, those they monitor."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, false, or_, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.finding import FindingState
from engine.model.permission import Permission
from engine.queries.case_access import visible
from engine.queries.roles import today_of
from engine.storage.tables import audit_assignment, finding, finding_case, instance


def seen(actor: Actor) -> ColumnElement[bool]:
    """Tell in a statement over ``finding`` which of them exist for the actor.

    Drafts are the team's alone. What was delivered is seen by who answers for the office, too, and by
    auditors of another letter that is valid today and covers all its cases: a follow-up is monitored when
    the letter it was found under has long ended.
    """
    told = finding.c.state != FindingState.DRAFT
    ways = [_of_team(actor)]
    if actor.may(Permission.ANSWER_AUDIT):
        ways.append(told)
    if actor.may(Permission.AUDIT):
        ways.append(and_(told, _covered(actor)))
    return and_(finding.c.office == actor.office, or_(*ways))


def may_close(connection: Connection, engine: Engine, actor: Actor, finding_id: UUID) -> bool:
    """Tell whether an auditor concludes what came of a finding: one of its team.

    Once its letter is over there is no team: then whoever monitors it, by another letter.
    """
    if not actor.may(Permission.AUDIT) or not actor.coverage:
        return False
    letter, today = audit_assignment.c, today_of(connection, engine, actor)
    over = exists().where(letter.id == finding.c.assignment, letter.valid_until < today)
    ours = or_(_of_team(actor), and_(over, _covered(actor)))
    found = select(finding.c.id).where(finding.c.id == finding_id, finding.c.office == actor.office, ours)
    return connection.execute(found).first() is not None


def _of_team(actor: Actor) -> ColumnElement[bool]:
    if not actor.may(Permission.AUDIT):
        return false()
    return finding.c.assignment.in_([one.assignment for one in actor.coverage])


def _covered(actor: Actor) -> ColumnElement[bool]:
    about = exists().where(finding_case.c.finding == finding.c.id)
    hidden = exists().where(
        finding_case.c.finding == finding.c.id, instance.c.id == finding_case.c.instance, ~visible(actor)
    )
    return and_(about, ~hidden)
