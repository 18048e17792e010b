"""SpiffWorkflow's parsers, making our specs: every node of a scope, then the flows between them."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser import event_parsers as events_
from SpiffWorkflow.bpmn.parser import task_parsers as tasks_
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin

from engine.bpmn import events, gateways, repetition, tasks
from engine.bpmn.definitions import read_definition_of
from engine.bpmn.flow import SPLIT
from engine.bpmn.implicit_throws import throws_of
from engine.bpmn.names import (
    COMPENSATION,
    GENERATED,
    INSTANTIATES,
    NODES,
    bpmn,
    child_text,
    children,
    local_name,
    name_of,
    sop,
    text_of,
)
from engine.bpmn.process_specs import free_names
from engine.bpmn.rules import decision_of
from engine.bpmn.sop import extension


class _Ours:
    """Makes our specs; keeps the id, name, type and flows of an element with its spec."""

    STANDARD_LOOP_CLASS = repetition.Loop
    PARALLEL_MI_CLASS = repetition.ParallelMultiInstance
    SEQUENTIAL_MI_CLASS = repetition.SequentialMultiInstance

    def parse_node(self) -> Any:  # noqa: ANN401 - untyped library
        """Make the spec of one node; its flows are connected when all nodes of the scope are made.

        The library follows the flows from node to node, deeper with each, and never comes to what
        no flow leads to.
        """
        self.task = self.create_task()  # type: ignore[attr-defined] # set by the library
        self.task.extensions = self.parse_extensions()
        for loop in children(self.node, "standardLoopCharacteristics"):  # type: ignore[attr-defined]
            self._add_loop_task(loop)  # type: ignore[attr-defined]
        for several in children(self.node, "multiInstanceLoopCharacteristics"):  # type: ignore[attr-defined]
            self._add_multiinstance_task(several)  # type: ignore[attr-defined]
        events = self.process_parser.get_boundary_events(self.node.get("id"))  # type: ignore[attr-defined]
        beside = [event for event in events if event.find(bpmn("compensateEventDefinition")) is None]
        if beside:
            self._add_boundary_event(beside)
        self.process_parser.made[self.node.get("id")] = self  # type: ignore[attr-defined]
        return self.task

    def connect_flows(self) -> None:
        """Connect the node with those its flows lead to, in the order of the file."""
        specs = self.spec.task_specs  # type: ignore[attr-defined] # set by the library
        outgoing = self.process_parser.get_outgoing_sequence_flows(self.node.get("id"))  # type: ignore[attr-defined]
        default = self.node.get("default")  # type: ignore[attr-defined]
        for flow in outgoing:
            target = flow.get("targetRef")
            spec = specs.get(f"{target}{SPLIT}") or specs[target]
            is_default = flow.get("id") == default or (
                len(outgoing) == 1 and flow.find(bpmn("conditionExpression")) is None
            )
            self.connect_outgoing(spec, flow, is_default)  # type: ignore[attr-defined]

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
            kept_["throws"] = throws_of(element, self.process_parser.parser.by_id)  # type: ignore[attr-defined]
        return kept_ | _marks(element)

    def _copy_task_attrs(self, original: Any, loop_characteristics: Any = None) -> None:  # noqa: ANN401
        super()._copy_task_attrs(original, loop_characteristics)  # type: ignore[misc]
        self.task.extensions = original.extensions
        self.task.lane = original.lane

    def _add_boundary_event(self, events: Any) -> Any:  # noqa: ANN401 - untyped library
        """Stand the events beside an activity. The library allows no cancel event beside a repeated one."""
        split = tasks.ActivitySplit(self.spec, f"{self.bpmn_id}{SPLIT}", lane=self.task.lane)  # type: ignore[attr-defined]
        join = BoundaryEventJoin(
            self.spec,  # type: ignore[attr-defined]
            f"{self.bpmn_id}.BoundaryEventJoin",  # type: ignore[attr-defined]
            lane=self.task.lane,
            split_task=split.name,
            cancel=True,
        )
        split.connect(self.task)
        self.task.connect(join)
        for event in events:
            beside = self.process_parser.parse_node(event)  # type: ignore[attr-defined]
            split.connect(beside)
            beside.connect(join)
        return split


def _marks(element: Any) -> dict[str, Any]:  # noqa: ANN401 - lxml
    """Give what stands apart from the flow: handlers, event subprocesses, tasks that begin a process."""
    marks: dict[str, Any] = {}
    if element.get(GENERATED):
        marks["generated"] = True
    if element.get(COMPENSATION):
        event, handler = element.get(COMPENSATION).split()
        marks["compensation"] = {"event": event, "handler": handler}
    if element.get("triggeredByEvent") == "true":
        marks["event_subprocess"] = True
    if element.get("isInterrupting") == "false":
        marks["beside"] = True
    if element.get(INSTANTIATES):
        gateway, _, kind = element.get(INSTANTIATES).strip().partition(" ")
        marks["instantiates"] = {"gateway": gateway, "parallel": kind == "parallel"}
    return marks


class _WithEvents(_Ours):
    def _definition(self) -> Any:  # noqa: ANN401 - untyped library
        parser = self.process_parser.parser  # type: ignore[attr-defined] # set by the library
        beside = {"signal": parser.signals, "error": parser.errors, "escalation": parser.escalations}
        return read_definition_of(self.node, beside)  # type: ignore[attr-defined] # set by the library


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


class _RuleTaskParser(_Ours, TaskParser):
    """Without a decision nothing is said of how it is done: it is passed (BPMN 2.0, 13.3.3)."""

    def create_task(self) -> Any:  # noqa: ANN401 - untyped library
        if decision_of(self.node) is None:
            self.spec_class = tasks.AbstractTask
        return super().create_task()

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:  # noqa: ANN401 - the library's signature
        kept_ = super().parse_extensions(node)
        named = decision_of(self.node)
        if named is not None:
            kept_["decision"] = named.decision
            kept_["result"] = named.result
        return kept_


class _SubprocessParser(_Ours, tasks_.SubWorkflowParser):
    def create_task(self) -> Any:  # noqa: ANN401 - untyped library
        parser = self.process_parser.parser
        parser.create_parser(self.node, filename=self.filename, lane=self.lane)
        name = self.node.get("id")
        parser.process_parsers[name].parent = self.process_parser
        return self.spec_class(self.spec, name, subworkflow_spec=name, **self.bpmn_attributes)


class _StartEventParser(_WithEvents, events_.StartEventParser):
    def create_task(self) -> Any:  # noqa: ANN401 - untyped library
        task = self._create_task(self._definition())
        self.spec.start.connect(task)
        return task


class _EventParser(_WithEvents, events_.EventDefinitionParser):
    def create_task(self) -> Any:  # noqa: ANN401 - untyped library
        return self._create_task(self._definition())


class _BoundaryEventParser(_WithEvents, events_.BoundaryEventParser):
    def create_task(self) -> Any:  # noqa: ANN401 - untyped library
        return self._create_task(self._definition(), self.node.get("cancelActivity") != "false")


class _EventGatewayParser(_Ours, events_.EventBasedGatewayParser):
    pass


class _ProcessParser(ProcessParser):
    """Makes every node of a scope, in the order of the file, then connects them."""

    def add_tasks(self) -> None:
        """Make all nodes, also those that no flow leads to: event subprocesses, what undoes others."""
        free_names(self.spec)
        self.made: dict[str, Any] = {}
        nodes = [node for node in self.node.iterchildren() if local_name(node) in NODES]
        # A boundary event is made with its activity, unless it stands apart from its flow.
        nodes.sort(key=lambda node: local_name(node) == "boundaryEvent")
        for node in nodes:
            self.parse_node(node)
        for parser in self.made.values():
            parser.connect_flows()


class Parser(BpmnParser):
    """The library's parser, making our specs; anything the lint does not accept has no parser here."""

    PROCESS_PARSER_CLASS = _ProcessParser
    PARSER_CLASSES = {  # noqa: RUF012 - the library's way
        full_tag(local): pair
        for local, pair in {
            "startEvent": (_StartEventParser, events.StartEvent),
            "endEvent": (_EventParser, events.EndEvent),
            "intermediateCatchEvent": (_EventParser, events.CatchEvent),
            "intermediateThrowEvent": (_EventParser, events.ThrowEvent),
            "boundaryEvent": (_BoundaryEventParser, events.BoundaryEvent),
            "sendTask": (_EventParser, events.SendTask),
            "receiveTask": (_EventParser, events.ReceiveTask),
            "userTask": (_TaskParser, tasks.UserTask),
            "manualTask": (_TaskParser, tasks.ManualTask),
            "task": (_TaskParser, tasks.AbstractTask),
            "scriptTask": (_ScriptTaskParser, tasks.ScriptTask),
            "serviceTask": (_ServiceTaskParser, tasks.ServiceTask),
            "businessRuleTask": (_RuleTaskParser, tasks.BusinessRuleTask),
            "subProcess": (_SubprocessParser, tasks.EmbeddedSubprocess),
            "transaction": (_SubprocessParser, tasks.Transaction),
            "callActivity": (_CallActivityParser, tasks.CalledProcess),
            "exclusiveGateway": (_ConditionalGatewayParser, gateways.ExclusiveGateway),
            "inclusiveGateway": (_ConditionalGatewayParser, gateways.InclusiveGateway),
            "parallelGateway": (_GatewayParser, gateways.ParallelGateway),
            "eventBasedGateway": (_EventGatewayParser, gateways.EventGateway),
        }.items()
    }
