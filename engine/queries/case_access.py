"""Which cases exist for somebody: they took part, hold a task's role in it, prepare one, or supervise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, false, or_, select, true

from engine.errors import Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.assignment import Coverage
from engine.model.instance import InstanceStatus, VersionState
from engine.model.permission import Permission
from engine.model.task import TaskState
from engine.model.unseen import NO_CASE
from engine.storage import erasing
from engine.storage.tables import event, instance, participant, person, process, process_version, task


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What heads every page of a case.

    ``on_trial``: it is marked as a trial's, or its revision was not in force when it was started on it; of
    a case that was moved, if its revision is not in force yet.
    """

    id: UUID
    office: UUID
    number: str
    title: str
    status: InstanceStatus
    started_at: datetime
    ended_at: datetime | None
    cancel_reason: str
    starter: str  # post, else name
    sop_key: str
    sop_name: str
    version: UUID
    version_number: int
    on_trial: bool
    takes_part: bool

    @property
    def is_running(self) -> bool:
        """Tell whether it can still go on."""
        return self.status is InstanceStatus.RUNNING


def visible(actor: Actor) -> ColumnElement[bool]:
    """Tell in a statement over ``instance`` which of the office's cases exist for the actor."""
    ours = instance.c.office == actor.office
    if sees_all(actor):
        return ours
    # Databases ask in this order: what a letter covers mostly stands in the case's own row.
    covered = [_covered(one) for one in actor.covers]
    return and_(ours, or_(*covered, _took_part(actor), _holds_a_role(actor), _prepares(actor)))


def sees_all(actor: Actor) -> bool:
    """Tell whether every case of the office exists for the actor, whoever takes part in it."""
    return actor.supervises_all or any(one.is_of_all for one in actor.covers)


def supervises(connection: Connection, actor: Actor, case: UUID) -> bool:
    """Tell whether a case of the actor's office is theirs to see though they take no part in it.

    The database is asked only for those who need a letter of assignment.
    """
    return actor.supervises_all or bool(covering(connection, actor, case))


def covering(connection: Connection, actor: Actor, case: UUID) -> tuple[Coverage, ...]:
    """Give the actor's letters of assignment that cover a case of their office."""
    ours = select(instance.c.id).where(instance.c.id == case, instance.c.office == actor.office)
    return tuple(one for one in actor.covers if connection.execute(ours.where(_covered(one))).first())


def audits(connection: Connection, actor: Actor, case: UUID) -> tuple[Coverage, ...]:
    """Give the letters that open a case to an auditor's audit; NotFound where they do not see it at all."""
    found = select(instance.c.id).where(instance.c.id == case)
    if not actor.may(Permission.AUDIT) or connection.execute(found.where(visible(actor))).first() is None:
        raise NotFound(NO_CASE)
    letters = tuple(
        one
        for one in actor.coverage
        if connection.execute(found.where(opened_by(actor, one.assignment))).first()
    )
    if not letters:
        raise Forbidden(say("No letter of assignment of yours covers this case, or you took part in it."))
    return letters


@dataclass(frozen=True, kw_only=True)
class Supervised:
    """A case that somebody sees only because they supervise; ``letters``: numbers of those that cover it."""

    case: UUID
    number: str
    letters: tuple[str, ...]


def only_supervised(connection: Connection, actor: Actor, case: UUID) -> Supervised | None:
    """Tell whether the actor sees a case only by supervising; NotFound where they do not see it at all."""
    has_part = or_(_took_part(actor), _holds_a_role(actor), _prepares(actor))
    row = connection.execute(
        select(instance.c.number, has_part.label("has_part")).where(instance.c.id == case, visible(actor))
    ).one_or_none()
    if row is None:
        raise NotFound(NO_CASE)
    if row.has_part:
        return None
    letters = tuple(one.number for one in covering(connection, actor, case))
    return Supervised(case=case, number=row.number, letters=letters)


