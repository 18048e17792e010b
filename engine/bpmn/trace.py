"""A dry run of a diagram in memory: people answer with the data given, a clock is moved to its timers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.bpmn.drawing import Drawing
from engine.bpmn.dry_run import DryRun, Stopped
from engine.bpmn.guard import read_tree
from engine.bpmn.lint import main_process, problems_of
from engine.bpmn.live import LiveInstance
from engine.bpmn.parse import read_spec
from engine.bpmn.reader import load_spec
from engine.bpmn.scripting import ScriptEngine
from engine.bpmn.trail import TrailItem
from engine.bpmn.variables import deep_copy
from engine.dmn.files import NO_DECISIONS, ReadDecisions
from engine.errors import Finding, ProcessFailed, Refused, say
from engine.expressions.sandbox import Sandbox

_MOST_TOLD = 20  # problems in the error message of a refused file


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
    seconds: float = 1.0  # of work and of waiting for the sandbox; whoever else is at work does not count


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


def trace(  # noqa: PLR0913 - what is run, from where, and with what
    content: bytes,
    *,
    process_id: str | None = None,
    start: str = "",
    variables: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    sandbox: Sandbox | None = None,
    decisions: ReadDecisions = NO_DECISIONS,
) -> Trace:
    """Run the named process, or the first executable one, with the decisions of the files beside it.

    It begins at the start event ``start``, where it has several that wait for nothing, else the first.

    What stands under the id of a task for people is its answer, all else are variables from the
    start, submitted also by tasks without an answer of their own (see ``answers``).
    """
    own = sandbox or Sandbox(workers=1)
    given = deep_copy(dict(variables or {}))
    try:
        spec, others = load_spec(_spec_of(content, process_id, given.keys(), own, decisions))
        live = LiveInstance(spec, others, ScriptEngine(own))
        return _run(live, given, own, limits or Limits(), start)
    except Refused as refused:
        return refusal(refused.findings, given)
    finally:
        if sandbox is None:
            own.close()


def refusal(findings: tuple[Finding, ...], given: Mapping[str, Any]) -> Trace:
    """Tell that nothing was run, and why."""
    message = "; ".join(str(finding.sentence) for finding in findings[:_MOST_TOLD])
    error = TraceError(element=findings[0].element, message=message)
    return Trace(status=TraceStatus.REFUSED, variables=given, error=error, findings=findings)


def _spec_of(
    content: bytes,
    process_id: str | None,
    given: AbstractSet[str],
    sandbox: Sandbox,
    decisions: ReadDecisions,
) -> str:
    tree = read_tree(content)
    findings = problems_of(tree, sandbox=sandbox, given=given, decisions=decisions)
    if findings:
        raise Refused(findings)
    executable = [process.get("id") for process in Drawing(tree.getroot()).executable]
    if process_id is not None and process_id not in executable:
        raise Refused((_no_such(process_id),))
    return read_spec(tree, process_id or main_process(tree).get("id") or "", decisions)


def _no_such(process_id: str) -> Finding:
    sentence = say("The file has no executable process %(id)s", id=process_id)
    return Finding(code="unknown-process", element=process_id, name="", sentence=sentence)


def _no_start(element: str) -> Finding:
    sentence = say("The process does not begin at %(id)s", id=element[:80])
    return Finding(code="unknown-start", element=element, name="", sentence=sentence)


def _run(live: LiveInstance, given: dict[str, Any], sandbox: Sandbox, limits: Limits, start: str) -> Trace:
    if start and start not in {one.element for one in live.spec.begins}:
        raise Refused((_no_start(start),))
    run = DryRun(live, given, sandbox, most_steps=limits.steps, seconds=limits.seconds, start=start)
    error = None
    try:
        run.run()
    except Stopped:
        error = TraceError(element="", message=f"stopped after {live.completed_count} steps")
    except ProcessFailed as failed:
        error = TraceError(element=failed.element, message=str(failed))
    if error is None and live.failures:
        element, sentence = live.failures[0]
        error = TraceError(element=element, message=str(sentence))
    status = TraceStatus.FAILED if error else TraceStatus.WAITING
    if live.finished and not error:
        status = TraceStatus.COMPLETED
    return Trace(
        status=status,
        steps=tuple(run.steps),
        variables=dict(live.variables),
        error=error,
        waiting_at=() if status is TraceStatus.COMPLETED else run.waiting_at,
    )
