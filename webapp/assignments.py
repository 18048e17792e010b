"""What auditors are told who have no valid letter of assignment: every page of cases needs one."""

from __future__ import annotations

from engine.queries import assignments
from webapp import current


def whom_to_ask() -> tuple[str, ...] | None:
    """Name the administrators for an auditor who has no valid letter; None for everybody else."""
    actor = current.actor()
    if not actor.needs_assignment or actor.covers:
        return None
    return assignments.administrators(current.engine(), actor)
