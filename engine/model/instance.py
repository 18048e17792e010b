"""A case (berkas): one run of a process version."""

from __future__ import annotations

from enum import StrEnum


class InstanceStatus(StrEnum):
    """Where a case is in its life."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class VersionState(StrEnum):
    """Where a process version is in its life."""

    DRAFT = "draft"
    TRIAL = "trial"  # uji coba: cases can be started and are marked
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
