"""Steps that must be done by another person than certain steps before them (``sop:notSameAs``)."""

from __future__ import annotations

from uuid import UUID

from engine.core import Engine
from engine.errors import Forbidden, say
from engine.model.task import Task
from engine.storage.doers import last_done_by
from engine.storage.transaction import Connection


def must_be_another(
    engine: Engine, task: Task, person: UUID | None, connection: Connection | None = None
) -> None:
    """Refuse whoever did, last in the case, a step that another person must have done."""
    definition = engine.versions.get(task.version).definition
    others = definition.step(task.element).not_same_as
    if not others:
        return
    if connection is None:
        with engine.store.reading() as own:
            done = last_done_by(own, task.instance, others)
    else:
        done = last_done_by(connection, task.instance, others)
    mine = next((element for element in others if person in done.get(element, ())), None)
    if mine is not None:
        raise Forbidden(
            say(
                "This step must be done by another person than “%(step)s” was.",
                step=definition.step(mine).name,
            )
        )
