"""What every act of an administrator has around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from engine.actions.loading import refusals
from engine.core import Engine
from engine.errors import Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.storage import people
from engine.storage.transaction import Connection


@contextmanager
def administering(engine: Engine, actor: Actor, act: EventKind) -> Iterator[Connection]:
    """Open the transaction of an administrator's act; a refusal goes on record in the office's stream.

    Whoever administers holds the office: what one compares (who is an administrator still, who has
    which role in that time) no other can change meanwhile, the actor's own right included.
    """
    must_manage(actor)
    with (
        refusals(engine, actor, actor.office, act, scope=Scope.OFFICE),
        engine.store.transaction() as connection,
    ):
        people.lock_office(connection, actor.office)
        if actor.person is not None and actor.person not in _who(connection, actor, today(engine, actor)):
            raise Forbidden(say("You are no longer an administrator of this office."))
        yield connection


def must_manage(actor: Actor) -> None:
    """Refuse everybody but administrators; for others there is nothing to be seen."""
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise NotFound(NO_PAGE)


def must_leave_an_administrator(
    connection: Connection,
    actor: Actor,
    day: date,
    *,
    person: UUID | None = None,
    assignment: UUID | None = None,
) -> None:
    """Refuse what would leave the office without anybody who can administer it on a day."""
    found = people.administrators(connection, actor.office, day)
    left = {(who, by) for who, by in found if who != person and by != assignment}
    if found and not left:
        raise Forbidden(say("The office needs an administrator. Give somebody else the role first."))


def today(engine: Engine, actor: Actor) -> date:
    """Give the day it is in the actor's office."""
    return engine.calendar_of(actor.office).local(engine.clock.now()).date()


def after(day: date, now: date) -> date:
    """Give the first day on which what ends with a day is over, from today on."""
    return max(now, day + timedelta(days=1))


def _who(connection: Connection, actor: Actor, day: date) -> set[UUID]:
    return {who for who, _by in people.administrators(connection, actor.office, day)}
