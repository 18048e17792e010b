"""SpiffWorkflow's parser and serializer with our task specs in the place of its own.

A parser is used for one file only: the library finds lanes by the address of a tree in memory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default import task_spec as kept
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec

from engine.bpmn import definitions, events, gateways, repetition, tasks, timers
from engine.bpmn.definition_json import build, plain
from engine.bpmn.flow import CHILD, SPLIT
from engine.bpmn.names import (
    BPMN,
    PLANS,
)
from engine.bpmn.parsers import Parser
from engine.bpmn.prepare import prepare
from engine.bpmn.process_specs import ProcessSpecConverter
from engine.dmn.deciding import Decisions
from engine.model.decision import Decision
from engine.model.definition import Node

SPEC_FORMAT = 1
NO_DECISIONS: Mapping[str, Decision] = MappingProxyType({})


_CONFIG = {
    **DEFAULT_CONFIG,
    BpmnProcessSpec: ProcessSpecConverter,
    tasks.ActivitySplit: kept.BpmnTaskSpecConverter,
    tasks.UserTask: kept.BpmnTaskSpecConverter,
    tasks.ManualTask: kept.BpmnTaskSpecConverter,
    tasks.AbstractTask: kept.BpmnTaskSpecConverter,
    tasks.ScriptTask: kept.ScriptTaskConverter,
    tasks.ServiceTask: kept.BpmnTaskSpecConverter,
    tasks.BusinessRuleTask: kept.BpmnTaskSpecConverter,
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
    events.SendTask: kept.EventConverter,
    events.ReceiveTask: kept.EventConverter,
    definitions.Message: definitions.OursConverter,
    definitions.Conditional: definitions.OursConverter,
    definitions.Compensation: definitions.OursConverter,
    definitions.Multiple: definitions.MultipleConverter,
    timers.DateTimer: timers.TimerConverter,
    timers.DurationTimer: timers.TimerConverter,
    timers.CycleTimer: timers.TimerConverter,
}
_REGISTRY = BpmnWorkflowSerializer.configure(_CONFIG)


def spec_text(
    tree: Any,  # noqa: ANN401 - lxml
    process_id: str,
    pools: Mapping[str, bool] | None = None,
    decisions: Mapping[str, Decision] = NO_DECISIONS,
) -> str:
    """Read a normalised tree that passed the lint and write the specs of one process as JSON text.

    ``pools`` are the other processes of the file that take part in its cases, and whether they
    begin with them; ``decisions`` those that its business rule tasks take.
    """
    parser = Parser()
    parser.by_id = {one.get("id"): one for one in tree.getroot().iter(f"{{{BPMN}}}*") if one.get("id")}
    parser.add_bpmn_xml(tree)
    spec = parser.get_spec(process_id)
    others = parser.get_subprocess_specs(process_id)
    for pool in pools or {}:
        others[pool] = parser.get_spec(pool)
        others |= parser.get_subprocess_specs(pool)
    kept_ = {
        "format": SPEC_FORMAT,
        "process": process_id,
        "spec": _REGISTRY.convert(spec),
        "others": {name: _REGISTRY.convert(other) for name, other in others.items()},
        "pools": dict(pools or {}),
        "data": json.loads(tree.getroot().get(PLANS, "{}")),
    }
    if decisions:
        kept_["decisions"] = [plain(decision) for decision in decisions.values()]
    return json.dumps(kept_, ensure_ascii=False, separators=(",", ":"))


def load_spec(text: str) -> tuple[Any, dict[str, Any]]:
    """Give the spec of a process and those of its subprocesses, ready for the stepper."""
    stored = json.loads(text)
    spec = _REGISTRY.restore(stored["spec"])
    others = {name: _REGISTRY.restore(other) for name, other in stored["others"].items()}
    prepare(spec, others, stored.get("pools", {}), stored.get("data", {}))
    decisions = _decisions(stored)
    for process in (spec, *others.values()):
        for task_spec in process.task_specs.values():
            if isinstance(task_spec, tasks.BusinessRuleTask):
                task_spec.decisions = decisions
    return spec, others


def decisions_of(text: str) -> Decisions:
    """Give the decisions that the business rule tasks of a spec take."""
    return _decisions(json.loads(text))


def nodes_of(text: str) -> list[Node]:
    """Give the elements of a spec as the file has them, without what normalising added."""
    stored = json.loads(text)
    specs = [
        (name.removesuffix(SPLIT).removesuffix(CHILD), spec.get("extensions") or {})
        for process in (stored["spec"], *stored["others"].values())
        for name, spec in process["task_specs"].items()
    ]
    return [
        Node(element=element, type=about["type"], name=about.get("name", ""))
        for element, about in specs
        if about.get("type") and not about.get("generated")
    ]


def _decisions(stored: Mapping[str, Any]) -> Decisions:
    read = [build(Decision, one) for one in stored.get("decisions", ())]
    return Decisions({decision.id: decision for decision in read})
