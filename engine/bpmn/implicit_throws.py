"""What a multi-instance activity throws while its instances are done (BPMN 2.0, 10.3.7, table 10.29).

``behavior`` All throws nothing, None for each instance, One for the first; Complex asks a condition
after each. What is thrown can be caught beside the activity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)

from engine.bpmn.names import BPMN, child_text, children, local_name

ById = Mapping[str, etree._Element]  # what of the file has an id
EACH, FIRST = "each", "first"
BEHAVIORS = {"None": ("noneBehaviorEventRef", EACH), "One": ("oneBehaviorEventRef", FIRST)}
SUPPORTED = {
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
}


def thrown_by(loop: etree._Element, by_id: ById) -> Iterator[tuple[str, str, etree._Element | None]]:
    """Give what a loop says it throws: when, on which condition, and the definition (None: not there)."""
    behavior = loop.get("behavior", "All")
    if behavior in BEHAVIORS:
        attribute, when = BEHAVIORS[behavior]
        if loop.get(attribute):
            yield when, "", _find(by_id, loop.get(attribute, ""))
    elif behavior == "Complex":
        for definition in children(loop, "complexBehaviorDefinition"):
            for event in children(definition, "event"):
                yield EACH, child_text(definition, "condition"), _definition(event, by_id)


def throws_of(element: etree._Element, by_id: ById) -> list[dict[str, str]]:
    """Give what the instances of an activity throw, as it is kept with its spec."""
    return [
        {"when": when, "condition": condition, **_facts(definition, by_id)}
        for loop in children(element, "multiInstanceLoopCharacteristics")
        for when, condition, definition in thrown_by(loop, by_id)
        if definition is not None
    ]


def definition_of(thrown: Mapping[str, str]) -> Any:  # noqa: ANN401 - untyped library
    """Make the event definition that is thrown."""
    if thrown["kind"] == "signal":
        return SignalEventDefinition(thrown["name"])
    kind = ErrorEventDefinition if thrown["kind"] == "error" else EscalationEventDefinition
    return kind(thrown["name"], thrown["code"])


def _facts(definition: etree._Element, by_id: ById) -> dict[str, str]:
    kind = SUPPORTED[local_name(definition)]
    reference = (definition.get(f"{kind}Ref") or "").split(":")[-1]
    target = _find(by_id, reference)
    name = reference if target is None else target.get("name") or reference
    code = reference if target is None else target.get(f"{kind}Code") or reference
    return {"kind": kind, "name": name, "code": code}


def _definition(event: etree._Element, by_id: ById) -> etree._Element | None:
    for child in event.iterchildren(f"{{{BPMN}}}*"):
        if local_name(child) == "eventDefinitionRef":
            return _find(by_id, (child.text or "").strip())
        if local_name(child).endswith("EventDefinition"):
            return child
    return None


def _find(by_id: ById, reference: str) -> etree._Element | None:
    return by_id.get(reference.rsplit(":", maxsplit=1)[-1])
