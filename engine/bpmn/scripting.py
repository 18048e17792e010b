"""The only way from the diagram's expressions to a value: through the sandbox."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.bpmn.failing import failed_at
from engine.bpmn.live_task import LiveTask
from engine.bpmn.names import quoted_text
from engine.bpmn.scope import scope_of
from engine.bpmn.trail import Happening
from engine.errors import ProcessFailed, Sentence, say
from engine.expressions.sandbox import ExpressionFailed, Sandbox, Share, words_of
from engine.model.incident import IncidentKind


class SandboxEnvironment(BasePythonScriptEngineEnvironment):
    """Gives the library's script engine the sandbox to run in; nothing runs in this process."""

    def __init__(self, sandbox: Sandbox | Share) -> None:
        """Take the sandbox of the process, or a share of it."""
        super().__init__()
        self.sandbox = sandbox

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:  # noqa: ANN401, ARG002
        """Give the value of an expression; a quoted text needs no sandbox."""
        quoted = quoted_text(expression)
        return self.sandbox.evaluate(expression, context) if quoted is None else quoted

    def execute(self, script: str, context: Any, external_context: Any = None) -> dict[str, Any]:  # noqa: ANN401, ARG002
        """Run a script; what it made or changed is set in the context and given back."""
        changed = self.sandbox.execute(script, context)
        for name, value in changed.items():
            context[name] = value
        return changed

    def call_service(self, context: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Refuse: our service tasks wait for a connector, which is called outside."""
        raise NotImplementedError


class ScriptEngine(PythonScriptEngine):
    """Evaluates in the scope of a task and tells failures by the element's name."""

    def __init__(self, sandbox: Sandbox | Share) -> None:
        """Take the sandbox of the process, or a share of it."""
        super().__init__(SandboxEnvironment(sandbox))

    def validate(self, expression: str) -> None:
        """Do nothing: what does not compile is found by the lint."""

    def evaluate(self, task: LiveTask, expression: str, external_context: Any = None) -> Any:  # noqa: ANN401, ARG002
        """Give the value of an expression at a task and record it; ProcessFailed names the element."""
        value = self.value_of(task, expression)
        if quoted_text(expression) is None:
            task.workflow.top_workflow.record(Happening.VALUE, task, value)
        return value

    def value_of(self, task: LiveTask, expression: str) -> Any:  # noqa: ANN401 - JSON value
        """Give the value of an expression at a task, for what is recorded as a whole."""
        task.workflow.top_workflow.check_time(task)
        try:
            return self.environment.evaluate(expression, scope_of(task))
        except ExpressionFailed as failed:
            raise _failed(task, expression, failed.sentence, timed_out=failed.timed_out) from failed

    def evaluate_in(self, task: LiveTask, expression: str, values: Mapping[str, Any] | None) -> Any:  # noqa: ANN401
        """Give the value of an expression over some values (else over what the task sees)."""
        task.workflow.top_workflow.check_time(task)
        try:
            return self.environment.evaluate(expression, scope_of(task) if values is None else values)
        except ExpressionFailed as failed:
            raise _failed(task, expression, failed.sentence, timed_out=failed.timed_out) from failed

    def decide_quietly(self, task: LiveTask, condition: str, *, midway: bool) -> bool:
        """Tell whether a condition that is waited for is true.

        What nobody has set yet is waited for too: an unknown name, and data that is declared and has
        no value. ``midway`` between the steps of an action, any other failure is waited out as well.
        """
        task.workflow.top_workflow.check_time(task)
        try:
            value = self.environment.evaluate(condition, scope_of(task))
        except ExpressionFailed as failed:
            if failed.unknown_name or (midway and not failed.timed_out) or _lacks(task, condition):
                return False
            raise _failed(task, condition, failed.sentence, timed_out=failed.timed_out) from failed
        return value is True if midway or value is None else _answer(task, condition, value)

    def decide(self, task: LiveTask, condition: str) -> bool:
        """Give the answer of a condition, which must be True or False."""
        return _answer(task, condition, self.evaluate(task, condition))

    def execute(self, task: LiveTask, script: str, external_context: Any = None) -> bool:  # noqa: ANN401, ARG002
        """Run a script at a task; ProcessFailed names the element."""
        task.workflow.top_workflow.check_time(task)
        scope: MutableMapping[str, Any] = scope_of(task)
        try:
            changed = self.environment.execute(script, scope)
        except ExpressionFailed as failed:
            kind, timed_out = IncidentKind.SCRIPT, failed.timed_out
            raise _failed(task, script, failed.sentence, kind=kind, timed_out=timed_out) from failed
        task.workflow.top_workflow.record(Happening.VALUE, task, changed)
        return True


def _answer(task: LiveTask, condition: str, value: Any) -> bool:  # noqa: ANN401 - whatever it gave
    if not isinstance(value, bool):
        raise _failed(task, condition, say("it gave %(value)s, not True or False", value=repr(value)[:80]))
    return value


def _lacks(task: LiveTask, source: str) -> bool:
    """Tell whether a name of an expression has no value."""
    scope = scope_of(task)
    return any(name in scope and scope[name] is None for name in words_of(source))


def _failed(
    task: LiveTask,
    source: str,
    reason: Sentence,
    *,
    kind: IncidentKind = IncidentKind.CONDITION,
    timed_out: bool = False,
) -> ProcessFailed:
    spec = task.task_spec
    sentence = say(
        "The expression at %(name)s failed: %(reason)s", name=spec.title or spec.element, reason=reason
    )
    return failed_at(task, sentence, kind, source, timed_out=timed_out)
