"""A case (berkas): one run of a process version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class InstanceStatus(StrEnum):
    """Where a case is in its life."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class VersionState(StrEnum):
    """Where a process version is in its life."""

    TRIAL = "trial"  # uji coba: cases can be started and are marked
    REVIEW = "review"  # waits for approval
    RETURNED = "returned"  # not approved as it is
    APPROVED = "approved"  # in force from a date on
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """A case as it was read: what a step begins with. ``guard`` tells whether it is still so."""

    id: UUID
    version: UUID
    guard: int
    state: str
