"""What happened in one step of an instance, in order."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class Happening(StrEnum):
    """One kind of item of a trail."""

    FLOW = "flow"  # a sequence flow was taken
    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    VALUE = "value"  # the sandbox answered
    READ = "read"  # what a data store held when the step first came to it: others write there too
    DECIDED = "decided"  # a decision was taken: its result, and the rules it comes from
    OPENED = "opened"  # a task for people
    CLOSED = "closed"
    TIMER_SET = "timer-set"
    TIMER_CLEARED = "timer-cleared"
    TIMER_FIRED = "timer-fired"
    JOB_SET = "job-set"  # a service task waits for its connector
    THROWN = "thrown"  # a message or signal
    LET_GO = "let-go"  # a message that nobody has taken: too many are kept
    CAUGHT = "caught"  # a message that carried something
    FAILED = "failed"  # an error that nobody caught ended the process


class TrailItem(NamedTuple):
    """One thing that happened. ``type`` is the BPMN local name; ``round`` counts entries of the element."""

    what: Happening
    element: str
    name: str
    type: str
    process: str = ""
    round: int = 0
    iteration: int = 0
    # Of the sandbox; the due time of a timer as ISO text, or that and what it counts; connector and inputs
    # of a job; of a message.
    value: Any = None

    def to_json(self) -> dict[str, Any]:
        """Give the item as the record keeps it: names and types stand in the version's definition."""
        item: dict[str, Any] = {"what": self.what.value, "element": self.element}
        if self.round:
            item["round"] = self.round
        if self.iteration:
            item["iteration"] = self.iteration
        if self.what is Happening.VALUE or self.value is not None:
            item["value"] = self.value
        return item
