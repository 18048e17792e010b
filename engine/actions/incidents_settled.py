"""Close incidents: what failed went through after all, or is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import Cause, Solution, Tried
from engine.storage import events, incidents
from engine.storage.events import Line
from engine.storage.incidents import Incident
from engine.storage.transaction import Connection
from engine.storage.versions import Version


def settle(  # noqa: PLR0913 - which case, by whom, when, what went through and what is over
    connection: Connection,
    actor: Actor,
    case: UUID,
    now: datetime,
    *,
    done: Tried | None = None,
    left: Collection[Tried] = (),
    ended: bool = False,
) -> None:
    """Solve what is over, after everything else of an act was written: ``done`` went through.

    Solved is also what the case has left behind: its task or timer is gone, another takes its place
    (``left``), or the case has ended.
    """
    solved: list[tuple[Incident, Solution]] = []
    for one in incidents.open_of(connection, case):
        if one.tried == done:
            solved.append((one, Solution.PASSED))
        elif ended or one.tried in left or not incidents.waits(connection, case, one.tried):
            solved.append((one, Solution.LEFT))
    if solved:
        solve(connection, Scope.INSTANCE, case, actor, now, solved)


def settle_starts(connection: Connection, actor: Actor, version: Version, start: str, now: datetime) -> None:
    """Solve what kept cases from being started on a version, or at a start event: one has started."""
    tried = Tried(cause=Cause.START, element=start)
    kept = [one for one in incidents.open_of(connection, version.id) if one.tried == tried]
    if kept:
        solved = [(one, Solution.PASSED) for one in kept]
        solve(connection, Scope.LIBRARY, version.process, actor, now, solved)


def solve(  # noqa: PLR0913, PLR0917 - where, by whom, when, what
    connection: Connection,
    scope: Scope,
    stream: UUID,
    actor: Actor,
    now: datetime,
    solved: list[tuple[Incident, Solution]],
    reason: str = "",
) -> None:
    """Close incidents, with an event each."""
    lines = []
    for one, solution in solved:
        incidents.solve(connection, [one.id], solution, now, actor.person)
        payload = {"incident": one.id.hex, "solution": solution.value}
        lines.append(
            line_of(EventKind.INCIDENT_SOLVED, one, payload | ({"reason": reason} if reason else {}))
        )
    events.append(connection, scope, stream, actor, now, lines)


def line_of(kind: EventKind, one: Incident, payload: Mapping[str, Any]) -> Line:
    """Make an event about an incident."""
    return Line(kind=kind, element=one.element, round=one.round, iteration=one.iteration, payload=payload)
