"""The facts of what was read for running: of the specs as they are loaded from their stored text.

What normalising added is passed through: a flow leads from one element of the diagram to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.definitions import Compensation, Conditional, Message, parts_of
from engine.bpmn.events import BoundaryEvent, ReceiveTask, SendTask
from engine.bpmn.facts import About, Fact
from engine.bpmn.facts_drawn import plain_time
from engine.bpmn.flow import CHILD, Flow, Split
from engine.bpmn.gateways import EventGateway
from engine.bpmn.listeners import Listener
from engine.bpmn.repetition import Loop, Repeated
from engine.bpmn.tasks import BusinessRuleTask
from engine.bpmn.timers import CycleTimer, DateTimer, DurationTimer
from engine.bpmn.working_time import WORKING

_DEFINITION = "EventDefinition"


def facts_read(spec: Any, others: dict[str, Any]) -> Iterator[Fact]:  # noqa: ANN401 - untyped library
    """Give every fact of the specs that ``load_spec`` gave."""
    for process in (spec, *others.values()):
        for task_spec in process.task_specs.values():
            if isinstance(task_spec, Split):
                yield from _beside(task_spec)
            elif isinstance(task_spec, Listener):
                yield from _listens(task_spec)
            elif isinstance(task_spec, Flow) and not task_spec.hidden:
                yield from _of_node(task_spec, others)


def _listens(listener: Listener) -> Iterator[Fact]:
    if listener.runs is not None:
        yield Fact(About.BOUNDARY, listener.element, (listener.runs.element, str(listener.cancel_activity)))


def _beside(split: Split) -> Iterator[Fact]:
    for event in split.ahead:
        if isinstance(event, BoundaryEvent):
            yield Fact(About.BOUNDARY, event.element, (split.element, str(event.cancel_activity)))


def _of_node(spec: Any, others: dict[str, Any]) -> Iterator[Fact]:  # noqa: ANN401 - untyped library
    child = spec.name.endswith(CHILD)  # what is repeated stands behind what repeats it
    if not child:
        yield Fact(About.NODE, spec.element, (spec.kind,))
        yield from _onwards(spec, spec, (), "")
        if spec.compensation:
            undoes = spec.compensation
            yield Fact(About.UNDOES, spec.element, (undoes["event"], undoes["handler"]))
    definition = getattr(spec, "event_definition", None)
    if not isinstance(spec, EventGateway | SendTask | ReceiveTask):
        yield from (Fact(About.EVENT, spec.element, _event(part)) for part in parts_of(definition))
    yield from _of_activity(spec, others)


def _of_activity(spec: Any, others: dict[str, Any]) -> Iterator[Fact]:  # noqa: ANN401 - untyped library
    if isinstance(spec, Repeated):
        yield Fact(About.REPETITION, spec.element, _repetition(spec))
    elif spec.service is not None:
        yield Fact(About.SERVICE, spec.element, ("connector", spec.service["connector"]))
        yield from (Fact(About.SERVICE, spec.element, pair) for pair in spec.service["inputs"].items())
    elif isinstance(spec, BusinessRuleTask) and spec.decisions.has(spec.decision):
        yield Fact(About.DECISION, spec.element, (spec.decision, spec.result))
    elif hasattr(spec, "script"):
        yield Fact(About.SCRIPT, spec.element, (spec.script,))
    elif getattr(spec, "spec", None) in others:
        yield Fact(About.INSIDE, spec.element, (spec.spec,))


def _onwards(source: Any, at: Any, taken: tuple[str, ...], condition: str | None) -> Iterator[Fact]:  # noqa: ANN401 - untyped library
    asked = _conditions(at)
    for target in at.ahead:
        ids = (*taken, *filter(None, [at.flows.get(target.element)]))
        asks = asked.get(target.name, condition)
        if target.hidden and not isinstance(target, Split):
            yield from _onwards(source, target, ids, asks)
            continue
        yield Fact(About.FLOW, source.element, (target.element, " ".join(ids)))
        if asks is None:
            yield Fact(About.DEFAULT, source.element, (target.element,))
        elif asks:
            yield Fact(About.CONDITION, source.element, (target.element, asks))


def _conditions(spec: Any) -> dict[str, str | None]:  # noqa: ANN401 - untyped library
    """Give what is asked before each spec; None for the default."""
    pairs = getattr(spec, "cond_task_specs", None) or ()
    return {name: None if condition is None else condition.args[0].strip() for condition, name in pairs}


def _event(definition: Any) -> tuple[str, ...]:  # noqa: ANN401 - untyped library
    if isinstance(definition, DateTimer | DurationTimer | CycleTimer):
        counted = (WORKING,) if definition.working else ()
        return ("timer", str(definition.description), plain_time(definition.expression), *counted)
    if isinstance(definition, Conditional):
        return ("conditional", definition.condition)
    if isinstance(definition, Message | Compensation):
        return ("message",) if isinstance(definition, Message) else ("compensate",)
    names = [one.__name__ for one in type(definition).__mro__ if one.__name__.endswith(_DEFINITION)]
    return (names[0].removesuffix(_DEFINITION).lower(),)


def _repetition(spec: Any) -> tuple[str, ...]:  # noqa: ANN401 - untyped library
    condition = spec.condition or ""
    if isinstance(spec, Loop):
        return ("loop", condition, "" if spec.maximum is None else str(spec.maximum), str(spec.test_before))
    return ("sequential" if spec.sequential else "parallel", spec.cardinality or "", condition)
