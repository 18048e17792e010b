"""SpiffWorkflow's parser and serializer with our task specs in the place of its own.

A parser is used for one file only: the library finds lanes by the address of a tree in memory.
"""

from __future__ import annotations

import json
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser import event_parsers as events_
from SpiffWorkflow.bpmn.parser import task_parsers as tasks_
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default import event_definition as kept_events
from SpiffWorkflow.bpmn.serializer.default import task_spec as kept

from engine.bpmn import events, gateways, repetition, tasks, timers
from engine.bpmn.flow import prepare
from engine.bpmn.names import GENERATED, child_text, children, local_name, name_of, sop, text_of
from engine.bpmn.sop import extension

SPEC_FORMAT = 1


class _Ours:
    """Makes our specs; keeps the id, name, type and flows of an element with its spec."""

    STANDARD_LOOP_CLASS = repetition.Loop
    PARALLEL_MI_CLASS = repetition.ParallelMultiInstance
    SEQUENTIAL_MI_CLASS = repetition.SequentialMultiInstance

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:  # noqa: ANN401, ARG002 - the library's signature
        element = self.node  # type: ignore[attr-defined] # set by the library
        outgoing = self.process_parser.get_outgoing_sequence_flows(element.get("id"))  # type: ignore[attr-defined]
        kept_: dict[str, Any] = {
            "type": local_name(element),
            "name": name_of(element),
            "process": self.process_parser.bpmn_id,  # type: ignore[attr-defined]
            "flows": {flow.get("targetRef"): flow.get("id") for flow in outgoing if not flow.get(GENERATED)},
        }
        if (
            next(children(element, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"), None)
            is not None
        ):
            kept_["counts_from"] = 1
        if element.get(GENERATED):
            kept_["generated"] = True
        return kept_

    def get_position(self, _node: Any = None) -> dict[str, float]:  # noqa: ANN401 - the library's signature
        # Flows in the order of the file: where a shape is drawn does not decide what is asked first.
        return {"x": 0.0, "y": 0.0}

    def _copy_task_attrs(self, original: Any, loop_characteristics: Any = None) -> None:  # noqa: ANN401
        super()._copy_task_attrs(original, loop_characteristics)  # type: ignore[misc]
        self.task.extensions = original.extensions  # type: ignore[attr-defined]
        self.task.lane = original.lane  # type: ignore[attr-defined]

    def _add_boundary_event(self, events: Any) -> Any:  # noqa: ANN401 - untyped library
        split = super()._add_boundary_event(events)  # type: ignore[misc]
        split.__class__ = tasks.ActivitySplit
        return split


class _Timed(_Ours):
    def parse_timer_event(self, event: Any) -> Any:  # noqa: ANN401 - untyped library
        name = self.node.get("id")  # type: ignore[attr-defined]
        kinds = (
            ("timeDate", timers.DateTimer),
            ("timeDuration", timers.DurationTimer),
            ("timeCycle", timers.CycleTimer),
        )
        for local, timer in kinds:
            for child in children(event, local):
                return timer(name, text_of(child), description=local)
        raise AssertionError(name)  # the lint refused it


class _TaskParser(_Ours, TaskParser):
    pass


class _GatewayParser(_Ours, tasks_.GatewayParser):
    pass


class _ConditionalGatewayParser(_Ours, tasks_.ConditionalGatewayParser):
    pass


class _CallActivityParser(_Ours, tasks_.CallActivityParser):
    pass


class _ScriptTaskParser(_Ours, tasks_.ScriptTaskParser):
    def get_script(self) -> str:
        return child_text(self.node, "script")


class _ServiceTaskParser(_Ours, TaskParser):
    """Without a connector nothing is said of how it is done: it is passed (BPMN 2.0, 13.3.3)."""

    def create_task(self) -> Any:  # noqa: ANN401 - untyped library
        if extension(self.node, "Service") is None:
            self.spec_class = tasks.AbstractTask
        return super().create_task()

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:  # noqa: ANN401 - the library's signature
        kept_ = super().parse_extensions(node)
        own = extension(self.node, "Service")
        if own is not None:
            inputs = {one.get("name"): text_of(one) for one in own.iterchildren(sop("input"))}
            kept_["service"] = {"connector": own.get("connector"), "inputs": inputs}
        return kept_


class _SubprocessParser(_Ours, tasks_.SubWorkflowParser):
    pass


class _StartEventParser(_Timed, events_.StartEventParser):
    pass


class _EndEventParser(_Ours, events_.EndEventParser):
    pass


class _CatchEventParser(_Timed, events_.IntermediateCatchEventParser):
    pass


class _ThrowEventParser(_Timed, events_.IntermediateThrowEventParser):
    pass


class _BoundaryEventParser(_Timed, events_.BoundaryEventParser):
    pass


class _EventGatewayParser(_Ours, events_.EventBasedGatewayParser):
    pass


class Parser(BpmnParser):
    """The library's parser, making our specs; anything the lint does not accept has no parser here."""

    PARSER_CLASSES = {  # noqa: RUF012 - the library's way
        full_tag(local): pair
        for local, pair in {
            "startEvent": (_StartEventParser, events.StartEvent),
            "endEvent": (_EndEventParser, events.EndEvent),
            "intermediateCatchEvent": (_CatchEventParser, events.CatchEvent),
            "intermediateThrowEvent": (_ThrowEventParser, events.ThrowEvent),
            "boundaryEvent": (_BoundaryEventParser, events.BoundaryEvent),
            "userTask": (_TaskParser, tasks.UserTask),
            "manualTask": (_TaskParser, tasks.ManualTask),
            "task": (_TaskParser, tasks.AbstractTask),
            "scriptTask": (_ScriptTaskParser, tasks.ScriptTask),
            "serviceTask": (_ServiceTaskParser, tasks.ServiceTask),
            "subProcess": (_SubprocessParser, tasks.EmbeddedSubprocess),
            "transaction": (_SubprocessParser, tasks.Transaction),
            "callActivity": (_CallActivityParser, tasks.CalledProcess),
            "exclusiveGateway": (_ConditionalGatewayParser, gateways.ExclusiveGateway),
            "inclusiveGateway": (_ConditionalGatewayParser, gateways.InclusiveGateway),
            "parallelGateway": (_GatewayParser, gateways.ParallelGateway),
            "eventBasedGateway": (_EventGatewayParser, gateways.EventGateway),
        }.items()
    }


_CONFIG = {
    **DEFAULT_CONFIG,
    tasks.ActivitySplit: kept.BpmnTaskSpecConverter,
    tasks.UserTask: kept.BpmnTaskSpecConverter,
    tasks.ManualTask: kept.BpmnTaskSpecConverter,
    tasks.AbstractTask: kept.BpmnTaskSpecConverter,
    tasks.ScriptTask: kept.ScriptTaskConverter,
    tasks.ServiceTask: kept.BpmnTaskSpecConverter,
    tasks.EmbeddedSubprocess: kept.SubWorkflowConverter,
    tasks.Transaction: kept.SubWorkflowConverter,
    tasks.CalledProcess: kept.SubWorkflowConverter,
    repetition.Loop: kept.StandardLoopTaskConverter,
    repetition.ParallelMultiInstance: kept.MultiInstanceTaskConverter,
    repetition.SequentialMultiInstance: kept.MultiInstanceTaskConverter,
    gateways.ExclusiveGateway: kept.ExclusiveGatewayConverter,
    gateways.InclusiveGateway: kept.ConditionalGatewayConverter,
    gateways.ParallelGateway: kept.ParallelGatewayConverter,
    gateways.EventGateway: kept.EventConverter,
    events.StartEvent: kept.EventConverter,
    events.EndEvent: kept.EventConverter,
    events.CatchEvent: kept.EventConverter,
    events.ThrowEvent: kept.EventConverter,
    events.BoundaryEvent: kept.BoundaryEventConverter,
    timers.DateTimer: kept_events.TimerConditionalEventDefinitionConverter,
    timers.DurationTimer: kept_events.TimerConditionalEventDefinitionConverter,
    timers.CycleTimer: kept_events.TimerConditionalEventDefinitionConverter,
}
_REGISTRY = BpmnWorkflowSerializer.configure(_CONFIG)


def spec_text(tree: Any, process_id: str) -> str:  # noqa: ANN401 - lxml
    """Read a normalised tree that passed the lint and write the specs of one process as JSON text."""
    parser = Parser()
    parser.add_bpmn_xml(tree)
    spec = parser.get_spec(process_id)
    others = parser.get_subprocess_specs(process_id)
    return json.dumps(
        {
            "format": SPEC_FORMAT,
            "process": process_id,
            "spec": _REGISTRY.convert(spec),
            "others": {name: _REGISTRY.convert(other) for name, other in others.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def load_spec(text: str) -> tuple[Any, dict[str, Any]]:
    """Give the spec of a process and those of its subprocesses, ready for the stepper."""
    stored = json.loads(text)
    spec = _REGISTRY.restore(stored["spec"])
    others = {name: _REGISTRY.restore(other) for name, other in stored["others"].items()}
    prepare(spec, others)
    return spec, others
