"""How far the moving of open cases is, or taking that back, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound, Sentence
from engine.model.actor import Actor
from engine.model.batch import Batch, BatchKind
from engine.model.incident import sentence_from
from engine.queries.open_drafts import NOT_FOUND, must_revise
from engine.storage import batches, moved
from engine.storage.tables import instance, process, process_version

_MOST_TOLD = 50  # cases that could not be moved, or not be taken back


@dataclass(frozen=True, kw_only=True)
class Hindered:
    """A case with which nothing could be done, and why."""

    id: UUID
    number: str
    reason: Sentence


@dataclass(frozen=True, kw_only=True)
class Work:
    """A batch that moves cases, or takes that back."""

    key: str
    name: str
    number: int
    batch: Batch
    of: UUID | None  # of what takes back: the batch it takes back
    moved: int  # and standing so
    undone: int
    cases: tuple[tuple[UUID, str], ...]  # the first of those, by number: moved; of an undo taken back
    hindered: tuple[Hindered, ...]
    problem: Sentence | None


def work(engine: Engine, actor: Actor, key: str, batch_id: UUID) -> Work:
    """Read how far the moving of cases is, or taking that back, and what came of it."""
    must_revise(actor)
    with engine.store.reading() as connection:
        batch = batches.load(connection, actor.office, batch_id)
        if batch is None or batch.kind not in (BatchKind.MOVE, BatchKind.UNDO):
            raise NotFound(NOT_FOUND)
        row = connection.execute(
            select(process.c.name, process_version.c.number)
            .join(process_version, process_version.c.process == process.c.id)
            .where(
                process.c.office == actor.office,
                process.c.key == key,
                process_version.c.id == batch.version,
            )
        ).one_or_none()
        if row is None:
            raise NotFound(NOT_FOUND)
        of = UUID(hex=batch.parameters["batch"]) if batch.kind is BatchKind.UNDO else None
        counted = moved.counts(connection, of or batch.id)
        failed = batch.result.get("failed")
        return Work(
            key=key,
            name=row.name,
            number=row.number,
            batch=batch,
            of=of,
            moved=counted["moved"],
            undone=counted["undone"],
            cases=tuple(moved.listed(connection, of or batch.id, _MOST_TOLD, undone=of is not None)),
            hindered=_hindered(connection, batch),
            problem=sentence_from(failed) if failed else None,
        )


def _hindered(connection: Connection, batch: Batch) -> tuple[Hindered, ...]:
    if batch.kind is BatchKind.UNDO:
        kept = batch.result.get("kept", {})
        said = {UUID(hex=case): sentence_from(why) for case, why in list(kept.items())[:_MOST_TOLD]}
    else:
        said = moved.hindered(connection, batch.id, _MOST_TOLD)
    numbers = connection.execute(
        select(instance.c.id, instance.c.number)
        .where(instance.c.id.in_(list(said)))
        .order_by(instance.c.number)
    )
    return tuple(Hindered(id=row.id, number=row.number, reason=said[row.id]) for row in numbers)
