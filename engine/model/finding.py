"""Findings (*temuan*) of an audit: what they consist of, how far they have come, who takes them further."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from uuid import UUID

from engine.model.actor import Actor
from engine.model.permission import Permission


class FindingState(StrEnum):
    """How far a finding has come."""

    DRAFT = "draft"  # a working paper of the team; nobody else sees it
    DELIVERED = "delivered"  # reviewed, and told to the office
    ANSWERED = "answered"  # by the office
    FOLLOWED_UP = "followed-up"  # the office says how far it has done what was recommended
    CLOSED = "closed"  # by an auditor


class FollowUp(StrEnum):
    """How far what was recommended is done."""

    NOT_YET = "not-yet"  # belum
    PARTLY = "partly"  # sebagian
    DONE = "done"  # selesai


ANSWERABLE = frozenset({FindingState.DELIVERED, FindingState.ANSWERED})
FOLLOWABLE = frozenset({FindingState.ANSWERED, FindingState.FOLLOWED_UP})
CLOSABLE = frozenset({FindingState.ANSWERED, FindingState.FOLLOWED_UP})


@dataclass(frozen=True, kw_only=True)
class Elements:
    """What every finding consists of, as text."""

    title: str = ""
    condition: str = ""  # kondisi: what is
    criteria: str = ""  # kriteria: what should be
    cause: str = ""  # sebab
    effect: str = ""  # akibat
    recommendation: str = ""  # rekomendasi

    @property
    def missing(self) -> tuple[str, ...]:
        """Name what is not written yet."""
        return tuple(one.name for one in fields(self) if not getattr(self, one.name))


def on_team(actor: Actor, assignment: UUID) -> bool:
    """Tell whether somebody is an auditor in the team of a letter that is valid today."""
    return actor.may(Permission.AUDIT) and any(one.assignment == assignment for one in actor.coverage)


def may_review(actor: Actor, assignment: UUID, *prepared_by: UUID | None) -> bool:
    """Tell whether somebody may review what others of the same team prepared."""
    return on_team(actor, assignment) and actor.person not in prepared_by
