"""Who read cases that they see only because they supervise: auditors, administrators, owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries.case_access import visible
from engine.storage.tables import case_read, instance, person

MOST = 500


@dataclass(frozen=True, kw_only=True)
class CaseRead:
    """A person who read a case: how many of its pages, and when last. The record has each reading."""

    case: UUID
    number: str
    title: str
    who: str
    pages: int
    last: datetime


def case_reads(engine: Engine, actor: Actor, most: int = MOST) -> list[CaseRead]:
    """List who read which of the cases that the actor may see, the last first."""
    if not actor.may(Permission.READ_RECORD):
        raise NotFound(NO_PAGE)
    last = func.max(case_read.c.at).label("last")
    shown = (instance.c.id, instance.c.number, instance.c.title, person.c.name, person.c.post)
    wanted = (
        select(*shown, func.count().label("pages"), last)
        .select_from(case_read)
        .join(instance, instance.c.id == case_read.c.instance)
        .join(person, person.c.id == case_read.c.person)
        .where(visible(actor))
        .group_by(*shown, person.c.id)
        .order_by(last.desc(), instance.c.id)
        .limit(most)
    )
    with engine.store.reading() as connection:
        rows = connection.execute(wanted).all()
    return [
        CaseRead(
            case=row.id,
            number=row.number,
            title=row.title,
            who=post_and_name(row.name, row.post),
            pages=row.pages,
            last=row.last,
        )
        for row in rows
    ]