def case_facts(connection: Connection, actor: Actor, case: UUID) -> CaseFacts:
    """Read the head of a case the actor may see; NotFound for any other."""
    row = connection.execute(
        select(
            instance.c.id,
            instance.c.office,
            instance.c.number,
            instance.c.title,
            instance.c.status,
            instance.c.started_at,
            instance.c.ended_at,
            instance.c.cancel_reason,
            instance.c.version,
            instance.c.trial,
            process.c.key,
            process.c.name.label("process_name"),
            process_version.c.number.label("version_number"),
            process_version.c.state,
            person.c.name.label("starter_name"),
            person.c.post.label("starter_post"),
            event.c.payload.label("begun"),
            _took_part(actor).label("takes_part"),
        )
        .join(process, process.c.id == instance.c.process)
        .join(process_version, process_version.c.id == instance.c.version)
        .join(person, person.c.id == instance.c.starter)
        .outerjoin(event, and_(event.c.stream == instance.c.id, event.c.seq == 1))
        .where(instance.c.id == case, visible(actor))
    ).one_or_none()
    if row is None:
        raise NotFound(NO_CASE)
    begun = json.loads(row.begun) if row.begun else erasing.begun(connection, case)
    is_moved = begun.get("version", row.version_number) != row.version_number
    stood = row.state if is_moved else begun.get("state", row.state)
    return CaseFacts(
        id=row.id,
        office=row.office,
        number=row.number,
        title=row.title,
        status=InstanceStatus(row.status),
        started_at=row.started_at,
        ended_at=row.ended_at,
        cancel_reason=row.cancel_reason or "",
        starter=row.starter_post or row.starter_name,
        sop_key=row.key,
        sop_name=row.process_name,
        version=row.version,
        version_number=row.version_number,
        on_trial=row.trial or stood == VersionState.TRIAL,
        takes_part=bool(row.takes_part),
    )


def opened_by(actor: Actor, letter: UUID) -> ColumnElement[bool]:
    """Tell in a statement over ``instance`` which cases one of the actor's letters opens to their audit.

    What its whole team reads is held to it: neither what another letter covers nor what the auditor worked
    on themselves belongs there.
    """
    covered = [_covered(one) for one in actor.coverage if one.assignment == letter]
    return and_(instance.c.office == actor.office, or_(false(), *covered), ~_took_part(actor))


def opened_by_number(
    connection: Connection, actor: Actor, letter: UUID, number: str
) -> tuple[UUID, int] | None:
    """Find the case of this number that a letter opens; gives the number of its last event too."""
    row = connection.execute(
        select(instance.c.id, instance.c.last_seq).where(
            instance.c.number == number, opened_by(actor, letter)
        )
    ).one_or_none()
    return (row.id, row.last_seq) if row else None


def _covered(letter: Coverage) -> ColumnElement[bool]:
    """Say that a letter of assignment covers a case; an empty list of units or SOPs names all of them."""
    conditions: list[ColumnElement[bool]] = []
    if letter.sops:
        conditions.append(instance.c.process.in_(letter.sops))
    if letter.since is not None:
        conditions.append(or_(instance.c.ended_at.is_(None), instance.c.ended_at >= letter.since))
    if letter.until is not None:
        conditions.append(instance.c.started_at < letter.until)
    if letter.units:
        some = participant.alias()  # with the units of then: who moves people takes no case away
        conditions.append(exists().where(some.c.instance == instance.c.id, some.c.unit.in_(letter.units)))
    return and_(true(), *conditions)


def _took_part(actor: Actor) -> ColumnElement[bool]:
    own = participant.alias()  # the statement around it may read participants too
    return exists().where(own.c.person == actor.person, own.c.instance == instance.c.id)


def _prepares(actor: Actor) -> ColumnElement[bool]:
    asked = task.alias()
    return exists().where(
        asked.c.instance == instance.c.id,
        asked.c.prepared_by == actor.person,
        asked.c.state == TaskState.OPEN,
    )


def _holds_a_role(actor: Actor) -> ColumnElement[bool]:
    if not actor.role_keys:
        return ~true()
    ours = task.alias()
    return exists().where(ours.c.instance == instance.c.id, ours.c.role.in_(actor.role_keys))
