"""Samples of cases as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from engine.model.sampling import SampleState, Verdict
from engine.storage.tables import sample, sample_case, sample_preparer


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample as the actions need it."""

    id: UUID
    assignment: UUID
    state: SampleState
    revision: int
    prepared_by: UUID
    conclusion: str


@dataclass(frozen=True, kw_only=True)
class SampleCase:
    """One case of it."""

    place: int
    instance: UUID
    verdict: Verdict
    note: str
    revision: int
    noted_by: UUID | None


def load(connection: Connection, office_id: UUID, sample_id: UUID) -> Sample | None:
    """Read a sample of an office."""
    row = connection.execute(
        select(sample).where(sample.c.id == sample_id, sample.c.office == office_id)
    ).one_or_none()
    if row is None:
        return None
    return Sample(
        id=row.id,
        assignment=row.assignment,
        state=SampleState(row.state),
        revision=row.revision,
        prepared_by=row.prepared_by,
        conclusion=row.conclusion,
    )


def add(connection: Connection, values: Mapping[str, Any], cases: Sequence[UUID]) -> None:
    """Write a sample and its cases in the order they were drawn."""
    connection.execute(
        insert(sample).values(state=SampleState.DRAWN.value, revision=1, conclusion="", review="", **values)
    )
    connection.execute(
        insert(sample_case),
        [
            {
                "sample": values["id"],
                "place": place,
                "instance": case,
                "verdict": Verdict.OPEN.value,
                "note": "",
                "revision": 1,
            }
            for place, case in enumerate(cases, 1)
        ],
    )


def cases_of(connection: Connection, sample_id: UUID) -> list[SampleCase]:
    """Read the cases of a sample in their order."""
    rows = connection.execute(
        select(sample_case).where(sample_case.c.sample == sample_id).order_by(sample_case.c.place)
    )
    return [
        SampleCase(
            place=row.place,
            instance=row.instance,
            verdict=Verdict(row.verdict),
            note=row.note,
            revision=row.revision,
            noted_by=row.noted_by,
        )
        for row in rows
    ]


def change(connection: Connection, sample_id: UUID, revision: int, values: Mapping[str, Any]) -> bool:
    """Write changes of a sample that is still as it was read; tells whether it was."""
    mine = (sample.c.id == sample_id, sample.c.revision == revision)
    return (
        connection.execute(update(sample).where(*mine).values(revision=revision + 1, **values)).rowcount == 1
    )


def note(
    connection: Connection, sample_id: UUID, place: int, revision: int, values: Mapping[str, Any]
) -> bool:
    """Write what is noted of a case, if nobody has since it was read; tells whether so."""
    mine = (
        sample_case.c.sample == sample_id,
        sample_case.c.place == place,
        sample_case.c.revision == revision,
    )
    changed = connection.execute(update(sample_case).where(*mine).values(revision=revision + 1, **values))
    return changed.rowcount == 1


def add_preparer(connection: Connection, sample_id: UUID, person: UUID | None) -> None:
    """Keep that somebody wrote notes or the conclusion of a sample; the caller holds the office."""
    if person is not None and person not in preparers(connection, sample_id):
        connection.execute(insert(sample_preparer).values(sample=sample_id, person=person))


def preparers(connection: Connection, sample_id: UUID) -> set[UUID]:
    """Read who wrote anything of a sample."""
    found = select(sample_preparer.c.person).where(sample_preparer.c.sample == sample_id)
    return set(connection.scalars(found))
