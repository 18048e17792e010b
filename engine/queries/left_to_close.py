"""The task that a returned revision left with its owner, once a corrected one is submitted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.task import can_work
from engine.storage import revision_cases, tasks
from engine.storage.tables import process, process_version


@dataclass(frozen=True, kw_only=True)
class LeftTask:
    """An open task of the actor's."""

    id: UUID
    name: str


def left_to_close(engine: Engine, actor: Actor, key: str, number: int) -> LeftTask | None:
    """Find the actor's task of the case that returned what a revision was made from."""
    made_from = (
        select(process_version.c.base)
        .join(process, process.c.id == process_version.c.process)
        .where(process.c.office == actor.office, process.c.key == key, process_version.c.number == number)
    )
    with engine.store.reading() as connection:
        base = connection.scalar(made_from)
        cases = revision_cases.that_returned(connection, {base}) if base else []
        found = [one for case, _ in cases for one in tasks.of_instance(connection, case)]
    own = next((one for one in found if can_work(one, actor)), None)
    return LeftTask(id=own.id, name=own.name) if own else None
