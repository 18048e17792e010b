"""For whom incidents exist: for whoever looks after them, in their own office."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.permission import Permission
from engine.model.unseen import NO_INCIDENT
from engine.storage import incidents
from engine.storage.incidents import Incident


def must_solve(actor: Actor) -> None:
    """Let only those in who look after incidents; for others there is nothing to be seen."""
    if not actor.may(Permission.SOLVE_INCIDENTS):
        raise NotFound(NO_INCIDENT)


def load_incident(connection: Connection, actor: Actor, incident_id: UUID) -> Incident:
    """Read one the actor may look into."""
    must_solve(actor)
    found = incidents.load(connection, incident_id, actor.office)
    if found is None:
        raise NotFound(NO_INCIDENT)
    return found
