"""How many cases of an SOP began, ended and were open in a period, and how long they took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.model.figures import Spread, spread
from engine.model.instance import InstanceStatus
from engine.queries.figures_asked import Scope, of_cases, of_version
from engine.storage.tables import instance


@dataclass(frozen=True, kw_only=True)
class CaseFigures:
    """Cases of the period. ``open`` were so at its end, or are now where it has not ended.

    ``cycle`` is of those that finished in it: working minutes from their start to their end.
    """

    started: int
    finished: int
    cancelled: int
    open: int
    cycle: Spread


def case_figures(engine: Engine, connection: Connection, scope: Scope) -> CaseFigures:
    """Read the cases that ran at any time of the period."""
    calendar = engine.calendar_of(scope.office)
    rows = connection.execute(
        select(instance.c.status, instance.c.started_at, instance.c.ended_at).where(
            *of_cases(scope), *of_version(scope, instance.c.version)
        )
    ).all()
    ended = [row for row in rows if row.ended_at is not None and row.ended_at < scope.ends]
    finished = [row for row in ended if row.status == InstanceStatus.FINISHED]
    return CaseFigures(
        started=sum(row.started_at >= scope.begins for row in rows),
        finished=len(finished),
        cancelled=sum(row.status == InstanceStatus.CANCELLED for row in ended),
        open=len(rows) - len(ended),
        cycle=spread(Counter(calendar.minutes_between(row.started_at, row.ended_at) for row in finished)),
    )
