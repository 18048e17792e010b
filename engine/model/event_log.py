"""What is taken out of the record for other tools: which cases, in which format, in whose words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from engine.model.event import EventKind


class LogFormat(StrEnum):
    """How an event log is written."""

    XES = "xes"  # IEEE 1849
    OCEL_JSON = "ocel-json"  # OCEL 2.0
    OCEL_SQLITE = "ocel-sqlite"
    CSV = "csv"
    JSONL = "jsonl"  # JSON Lines
    XLSX = "xlsx"


class Detail(StrEnum):
    """How much of each case is told."""

    ACTIVITIES = "activities"  # steps that were finished and stayed so: what replays on the diagram
    ALL = "all"  # every event of the record


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which cases: those of an SOP (empty: of all), started from one day to another, in the office's zone.

    A case is taken as a whole, however long it went on. ``content`` tells whether what people entered goes
    with it.
    """

    sop: str = ""
    since: date | None = None
    until: date | None = None
    detail: Detail = Detail.ALL
    content: bool = True

    def to_json(self) -> dict[str, Any]:
        """Write it down."""
        return {
            "sop": self.sop,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "detail": self.detail.value,
            "content": self.content,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read what was written down."""
        return cls(
            sop=said["sop"],
            since=date.fromisoformat(said["since"]) if said["since"] else None,
            until=date.fromisoformat(said["until"]) if said["until"] else None,
            detail=Detail(said["detail"]),
            content=said["content"],
        )


# A step that no person does: the record tells it by the flows that were taken.
PASSED = "step.passed"
UNKNOWN = "unknown"
COMPLETE = "complete"

# Kind of event -> transition of the standard lifecycle of XES (IEEE 1849-2016, lifecycle extension).
TRANSITIONS: Mapping[str, str] = {
    EventKind.TASK_OPENED.value: "schedule",
    EventKind.TASK_CLAIMED.value: "start",
    EventKind.TASK_ASSIGNED.value: "assign",
    EventKind.TASK_RELEASED.value: "reassign",
    EventKind.TASK_TAKEN_BACK.value: "reassign",
    EventKind.CLOCK_PAUSED.value: "suspend",
    EventKind.CLOCK_RESUMED.value: "resume",
    EventKind.TASK_COMPLETED.value: COMPLETE,
    EventKind.TASK_CANCELLED.value: "ate_abort",
    EventKind.TASK_RETURNED.value: "ate_abort",
    EventKind.CASE_CANCELLED.value: "pi_abort",
    PASSED: COMPLETE,
}
