"""A dry run of a diagram in memory: people answer with the data given, a clock is moved to its timers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.drawing import Drawing
from engine.bpmn.events import trigger
from engine.bpmn.guard import read_tree
from engine.bpmn.lint import main_process, problems_of
from engine.bpmn.live import LiveInstance
from engine.bpmn.live_task import LiveTask
from engine.bpmn.parse import read_spec
from engine.bpmn.reader import load_spec
from engine.bpmn.scope import scope_of
from engine.bpmn.scripting import ScriptEngine
from engine.bpmn.trail import Happening, TrailItem
from engine.bpmn.variables import deep_copy
from engine.errors import Finding, ProcessFailed, Refused, say
from engine.expressions.sandbox import Sandbox

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_MOST_TOLD = 20  # problems in the error message of a refused file
_SHOWN = {Happening.ENTERED, Happening.COMPLETED, Happening.CANCELLED}


class TraceStatus(StrEnum):
    """How a dry run ended."""

    COMPLETED = "completed"
    WAITING = "waiting"  # for something that cannot come by itself
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of a dry run."""

    steps: int = 10_000  # elements completed
    seconds: float = 60.0


@dataclass(frozen=True, kw_only=True)
class TraceError:
    """What went wrong, at which element (empty where it is none of the diagram's)."""

    element: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What a dry run did. ``waiting_at`` are the elements it stands at; ``findings`` why it was refused."""

    status: TraceStatus
    steps: tuple[TrailItem, ...] = ()
    variables: Mapping[str, Any]
    error: TraceError | None = None
    waiting_at: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> str:
        """Write it as ``alur trace --json`` prints it."""
        steps = [
            {
                "process": step.process,
                "element": step.element,
                "name": step.name,
                "type": step.type,
                "event": step.what.value,
                "round": step.round,
            }
            for step in self.steps
        ]
        error = None if self.error is None else {"element": self.error.element, "message": self.error.message}
        document = {
            "status": self.status.value,
            "steps": steps,
            "data": dict(self.variables),
            "error": error,
        }
        return json.dumps(document, ensure_ascii=False, indent=2)


def trace(
    content: bytes,
    *,
    process_id: str | None = None,
    variables: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    sandbox: Sandbox | None = None,
) -> Trace:
    """Run the named process, or the first executable one.

    The variables are there from the start, and each task for people is completed with them: the
    value under the task's id is what it submits (for a list, one item per round), else nothing.
    """
    own = sandbox or Sandbox(workers=1)
    try:
        return _trace(content, process_id, deep_copy(dict(variables or {})), limits or Limits(), own)
    finally:
        if sandbox is None:
            own.close()


def _trace(
    content: bytes, process_id: str | None, given: dict[str, Any], limits: Limits, sandbox: Sandbox
) -> Trace:
    try:
        spec, others = load_spec(_spec_of(content, process_id, sandbox))
    except Refused as refused:
        first = refused.findings[0]
        message = "; ".join(str(finding.sentence) for finding in refused.findings[:_MOST_TOLD])
        return Trace(
            status=TraceStatus.REFUSED,
            variables=given,
            error=TraceError(element=first.element, message=message),
            findings=refused.findings,
        )
    live = LiveInstance(spec, others, ScriptEngine(sandbox))
    for name, value in given.items():
        live.variables[name] = value
    return _Run(live, given, limits).run()


def _spec_of(content: bytes, process_id: str | None, sandbox: Sandbox) -> str:
    tree = read_tree(content)
    findings = problems_of(tree, sandbox=sandbox)
    if findings:
        raise Refused(findings)
    executable = [process.get("id") for process in Drawing(tree.getroot()).executable]
    if process_id is not None and process_id not in executable:
        raise Refused((_no_such(process_id),))
    return read_spec(tree, process_id or main_process(tree).get("id") or "")


def _no_such(process_id: str) -> Finding:
    sentence = say("The file has no executable process %(id)s", id=process_id)
    return Finding(code="unknown-process", element=process_id, name="", sentence=sentence)


class _Stopped(Exception):
    """A bound was reached."""


class _Run:
    def __init__(self, live: LiveInstance, given: Mapping[str, Any], limits: Limits) -> None:
        self.live = live
        self.given = given
        self.limits = limits
        self.now = _BEGINNING
        self.until = time.monotonic() + limits.seconds

    def run(self) -> Trace:
        self.live.begin_step(self.now)
        try:
            self.live.begin()
            self._advance()
            while not self.live.finished and self._next():
                self._advance()
        except _Stopped:
            error = TraceError(element="", message=f"stopped after {self._done()} steps")
            return self._result(TraceStatus.FAILED, error)
        except ProcessFailed as failed:
            return self._result(TraceStatus.FAILED, TraceError(element=failed.element, message=str(failed)))
        return self._result(TraceStatus.COMPLETED if self.live.finished else TraceStatus.WAITING)

    def _advance(self) -> None:
        for _ in self.live.steps():
            if self._done() >= self.limits.steps or time.monotonic() > self.until:
                raise _Stopped

    def _done(self) -> int:
        return self.live.completed_count

    def _next(self) -> bool:
        """Complete what waits for people, else let the earliest timer happen; False when neither is there."""
        task = next(iter(self._open()), None)
        if task is not None:
            self._complete(task)
            return True
        timers = [waiting for waiting in self.live.waiting() if "due" in waiting.internal_data]
        if not timers:
            return False
        first = min(timers, key=lambda waiting: datetime.fromisoformat(waiting.internal_data["due"]))
        self.now = max(self.now, datetime.fromisoformat(first.internal_data["due"]))
        self.live.now = self.now
        trigger(first)
        return True

    def _open(self) -> list[LiveTask]:
        return [
            task
            for workflow in self.live.workflows()
            for task in workflow.tasks.values()
            if task.state == TaskState.READY and task.task_spec.for_people
        ]

    def _complete(self, task: LiveTask) -> None:
        element = task.task_spec.element
        submitted = self.given.get(element)
        if isinstance(submitted, list) and submitted:
            turn = task.iteration or task.round
            submitted = submitted[min(turn, len(submitted)) - 1]
        if submitted is not None:
            values = deep_copy(submitted)
            if task.owner:
                task.data[element] = values
            else:
                scope_of(task)[element] = values
        task.run()

    def _result(self, status: TraceStatus, error: TraceError | None = None) -> Trace:
        waiting = (
            ()
            if status is TraceStatus.COMPLETED
            else tuple(
                dict.fromkeys(
                    task.task_spec.element for task in self.live.waiting() if not task.task_spec.hidden
                )
            )
        )
        return Trace(
            status=status,
            steps=tuple(item for item in self.live.trail if item.what in _SHOWN),
            variables=dict(self.live.variables),
            error=error,
            waiting_at=waiting,
        )
