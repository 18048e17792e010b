"""How many findings and samples wait for somebody: for an answer, a review, to be delivered or closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.finding import Elements, FindingState, FollowUp
from engine.model.permission import Permission
from engine.model.sampling import SampleState
from engine.storage.tables import finding, sample, sample_preparer


@dataclass(frozen=True, kw_only=True)
class FindingsWaiting:
    """What waits for the actor, counted."""

    answers: int = 0  # delivered findings that the office has not answered
    reviews: int = 0  # whole drafts of others of the team
    deliveries: int = 0  # drafts of the actor's that were reviewed
    answered: int = 0  # of the actor's teams: answered, or all done; to be looked at, and closed
    samples: int = 0  # concluded by others of the team, to be reviewed

    @property
    def findings(self) -> int:
        """Count the findings, without samples."""
        return self.answers + self.reviews + self.deliveries + self.answered

    @property
    def all(self) -> int:
        """Count everything."""
        return self.findings + self.samples


def findings_waiting(engine: Engine, actor: Actor) -> FindingsWaiting:
    """Count what waits for the actor; nothing is asked for people who neither audit nor answer audits."""
    office = actor.may(Permission.ANSWER_AUDIT)
    audits = actor.may(Permission.AUDIT) and bool(actor.coverage)
    if not (office or audits):
        return FindingsWaiting()
    conditions = {"answers": _unanswered(actor)} if office else {}
    if audits:
        conditions |= _of_team(actor)
    counts = [_count(name, condition) for name, condition in conditions.items()]
    if audits:
        counts.append(
            select(func.count()).select_from(sample).where(_samples(actor)).scalar_subquery().label("samples")
        )
    with engine.store.reading() as connection:
        return FindingsWaiting(**connection.execute(select(*counts)).mappings().one())


def _count(name: str, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(finding).where(condition).scalar_subquery().label(name)


def _unanswered(actor: Actor) -> ColumnElement[bool]:
    auditors = (finding.c.prepared_by, finding.c.reviewed_by, finding.c.delivered_by)
    return and_(
        finding.c.office == actor.office,
        finding.c.state == FindingState.DELIVERED.value,
        *(or_(one.is_(None), one != actor.person) for one in auditors),
    )


def _of_team(actor: Actor) -> dict[str, ColumnElement[bool]]:
    ours = and_(
        finding.c.office == actor.office,
        finding.c.assignment.in_([one.assignment for one in actor.coverage]),
    )
    draft, whole = (
        finding.c.state == FindingState.DRAFT.value,
        [finding.c[part] != "" for part in Elements.__dataclass_fields__],
    )
    done = and_(finding.c.state == FindingState.FOLLOWED_UP.value, finding.c.follow_up == FollowUp.DONE.value)
    mine = finding.c.prepared_by == actor.person
    return {
        "reviews": and_(ours, draft, finding.c.reviewed_by.is_(None), ~mine, *whole),
        "deliveries": and_(ours, draft, finding.c.reviewed_by.is_not(None), mine),
        "answered": and_(ours, or_(finding.c.state == FindingState.ANSWERED.value, done)),
    }


def _samples(actor: Actor) -> ColumnElement[bool]:
    wrote = exists().where(sample_preparer.c.sample == sample.c.id, sample_preparer.c.person == actor.person)
    return and_(
        sample.c.office == actor.office,
        sample.c.assignment.in_([one.assignment for one in actor.coverage]),
        sample.c.state == SampleState.CONCLUDED.value,
        sample.c.prepared_by != actor.person,
        ~wrote,
    )
