"""Which steps of the SOP a case can still come to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from engine.bpmn.standing import standing_of
from engine.bpmn.still_ahead import still_ahead
from engine.core import Engine
from engine.storage.tables import instance
from engine.storage.versions import Version


def steps_ahead(engine: Engine, version: Version, state: str) -> frozenset[str]:
    """Give the elements of the steps that are open or can still come; none where the case has ended."""
    if not state:
        return frozenset()
    return still_ahead(engine.versions.facts_of(version.id), version.definition.steps, standing_of(state))


def state_of(connection: Connection, case: UUID) -> str:
    """Read the state of a case; empty once it has ended."""
    return connection.scalar(select(instance.c.state).where(instance.c.id == case)) or ""
