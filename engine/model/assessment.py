"""The rule by which figures propose how a step of an SOP runs, for the form of PermenPAN-RB 35/2012.

The regulation asks for a judgement and sets no limits. These are Alur's, the form states them, and whoever
assesses decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

IN_TIME = 80  # percent of the steps that are to be in time
OFTEN = 20  # percent of the completed steps, beyond which what happens to them happens often
_ALL = 100


class Proposal(StrEnum):
    """How a step runs."""

    WELL = "well"
    NOT_WELL = "not-well"
    UNKNOWN = "unknown"  # there is nothing to tell it by


class Ground(StrEnum):
    """Why a step is said not to run well."""

    LATE = "late"
    SENT_BACK = "sent-back"
    DEVIATED = "deviated"
    WITHOUT_ROLE = "without-role"


@dataclass(frozen=True, kw_only=True)
class StepCounts:
    """What is counted of a step in a period."""

    completed: int
    due: int  # completed with a due time, or open beyond it
    late: int  # of these, completed after it or still open
    sent_back: int  # to this step
    deviated: int  # corrected, done by a revision not read, or refused to another role
    without_role: int  # done by who did not hold the role
    unmeasured: int = 0  # completed without a due time, of a step for which the SOP sets a time

    @property
    def in_time(self) -> int:
        """Count what was done in time."""
        return self.due - self.late


def grounds(counts: StepCounts) -> tuple[Ground, ...]:
    """Tell what speaks against a step."""
    often = OFTEN * counts.completed
    found = {
        Ground.LATE: _ALL * counts.in_time < IN_TIME * counts.due,
        Ground.SENT_BACK: _ALL * counts.sent_back > often,
        Ground.DEVIATED: _ALL * counts.deviated > often,
        Ground.WITHOUT_ROLE: counts.without_role > 0,
    }
    return tuple(ground for ground, holds in found.items() if holds)


def proposed(counts: StepCounts) -> Proposal:
    """Propose how a step runs: not well on any ground; well only where half of it or more could be judged."""
    if grounds(counts):
        return Proposal.NOT_WELL
    is_judged = counts.completed and 2 * counts.unmeasured <= counts.completed
    return Proposal.WELL if is_judged else Proposal.UNKNOWN
