"""What is told of a step that failed: where, in which round, and what its expression saw."""

from __future__ import annotations

from engine.bpmn.live_task import LiveTask
from engine.bpmn.scope import scope_of
from engine.errors import Failure, ProcessFailed, Sentence
from engine.expressions.sandbox import words_of
from engine.model.incident import IncidentKind


def failed_at(
    task: LiveTask,
    sentence: Sentence,
    kind: IncidentKind = IncidentKind.FLOW,
    source: str = "",
    *,
    timed_out: bool = False,
) -> ProcessFailed:
    """Make the error of a task; ``source`` is the expression, or several one below the other."""
    element, name = _shown(task)
    scope = scope_of(task)
    failure = Failure(
        kind=kind,
        round=task.round,
        iteration=task.iteration,
        expression=source,
        seen={word: scope[word] for word in sorted(words_of(source)) if word in scope},
        missing=_missing(sentence),
        timed_out=timed_out,
    )
    return ProcessFailed(element, name, sentence, failure)


def _shown(task: LiveTask) -> tuple[str, str]:
    """Give id and name of the element as drawn; a gateway that normalising added is its activity's."""
    spec = task.task_spec
    if not spec.hidden or "." not in spec.element:
        return spec.element, spec.title
    drawn = task.workflow.spec.task_specs.get(spec.element.rpartition(".")[0])
    return (drawn.element, drawn.title) if drawn is not None else (spec.element, spec.title)


def _missing(sentence: Sentence) -> str:
    """Find the unknown name in what the sandbox said (``failures.unknown_name``)."""
    reason = sentence.values.get("reason")
    values = reason.values if isinstance(reason, Sentence) else {}
    return str(values["name"]) if {"line", "column", "name"} == set(values) else ""
