"""Activities without repetition, and subprocesses."""

from __future__ import annotations

import json
from typing import Any

from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, BpmnStartTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.compensation import undo_next
from engine.bpmn.done import keep_inside
from engine.bpmn.failing import failed_at
from engine.bpmn.flow import Flow, Split
from engine.bpmn.live_scope import LiveSubprocess
from engine.bpmn.live_task import LiveTask
from engine.bpmn.scope import COUNTERS, Scope, scope_of
from engine.bpmn.trail import Happening
from engine.bpmn.variables import Variables, deep_copy
from engine.dmn.deciding import Decisions
from engine.dmn.steps import DecisionFailed
from engine.errors import ProcessFailed, say
from engine.model.incident import IncidentKind
from engine.model.job import MOST_INPUT_TEXT


class Start(Flow, BpmnStartTask):
    """The library's own first task; an instance begins behind it."""


class ActivitySplit(Split, BoundaryEventSplit):
    """The library's task before an activity with boundary events."""


class _ForPeople(Flow):
    for_people = True
    leaves_result = True

    def _on_ready(self, my_task: LiveTask) -> None:
        my_task.workflow.top_workflow.open(my_task)


class UserTask(_ForPeople, mixins.UserTaskMixin, BpmnSpecMixin):
    """A task for people, with or without a form."""


class ManualTask(_ForPeople, mixins.ManualTaskMixin, BpmnSpecMixin):
    """A task for people, without a form."""


class AbstractTask(Flow, mixins.NoneTaskMixin, BpmnSpecMixin):
    """A task that says nothing of how it is done: it is passed (BPMN 2.0, 13.3.3)."""


class ScriptTask(Flow, mixins.ScriptTaskMixin, BpmnSpecMixin):
    """A script, run in the sandbox."""

    def _run_hook(self, my_task: LiveTask) -> bool:
        return bool(self._execute(my_task))


class ServiceTask(Flow, mixins.ServiceTaskMixin, BpmnSpecMixin):
    """Waits for what its connector answers; the call itself is made outside, after the commit."""

    leaves_result = True
    service: dict[str, Any]  # connector, and inputs: name -> expression

    def _update_hook(self, my_task: LiveTask) -> bool:
        self.ask(my_task)
        my_task._set_state(TaskState.WAITING)
        return False

    def ask(self, my_task: LiveTask) -> None:
        """Work out what the connector gets, and wait for its answer."""
        top = my_task.workflow.top_workflow
        inputs = {
            name: top.script_engine.value_of(my_task, expression)
            for name, expression in self.service["inputs"].items()
        }
        if len(json.dumps(inputs, ensure_ascii=False)) > MOST_INPUT_TEXT:
            raise _too_much(self)
        top.set_job(my_task, self.service["connector"], deep_copy(inputs))


class BusinessRuleTask(Flow, mixins.NoneTaskMixin, BpmnSpecMixin):
    """Takes a decision of the files beside the diagram; which rules decided is on record."""

    leaves_result = True
    decisions: Decisions  # set when the spec is loaded

    def _run_hook(self, my_task: LiveTask) -> bool:
        scope = scope_of(my_task)
        try:
            answer = self.decisions.decide(self.decision, scope)
        except DecisionFailed as failed:
            raise _undecided(my_task, failed, self.decisions.source_of(self.decision)) from failed
        scope[self.result] = answer.value
        my_task.workflow.top_workflow.record(Happening.DECIDED, my_task, answer.to_json())
        return True


