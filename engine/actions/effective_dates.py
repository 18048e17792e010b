"""What was approved for a day comes into force when that day begins in its office."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from engine.actions.approvals import bring_into_force
from engine.core import Engine
from engine.errors import Conflict
from engine.model.actor import Actor
from engine.model.instance import VersionState
from engine.storage import revisions


def bring_due_into_force(engine: Engine) -> int:
    """Put approved versions in force whose day has come; gives how many.

    Cases are started on them from that day on even before: this writes what is so already.
    """
    now = engine.clock.now()
    with engine.store.reading() as connection:
        # By the day of the zone furthest ahead; each office's own is looked at below.
        found = revisions.due(connection, (now + timedelta(hours=14)).date())
    done = 0
    for office_id, standing, effective in found:
        if effective > engine.calendar_of(office_id).local(now).date():
            continue
        with suppress(Conflict), engine.store.transaction() as connection:  # another worker was first
            still = revisions.standing(connection, office_id, standing.key, standing.number)
            if still is not None and still.state is VersionState.APPROVED:
                worker = Actor(person=None, office=office_id, name="")
                bring_into_force(engine, connection, worker, still)
                done += 1
    return done
