"""Sets what the stepper asks of every spec, once after it was loaded.

Specs are shared between threads and never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition

from engine.bpmn.definitions import Compensation, Conditional, Message, parts_of
from engine.bpmn.flow import CHILD, SPLIT
from engine.bpmn.listeners import Listener
from engine.bpmn.names import ACTIVITIES


def prepare(
    spec: Any,  # noqa: ANN401 - untyped library
    others: Mapping[str, Any],
    pools: Mapping[str, bool],
    plans: Mapping[str, Any],
) -> None:
    """Prepare a process with everything it can call, and the other processes of its file.

    ``plans`` tell by element what data it declares and moves.
    """
    for process in (spec, *others.values()):
        process.plan = plans.get(process.name, {})
        process.names = process.plan.get("scope", {})
        for task_spec in process.task_specs.values():
            _prepare_one(task_spec, process)
            if task_spec.kind:
                _prepare_data(task_spec, plans.get(task_spec.element, {}))
    for process in (spec, *others.values()):
        _prepare_process(process, others)
    beside = [others[name] for name in pools]
    begun = {name for name, begins in pools.items() if begins}
    # Where nothing at all begins the process itself, its start events wait for the first token of the case.
    spec.openings = [Listener(start, opens=spec) for start in spec.event_starts]
    for pool in beside:
        spec.openings += [Listener(start, opens=pool) for start in pool.event_starts]
    for listener in spec.openings:
        spec.task_specs[listener.name] = listener
    messages = [
        (one, part)
        for process in (spec, *others.values())
        for one in _all(process)
        for part in _messages(one)
    ]
    spec.catches = [part for _, part in messages]
    spec.opening_messages = [part for one, part in messages if getattr(one, "opens", None) is not None]
    spec.pools_begun = [pool for pool in beside if pool.name in begun]


def _all(process: Any) -> list[Any]:  # noqa: ANN401 - untyped library
    return list(process.task_specs.values())


def _prepare_one(task_spec: Any, process: Any) -> None:  # noqa: ANN401 - untyped library
    name: str = task_spec.name
    task_spec.element = name.removesuffix(SPLIT).removesuffix(CHILD)
    extensions = getattr(task_spec, "extensions", None) or {}
    task_spec.title = extensions.get("name", "")
    task_spec.kind = extensions.get("type", "")
    task_spec.hidden = not task_spec.kind or bool(extensions.get("generated"))
    task_spec.process = extensions.get("process", process.name)
    task_spec.flows = extensions.get("flows", {})
    task_spec.service = extensions.get("service")
    task_spec.decision = extensions.get("decision", "")
    task_spec.result = extensions.get("result") or task_spec.element
    task_spec.begins_by = _gateway(extensions)
    task_spec.compensation = extensions.get("compensation")
    task_spec.undoable = bool(task_spec.compensation)
    parts = parts_of(getattr(task_spec, "event_definition", None))
    task_spec.asks_condition = any(isinstance(part, Conditional) for part in parts)
    task_spec.correlates = any(isinstance(part, Message) and part.keys for part in parts)
    task_spec.hears_outside = getattr(task_spec, "catches_events", False) and any(
        isinstance(part, Message | SignalEventDefinition) for part in parts_of(task_spec.event_definition)
    )
    task_spec.ahead = [
        output for output in task_spec.outputs if not isinstance(output, BoundaryEventJoin | _EndJoin)
    ]


def _prepare_data(task_spec: Any, plan: dict[str, Any]) -> None:  # noqa: ANN401 - untyped library
    # What stands for all instances has what belongs to all of them; each has the rest.
    task_spec.plan = plan.get("all", {}) if task_spec.counts else plan
    task_spec.names = task_spec.plan.get("names", {})
    if task_spec.kind in ACTIVITIES:  # events move theirs when they happen
        task_spec.takes = bool(task_spec.plan.get("inputs"))
        task_spec.leaves = bool(task_spec.plan.get("outputs"))


def _prepare_process(process: Any, others: Mapping[str, Any]) -> None:  # noqa: ANN401 - untyped library
    starts = process.start.ahead
    # Instances begin at a plain start event; the others wait for something.
    process.begins = [start for start in starts if not _waits(start)]
    process.event_starts = [start for start in starts if _waits(start)]
    process.event_starts += [one for one in _all(process) if _extension(one, "instantiates")]
    process.handlers, process.compensated_by = [], None
    for sub in list(_all(process)):
        if not _extension(sub, "event_subprocess"):
            continue
        inner = others[sub.spec]
        for start in inner.start.ahead:
            if isinstance(getattr(start, "event_definition", None), Compensation):
                process.compensated_by = sub
            else:
                process.handlers.append(Listener(start, runs=sub))
    for listener in process.handlers:
        process.task_specs[listener.name] = listener
    for activity in _all(process):
        inner = others.get(getattr(activity, "spec", None) or "")
        if inner is not None and any(
            _extension(one, "event_subprocess") and _undoes(others[one.spec]) for one in _all(inner)
        ):
            activity.undoable = True


def _extension(task_spec: Any, name: str) -> Any:  # noqa: ANN401 - untyped library
    return (getattr(task_spec, "extensions", None) or {}).get(name)


def _gateway(extensions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    begins = extensions.get("instantiates")
    return begins if begins and begins["gateway"] else None


def _undoes(inner: Any) -> bool:  # noqa: ANN401 - untyped library
    return any(
        isinstance(getattr(start, "event_definition", None), Compensation) for start in inner.start.ahead
    )


def _waits(start: Any) -> bool:  # noqa: ANN401 - untyped library
    return bool(parts_of(getattr(start, "event_definition", None)))


def _messages(task_spec: Any) -> list[Message]:  # noqa: ANN401 - untyped library
    if not getattr(task_spec, "catches_events", False):
        return []
    return [part for part in parts_of(task_spec.event_definition) if isinstance(part, Message)]
