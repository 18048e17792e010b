"""The samples of a team, and one with its cases and what was noted of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, and_, case, func, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.finding import may_review, on_team
from engine.model.instance import InstanceStatus
from engine.model.permission import Permission
from engine.model.sampling import SampleState, Verdict
from engine.model.unseen import NO_SAMPLE
from engine.queries.case_access import visible
from engine.queries.named import in_full
from engine.storage import samples
from engine.storage.tables import audit_assignment, instance, person, process, sample, sample_case

_PREPARED, _REVIEWED = person.alias("prepared"), person.alias("reviewed")


@dataclass(frozen=True, kw_only=True)
class SampleRow:
    """A sample in the list. ``sop`` is empty where it is of every SOP; days are those of the office."""

    id: UUID
    title: str
    letter: str
    sop: str
    since: date | None
    until: date | None
    seed: str
    population: int
    population_digest: str
    size: int
    looked_at: int
    exceptions: int
    state: SampleState
    revision: int
    prepared_by: str
    drawn_at: datetime
    conclusion: str
    concluded_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    review: str


@dataclass(frozen=True, kw_only=True)
class SampledCase:
    """One case of a sample. ``is_open`` tells that the reader's letters still cover it."""

    place: int
    id: UUID
    number: str
    title: str
    sop: str
    status: InstanceStatus
    started_at: datetime
    verdict: Verdict
    note: str
    revision: int
    noted_by: str
    noted_at: datetime | None
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class SamplePage:
    """A sample with its cases, in the order they were drawn."""

    row: SampleRow
    cases: tuple[SampledCase, ...]
    may_review: bool


@dataclass(frozen=True, kw_only=True)
class DrawingPage:
    """What the form of a new sample offers: letters and SOPs by id."""

    letters: tuple[tuple[UUID, str], ...]
    sops: tuple[tuple[UUID, str], ...]


def sample_list(engine: Engine, actor: Actor) -> tuple[SampleRow, ...]:
    """List the samples of the actor's teams, the newest first."""
    _must_audit(actor)
    ours = sample.c.assignment.in_([one.assignment for one in actor.coverage])
    with engine.store.reading() as connection:
        rows = connection.execute(_rows(actor).where(ours).order_by(sample.c.id.desc())).mappings()
        return tuple(_row(row) for row in rows)


def sample_page(engine: Engine, actor: Actor, sample_id: UUID) -> SamplePage:
    """Read a sample of one of the actor's teams."""
    _must_audit(actor)
    with engine.store.reading() as connection:
        row = connection.execute(_rows(actor).where(sample.c.id == sample_id)).mappings().one_or_none()
        if row is None or not on_team(actor, row["assignment"]):
            raise NotFound(NO_SAMPLE)
        wrote = samples.preparers(connection, sample_id)
        return SamplePage(
            row=_row(row),
            cases=tuple(_cases(connection, actor, sample_id)),
            may_review=may_review(actor, row["assignment"], row["prepared_by"], *wrote),
        )


def drawing_page(engine: Engine, actor: Actor) -> DrawingPage:
    """Read what can be drawn from."""
    _must_audit(actor)
    with engine.store.reading() as connection:
        sops = connection.execute(
            select(process.c.id, process.c.name)
            .where(process.c.office == actor.office)
            .order_by(process.c.name)
        )
        letters = tuple((one.assignment, one.number) for one in actor.coverage)
        return DrawingPage(letters=letters, sops=tuple((row.id, row.name) for row in sops))


def _must_audit(actor: Actor) -> None:
    if not actor.may(Permission.AUDIT):
        raise NotFound(NO_SAMPLE)


def _rows(actor: Actor) -> Select[*tuple[object, ...]]:
    counted = (
        select(
            sample_case.c.sample,
            func.count().label("size"),
            func.sum(case((sample_case.c.verdict != Verdict.OPEN.value, 1), else_=0)).label("looked_at"),
            func.sum(case((sample_case.c.verdict == Verdict.EXCEPTION.value, 1), else_=0)).label(
                "exceptions"
            ),
        )
        .group_by(sample_case.c.sample)
        .subquery()
    )
    return (
        select(
            sample,
            counted.c.size,
            counted.c.looked_at,
            counted.c.exceptions,
            audit_assignment.c.number.label("letter"),
            process.c.name.label("sop"),
            _PREPARED.c.name.label("prepared_name"),
            _PREPARED.c.post.label("prepared_post"),
            _REVIEWED.c.name.label("reviewed_name"),
            _REVIEWED.c.post.label("reviewed_post"),
        )
        .join(counted, counted.c.sample == sample.c.id)
        .join(audit_assignment, audit_assignment.c.id == sample.c.assignment)
        .outerjoin(process, process.c.id == sample.c.process)
        .join(_PREPARED, _PREPARED.c.id == sample.c.prepared_by)
        .outerjoin(_REVIEWED, _REVIEWED.c.id == sample.c.reviewed_by)
        .where(sample.c.office == actor.office)
    )


def _row(row: RowMapping) -> SampleRow:
    return SampleRow(
        id=row["id"],
        title=row["title"],
        letter=row["letter"],
        sop=row["sop"] or "",
        since=row["since"],
        until=row["until"],
        seed=row["seed"],
        population=row["population"],
        population_digest=row["population_digest"].hex(),
        size=row["size"],
        looked_at=int(row["looked_at"]),
        exceptions=int(row["exceptions"]),
        state=SampleState(row["state"]),
        revision=row["revision"],
        prepared_by=in_full(row["prepared_name"], row["prepared_post"]),
        drawn_at=row["drawn_at"],
        conclusion=row["conclusion"],
        concluded_at=row["concluded_at"],
        reviewed_by=in_full(row["reviewed_name"] or "", row["reviewed_post"] or ""),
        reviewed_at=row["reviewed_at"],
        review=row["review"],
    )


def _cases(connection: Connection, actor: Actor, sample_id: UUID) -> list[SampledCase]:
    rows = connection.execute(
        select(
            sample_case,
            instance.c.number,
            instance.c.title,
            instance.c.status,
            instance.c.started_at,
            process.c.name.label("sop"),
            person.c.name.label("who"),
            person.c.post,
            and_(visible(actor)).label("is_open"),
        )
        .join(instance, instance.c.id == sample_case.c.instance)
        .join(process, process.c.id == instance.c.process)
        .outerjoin(person, person.c.id == sample_case.c.noted_by)
        .where(sample_case.c.sample == sample_id)
        .order_by(sample_case.c.place)
    )
    return [
        SampledCase(
            place=row.place,
            id=row.instance,
            number=row.number,
            title=row.title,
            sop=row.sop,
            status=InstanceStatus(row.status),
            started_at=row.started_at,
            verdict=Verdict(row.verdict),
            note=row.note,
            revision=row.revision,
            noted_by=in_full(row.who or "", row.post or ""),
            noted_at=row.noted_at,
            is_open=bool(row.is_open),
        )
        for row in rows
    ]