class _Nested(Flow):
    """An activity that waits for the end of a process of its own."""

    spec: str

    def _update_hook(self, my_task: LiveTask) -> bool:
        self._open(my_task).begin()
        return False

    def open_at(self, my_task: LiveTask, start: Any, event: LiveTask) -> None:  # noqa: ANN401 - untyped library
        """Open an event subprocess whose start event has happened at a listener."""
        self._open(my_task).begin_at(start, event)

    def open_to_undo(self, my_task: LiveTask) -> None:
        """Open an event subprocess that undoes what was done in the scope it stands in."""
        subprocess = self._open(my_task)
        start = subprocess.add(subprocess.spec.start.ahead[0])
        start._ready()

    def open_again(
        self, my_task: LiveTask, done: list[dict[str, Any]], values: dict[str, Any]
    ) -> LiveSubprocess:
        """Open a finished subprocess once more, without a token, to undo what was done in it."""
        subprocess = self._open(my_task)
        subprocess.done = done
        kept = subprocess.own if subprocess.variables is None else subprocess.variables
        for name, value in values.items():
            kept[name] = deep_copy(value)
        if subprocess.variables is not None:
            subprocess.variables.changed.clear()  # only what undoing sets is given back
        return subprocess

    def _open(self, my_task: LiveTask) -> LiveSubprocess:
        top = my_task.workflow.top_workflow
        subprocess = LiveSubprocess(top.subprocess_specs[self.spec], my_task, self._variables_for(my_task))
        top.subprocesses[my_task.id] = subprocess
        my_task._set_state(TaskState.STARTED)
        return subprocess

    def _variables_for(self, _my_task: LiveTask) -> Variables | None:
        return None

    def ended(self, my_task: LiveTask, subprocess: LiveSubprocess) -> None:
        """Go on after the last token inside is gone."""
        top = my_task.workflow.top_workflow
        del top.subprocesses[my_task.id]
        values = subprocess.own if subprocess.variables is None else subprocess.variables
        keep_inside(my_task, subprocess.done, dict(values))
        self._take_back(my_task, subprocess)
        my_task._ready()

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:  # noqa: ARG002 - whichever it was
        """Undo the next of what was done inside; it ends when no token is left."""
        undo_next(my_task)

    def _take_back(self, my_task: LiveTask, subprocess: LiveSubprocess) -> None:
        """Do nothing: what is inside works on the variables around it."""

    def _on_cancel(self, my_task: LiveTask) -> None:
        super()._on_cancel(my_task)
        subprocess = my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        if subprocess is not None:
            subprocess.stop()


class EmbeddedSubprocess(_Nested, mixins.SubWorkflowTaskMixin, BpmnSpecMixin):
    """A subprocess drawn inside its process; it works on the same variables."""


class Transaction(_Nested, mixins.TransactionSubprocessMixin, BpmnSpecMixin):
    """A subprocess that a cancel end event can leave by its cancel boundary event."""


class CalledProcess(_Nested, mixins.CallActivityMixin, BpmnSpecMixin):
    """Another process of the same file, with variables of its own.

    What is drawn between the call's inputs and outputs and those of the process is what it gets and
    gives (BPMN 2.0, 10.3.1); without that it gets a copy of the variables and gives back what it set.
    Data objects and properties of the process end with it.
    """

    def _variables_for(self, my_task: LiveTask) -> Variables:
        called = my_task.workflow.top_workflow.subprocess_specs[self.spec]
        call, own = self.plan.get("call", {}), called.plan.get("own", ())
        values: dict[str, Any] = {}
        if not call.get("only_given"):
            scope = scope_of(my_task)
            declared = scope.declares if isinstance(scope, Scope) else _nothing
            values = {
                name: deep_copy(value)
                for name, value in scope.items()
                if called.names.get(name) not in own or not declared(name)
            }
        for ours, theirs in call.get("given", ()):
            if ours in my_task.data:
                values[called.names.get(theirs, theirs)] = deep_copy(my_task.data[ours])
        return Variables(values)

    def _take_back(self, my_task: LiveTask, subprocess: LiveSubprocess) -> None:
        variables, names = subprocess.variables, subprocess.spec.names
        assert variables is not None  # noqa: S101 - made above
        call, own = self.plan.get("call", {}), subprocess.spec.plan.get("own", ())
        for ours, theirs in call.get("taken", ()):
            if names.get(theirs, theirs) in variables:
                my_task.data[ours] = variables[names.get(theirs, theirs)]
        if not call.get("only_taken"):
            scope = scope_of(my_task)
            for name in sorted(variables.changed.difference(own, COUNTERS)):
                scope[name] = variables[name]


def _nothing(_name: str) -> bool:
    return False


def _undecided(task: LiveTask, failed: DecisionFailed, source: str) -> ProcessFailed:
    spec = task.task_spec
    sentence = say(
        "Nothing was decided at %(name)s: %(reason)s",
        name=spec.title or spec.element,
        reason=failed.sentence,
    )
    return failed_at(task, sentence, IncidentKind.CONDITION, source)


def _too_much(spec: ServiceTask) -> ProcessFailed:
    sentence = say(
        "What %(name)s hands to its connector is longer than %(most)s characters.",
        name=spec.title or spec.element,
        most=MOST_INPUT_TEXT,
    )
    return ProcessFailed(spec.element, spec.title, sentence)
