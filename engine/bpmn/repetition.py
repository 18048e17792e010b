"""Multi-instance activities and loops: one task stands for all, its instances have values of their own."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.flow import Flow
from engine.bpmn.live_task import LiveTask
from engine.bpmn.scope import scope_of
from engine.bpmn.trail import Happening
from engine.bpmn.variables import deep_copy
from engine.errors import ProcessFailed, say

MOST_INSTANCES = 1000


class Repeated(Flow):
    """What stands for all instances of an activity, and ends after them."""

    task_spec: str  # name of the spec of one instance
    condition: str | None

    def _instances(self, my_task: LiveTask) -> list[LiveTask]:
        return [task for task in my_task.workflow.tasks.values() if task.owner == my_task.id]

    def _open_instance(self, my_task: LiveTask, values: dict[str, Any]) -> None:
        my_task.internal_data["made"] = made = my_task.internal_data.get("made", 0) + 1
        spec = self._wf_spec.task_specs[self.task_spec]  # type: ignore[attr-defined] # set by the library
        instance = LiveTask(my_task.workflow, spec)
        instance.owner = my_task.id
        instance.round, instance.iteration = my_task.round, made
        instance.data = {"loopCounter": made - 1, **values}
        my_task.workflow.top_workflow.record(Happening.ENTERED, instance)
        spec._update(instance)

    def _on_cancel(self, my_task: LiveTask) -> None:
        super()._on_cancel(my_task)
        for instance in self._instances(my_task):
            instance.cancel()

    def _asks(self, task: LiveTask, condition: str) -> bool:
        return bool(task.workflow.top_workflow.script_engine.decide(task, condition))


class Loop(Repeated, mixins.StandardLoopTaskMixin, BpmnSpecMixin):
    """Again while the condition is true, at most ``maximum`` times."""

    maximum: int | None
    test_before: bool

    def _update_hook(self, my_task: LiveTask) -> bool:
        if self.test_before and not self._goes_on(my_task, my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self._open_instance(my_task, {})
        return False

    def _goes_on(self, my_task: LiveTask, task: LiveTask) -> bool:
        if self.maximum is not None and my_task.internal_data.get("made", 0) >= self.maximum:
            return False
        return self.condition is None or self._asks(task, self.condition)

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:
        """Go round again or go on."""
        if self._goes_on(my_task, instance):
            self._open_instance(my_task, {})
        else:
            my_task._ready()


class _MultiInstance(Repeated):
    sequential: bool
    cardinality: str | None
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any

    def _update_hook(self, my_task: LiveTask) -> bool:
        items = self._items(my_task)
        my_task.internal_data.update(items=items, results=[None] * len(items), done=0)
        if not items:
            self._keep_results(my_task)
            return True
        my_task._set_state(TaskState.STARTED)
        for _ in items[:1] if self.sequential else items:
            if my_task.has_state(TaskState.STARTED):
                self._next(my_task)
        return False

    def _items(self, my_task: LiveTask) -> list[Any]:
        if self.data_input is None:
            count = my_task.workflow.top_workflow.script_engine.evaluate(my_task, self.cardinality)
            if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_INSTANCES:
                raise _bad_count(self, count)
            return list(range(count))
        name = variable_of(self.data_input)
        items = scope_of(my_task).get(name)
        if isinstance(items, dict):
            items = list(items.values())
        if not isinstance(items, list) or len(items) > MOST_INSTANCES:
            raise _no_list(self, name)
        return deep_copy(items)  # type: ignore[no-any-return] # a list gives a list

    def _next(self, my_task: LiveTask) -> None:
        index = my_task.internal_data.get("made", 0)
        values: dict[str, Any] = {}
        if self.input_item is not None:
            values[variable_of(self.input_item)] = deep_copy(my_task.internal_data["items"][index])
        if self.output_item is not None:
            # Declared here, so that setting it in one instance does not reach the others.
            values.setdefault(variable_of(self.output_item), None)
        self._open_instance(my_task, values)

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:
        """Keep what the instance left; go on when all are done or the completion condition is true."""
        state = my_task.internal_data
        state["done"] += 1
        left = variable_of(self.output_item) if self.output_item is not None else instance.task_spec.element
        state["results"][instance.iteration - 1] = instance.data.get(left)
        instance.data.update(
            nrOfInstances=len(state["items"]),
            nrOfCompletedInstances=state["done"],
            loopCounter=state["done"] - 1,
        )
        if self.condition is not None and self._asks(instance, self.condition):
            for other in self._instances(my_task):
                other.cancel()
        elif state["done"] < len(state["items"]):
            if self.sequential:
                self._next(my_task)
            return
        self._keep_results(my_task)
        my_task._ready()

    def _keep_results(self, my_task: LiveTask) -> None:
        results = my_task.internal_data["results"]
        scope = scope_of(my_task)
        if self.data_output is not None:
            scope[variable_of(self.data_output)] = results
        elif self._wf_spec.task_specs[self.task_spec].leaves_result:  # type: ignore[attr-defined]
            scope[self.element] = results


class SequentialMultiInstance(_MultiInstance, mixins.SequentialMultiInstanceTaskMixin, BpmnSpecMixin):
    """One instance after the other."""

    sequential = True


class ParallelMultiInstance(_MultiInstance, mixins.ParallelMultiInstanceTaskMixin, BpmnSpecMixin):
    """All instances at once."""

    sequential = False


def variable_of(reference: Any) -> str:  # noqa: ANN401 - untyped library
    """Give the variable a data reference means: its name, else its id."""
    return str(reference.bpmn_name or reference.bpmn_id)


def _bad_count(spec: Any, count: Any) -> ProcessFailed:  # noqa: ANN401 - untyped library
    sentence = say(
        "%(name)s needs a number of instances from 0 to %(most)s, found %(found)s.",
        name=spec.title or spec.element,
        most=MOST_INSTANCES,
        found=repr(count)[:80],
    )
    return ProcessFailed(spec.element, spec.title, sentence)


def _no_list(spec: Any, name: str) -> ProcessFailed:  # noqa: ANN401 - untyped library
    sentence = say(
        "%(name)s needs a list of at most %(most)s items in the variable %(variable)s.",
        name=spec.title or spec.element,
        most=MOST_INSTANCES,
        variable=name,
    )
    return ProcessFailed(spec.element, spec.title, sentence)
