"""What events wait for and throw: BPMN 2.0's event definitions (10.5.5), read from a normalised diagram.

Timers, errors, escalations, signals, cancel and terminate are the library's; what it does not have,
or does otherwise than BPMN, stands here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.serializer.helpers.bpmn_converter import BpmnConverter
from SpiffWorkflow.bpmn.specs.event_definitions import (
    CancelEventDefinition,
    ErrorEventDefinition,
    EscalationEventDefinition,
    NoneEventDefinition,
    SignalEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from engine.bpmn.names import child_text, children, local_name, text_of
from engine.bpmn.timers import CycleTimer, DateTimer, DurationTimer, Timer
from engine.bpmn.working_time import counts_working_time

SUFFIX = "EventDefinition"
# Written by normalising on a message's definition (or a send or receive task): the facts as JSON.
MESSAGE = "{urn:alur:generated}message"


class Ours(EventDefinition):
    """An event definition of our own: it is what its facts say."""

    def __init__(self, **facts: Any) -> None:
        """Take the facts, which are also how it is stored."""
        super().__init__(facts.get("name"), facts.get("description"))
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        """Tell whether both say the same."""
        return type(self) is type(other) and self.facts == other.facts

    def __hash__(self) -> int:
        """Give a hash by kind: specs keep few of each."""
        return hash(type(self).__name__)


class Message(Ours):
    """A message by its name; ``flows`` are the message flows that are drawn from or to its element.

    ``pools`` has those from or to the whole pool that it stands in. ``keys`` says for each correlation
    key how the value of each of its properties is found in the payload, ``subscribed`` the same over the
    variables of the receiver (BPMN 2.0, 8.3.2).
    """

    name: str

    def meets(self, other: Message) -> bool:
        """Tell whether what one throws is what the other waits for."""
        return self.name == other.name or self.is_linked(other)

    def is_linked(self, other: Message) -> bool:
        """Tell whether a message flow leads from one to the other."""
        return not set(self.facts["flows"]).isdisjoint(other.facts["flows"])

    def is_for(self, other: Message) -> bool:
        """Tell whether a message flow leads from one or its whole pool to the other or its pool."""
        ours, theirs = (one.facts["flows"] + one.facts.get("pools", []) for one in (self, other))
        return not set(ours).isdisjoint(theirs)

    @property
    def keys(self) -> Mapping[str, Mapping[str, str]]:
        """Give the expressions over the payload: by key, by property."""
        return self.facts["keys"]  # type: ignore[no-any-return] # it is stored so

    @property
    def subscribed(self) -> Mapping[str, Mapping[str, str]]:
        """Give the expressions over the receiver's variables: by key, by property."""
        return self.facts["subscribed"]  # type: ignore[no-any-return] # it is stored so


class Conditional(Ours):
    """A condition that becomes true (BPMN 2.0, 10.5.5)."""

    @property
    def condition(self) -> str:
        """Give the expression."""
        return str(self.facts["condition"])


class Compensation(Ours):
    """What was done is to be undone: one activity (``activity``) or all of the scope (empty)."""

    @property
    def activity(self) -> str:
        """Give the element that is to be compensated; empty for all."""
        return str(self.facts["activity"])

    @property
    def waits(self) -> bool:
        """Tell whether the thrower goes on only after it was done."""
        return bool(self.facts["waits"])


class Multiple(EventDefinition):
    """Several definitions of one event: any of them lets it happen, or only all together."""

    def __init__(self, definitions: list[Any], *, parallel: bool = False) -> None:
        """Take them in the order of the file."""
        super().__init__(None, None)
        self.definitions = definitions
        self.parallel = parallel


class OursConverter(BpmnConverter):
    """Stores a definition of ours as its facts."""

    def to_dict(self, definition: Ours) -> dict[str, Any]:
        """Give what is stored."""
        return dict(definition.facts)

    def from_dict(self, stored: dict[str, Any]) -> Ours:
        """Make it again."""
        return self.target_class(**stored)  # type: ignore[no-any-return] # one of ours


