"""Multi-instance activities and loops: one task stands for all, its instances have values of their own."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.data import first_of, write
from engine.bpmn.failing import failed_at
from engine.bpmn.flow import Flow
from engine.bpmn.implicit_throws import FIRST, definition_of
from engine.bpmn.instances import Instances
from engine.bpmn.live_task import LiveTask
from engine.bpmn.scope import Frame, scope_of
from engine.bpmn.throwing import throw
from engine.bpmn.trail import Happening
from engine.bpmn.variables import deep_copy
from engine.errors import ProcessFailed, say
from engine.model.incident import IncidentKind

MOST_INSTANCES = 1000


class Repeated(Flow):
    """What stands for all instances of an activity, and ends after them."""

    task_spec: str  # name of the spec of one instance
    condition: str | None
    counts = True

    @property
    def counts_from(self) -> int:
        """Give the loopCounter of the first instance: BPMN's is 1 (table 10.30), that of 0.1 was 0."""
        return int(self.extensions.get("counts_from", 0))  # type: ignore[attr-defined] # of the library

    def frame_of(self, _my_task: LiveTask, instance: LiveTask) -> Frame:
        """Give the values of one instance."""
        counter = instance.iteration - 1 + self.counts_from
        return Frame(instance.data, instance.task_spec.names, {"loopCounter": counter}, self.element)

    def _instances(self, my_task: LiveTask) -> list[LiveTask]:
        return [task for task in my_task.workflow.tasks.values() if task.owner == my_task.id]

    def _open_instance(self, my_task: LiveTask) -> None:
        my_task.internal_data["made"] = made = my_task.internal_data.get("made", 0) + 1
        spec = self._wf_spec.task_specs[self.task_spec]  # type: ignore[attr-defined] # set by the library
        instance = LiveTask(my_task.workflow, spec)
        instance.owner = my_task.id
        instance.round, instance.iteration = my_task.round, made
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
        my_task.internal_data["made"] = 0
        if self.test_before and not self._goes_on(my_task, my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self._open_instance(my_task)
        return False

    def own_counts(self, my_task: LiveTask) -> dict[str, Any]:
        """Give the rounds begun so far: what a condition asked before the first one sees."""
        return {"loopCounter": my_task.internal_data.get("made", 0) - 1 + self.counts_from}

    def _goes_on(self, my_task: LiveTask, task: LiveTask) -> bool:
        if self.maximum is not None and my_task.internal_data.get("made", 0) >= self.maximum:
            return False
        return self.condition is None or self._asks(task, self.condition)

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:
        """Go round again or go on."""
        if self._goes_on(my_task, instance):
            self._open_instance(my_task)
        else:
            my_task._ready()


class _MultiInstance(Repeated):
    extensions: dict[str, Any]
    sequential: bool
    cardinality: str | None
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any

    def _update_hook(self, my_task: LiveTask) -> bool:
        my_task.instances = Instances(self._items(my_task), item_name=self._item_name)
        my_task.internal_data["done"] = 0
        total = my_task.instances.total
        if not total:
            self._keep_results(my_task)
            return True
        my_task._set_state(TaskState.STARTED)
        for _ in range(1 if self.sequential else total):
            if my_task.has_state(TaskState.STARTED):
                self._open_instance(my_task)
        return False

    def _items(self, my_task: LiveTask) -> list[Any] | int:
        if self.data_input is None:
            count = my_task.workflow.top_workflow.script_engine.evaluate(my_task, self.cardinality)
            if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_INSTANCES:
                raise _bad_count(my_task, self.cardinality or "", count)
            return count
        references = self.plan.get("items") or [[None, variable_of(self.data_input)]]
        items = first_of(my_task, references)
        if isinstance(items, dict):
            items = list(items.values())
        if not isinstance(items, list) or len(items) > MOST_INSTANCES:
            raise _no_list(my_task, references[-1][1])
        return deep_copy(items)  # type: ignore[no-any-return] # a list gives a list

    def frame_of(self, my_task: LiveTask, instance: LiveTask) -> Frame:
        """Give the item of one instance and its counters beside its own values."""
        frame = super().frame_of(my_task, instance)
        counted = {**frame.counted, **self.own_counts(my_task)}
        item = self._item_name
        if item:
            counted[item] = my_task.instances.item(instance.iteration)
        return Frame(frame.values, self._names_in(my_task, instance), counted, self.element)

    @property
    def _item_name(self) -> str:
        return str(self.plan.get("item") or variable_of(self.input_item))

    def _names_in(self, my_task: LiveTask, instance: LiveTask) -> dict[str, str]:
        """Give what each instance has of its own: its items, its data, and what people answer in it."""
        names: dict[str, str] | None = self.__dict__.get("_own_names")
        if names is None:
            answers = answered_in(instance.task_spec, my_task.workflow.top_workflow)
            names = {element: element for element in answers} | instance.task_spec.names
            names |= self.plan.get("items_named", {})
            for item in filter(None, (variable_of(self.output_item), variable_of(self.input_item))):
                names.setdefault(item, item)
            self.__dict__["_own_names"] = names
        return names

    def own_counts(self, my_task: LiveTask) -> dict[str, Any]:
        """Give BPMN's attributes of the activity (table 10.30), and what other programs call them."""
        if my_task.instances is None:
            return {}
        made, done = my_task.internal_data.get("made", 0), my_task.internal_data["done"]
        ended: int = my_task.instances.terminated
        return {
            "numberOfInstances": made,
            "numberOfActiveInstances": made - done - ended,
            "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": ended,
            "nrOfInstances": my_task.instances.total,
            "nrOfActiveInstances": made - done - ended,
            "nrOfCompletedInstances": done,
        }

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:
        """Keep what the instance left; go on when all are done or the completion condition is true."""
        my_task.internal_data["done"] += 1
        left = self.plan.get("result") or variable_of(self.output_item) or instance.task_spec.result
        my_task.instances.keep(instance.iteration, instance.data.get(left))
        self._throw(my_task, instance)
        if self.condition is not None and self._asks(instance, self.condition):
            open_ = self._instances(my_task)
            my_task.instances.terminated = len(open_)
            for other in open_:
                other.cancel()
        elif my_task.internal_data["done"] < my_task.instances.total:
            if self.sequential:
                self._open_instance(my_task)
            return
        self._keep_results(my_task)
        my_task._ready()

    def _throw(self, my_task: LiveTask, instance: LiveTask) -> None:
        """Throw what the activity throws as its instances are done (10.3.7)."""
        for thrown in self.extensions.get("throws", ()):
            if thrown["when"] == FIRST and my_task.internal_data["done"] > 1:
                continue
            if not thrown["condition"] or self._asks(instance, thrown["condition"]):
                throw(my_task, definition_of(thrown), beside=True)

    def _keep_results(self, my_task: LiveTask) -> None:
        results = my_task.instances.results
        references = self.plan.get("results") or []
        known = self.names.values()
        target = next((one for one in references if one[0] != self.element or one[1] in known), None)
        if target is not None:
            write(my_task, target, results)
        elif self.data_output is not None:
            scope_of(my_task)[variable_of(self.data_output)] = results
        elif self._wf_spec.task_specs[self.task_spec].leaves_result:  # type: ignore[attr-defined]
            scope_of(my_task)[self.result] = results


class SequentialMultiInstance(_MultiInstance, mixins.SequentialMultiInstanceTaskMixin, BpmnSpecMixin):
    """One instance after the other."""

    sequential = True


class ParallelMultiInstance(_MultiInstance, mixins.ParallelMultiInstanceTaskMixin, BpmnSpecMixin):
    """All instances at once."""

    sequential = False


def answered_in(spec: Any, top: Any) -> set[str]:  # noqa: ANN401 - untyped library
    """Give the elements that leave a result in an activity: itself, or those drawn inside it."""
    if spec.leaves_result:
        return {spec.result}
    if getattr(spec, "catches_events", False):
        return {spec.element}
    inner = top.subprocess_specs.get(getattr(spec, "spec", None))
    if inner is None or spec.kind == "callActivity":
        return set()
    specs = [one for one in inner.task_specs.values() if isinstance(one, Flow)]
    return {element for one in specs for element in answered_in(one, top)}


def variable_of(reference: Any) -> str:  # noqa: ANN401 - untyped library
    """Give the variable a data reference means: its name, else its id; empty for none."""
    return "" if reference is None else str(reference.bpmn_name or reference.bpmn_id)


def _bad_count(task: LiveTask, source: str, count: Any) -> ProcessFailed:  # noqa: ANN401 - whatever it gave
    sentence = say(
        "%(name)s needs a number of instances from 0 to %(most)s, found %(found)s.",
        name=task.task_spec.title or task.task_spec.element,
        most=MOST_INSTANCES,
        found=repr(count)[:80],
    )
    return failed_at(task, sentence, IncidentKind.CONDITION, source)


def _no_list(task: LiveTask, name: str) -> ProcessFailed:
    sentence = say(
        "%(name)s needs a list of at most %(most)s items in the variable %(variable)s.",
        name=task.task_spec.title or task.task_spec.element,
        most=MOST_INSTANCES,
        variable=name,
    )
    return failed_at(task, sentence, IncidentKind.CONDITION, name)