class MultipleConverter(BpmnConverter):
    """Stores several definitions."""

    def to_dict(self, definition: Multiple) -> dict[str, Any]:
        """Give what is stored."""
        return {
            "definitions": [self.registry.convert(one) for one in definition.definitions],
            "parallel": definition.parallel,
        }

    def from_dict(self, stored: dict[str, Any]) -> Multiple:
        """Make it again."""
        return Multiple(
            [self.registry.restore(one) for one in stored["definitions"]], parallel=stored["parallel"]
        )


def parts_of(definition: Any) -> list[Any]:  # noqa: ANN401 - untyped library
    """Give the single definitions of an event; none where it has none."""
    if isinstance(definition, Multiple):
        return definition.definitions
    return [] if definition is None or isinstance(definition, NoneEventDefinition) else [definition]


def definition_elements(node: etree._Element) -> Iterator[etree._Element]:
    """Give the elements that define an event, in the order of the file."""
    for child in node.iterchildren():
        if local_name(child).endswith(SUFFIX):
            yield child


def kinds_of(node: etree._Element) -> list[str]:
    """Give the kinds of an event's definitions: timer, message, signal."""
    return [local_name(child).removesuffix(SUFFIX) for child in definition_elements(node)]


def read_definition_of(node: etree._Element, beside: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401
    """Read what an event of a normalised tree waits for or throws.

    ``beside`` has the file's signals, errors and escalations by id, as the library read them.
    """
    found = [_read(node, child, beside) for child in definition_elements(node)]
    if local_name(node) in ("sendTask", "receiveTask"):
        found = [read_message(node)]
    if not found:
        return NoneEventDefinition()
    if len(found) == 1:
        return found[0]
    return Multiple(found, parallel=node.get("parallelMultiple") == "true")


def _read(  # noqa: PLR0911 - one of each kind
    node: etree._Element, child: etree._Element, beside: Mapping[str, Mapping[str, Any]]
) -> Any:  # noqa: ANN401
    kind = local_name(child).removesuffix(SUFFIX)
    if kind == "timer":
        return _read_timer(node, child)
    if kind == "message":
        return read_message(child)
    if kind == "conditional":
        return Conditional(condition=child_text(child, "condition"))
    if kind == "compensate":
        return Compensation(
            activity=child.get("activityRef") or "", waits=child.get("waitForCompletion") != "false"
        )
    if kind == "terminate":
        return TerminateEventDefinition()
    if kind == "cancel":
        return CancelEventDefinition()
    return _read_reference(child, kind, beside)


def _read_reference(child: etree._Element, kind: str, beside: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401
    reference = (child.get(f"{kind}Ref") or "").split(":")[-1]
    target = beside[kind].get(reference)
    if kind == "signal":
        # A drawing may leave out which: it is one of its own, which nothing else in the file means.
        event = child.getparent()
        own = "" if event is None else event.get("id") or ""
        return SignalEventDefinition(target or reference or own)
    code = None if target is None else target[f"{kind}_code"]
    name = None if target is None else target["name"]
    return ErrorEventDefinition(name, code) if kind == "error" else EscalationEventDefinition(name, code)


def read_message(holder: etree._Element) -> Message:
    """Read the message of a definition, or of a send or receive task."""
    return Message(**json.loads(holder.get(MESSAGE, "{}")))


def _read_timer(node: etree._Element, definition: etree._Element) -> Timer:
    name = node.get("id")
    kinds = (("timeDate", DateTimer), ("timeDuration", DurationTimer), ("timeCycle", CycleTimer))
    for local, timer in kinds:
        for child in children(definition, local):
            read: Timer = timer(name, text_of(child), description=local)
            read.working = counts_working_time(node)
            return read
    raise AssertionError(name)  # the lint refused it
