"""What the places of an element are called: which aspect of it, and how its values are said.

A place that is not here is told all the same, by its path (``other``).
"""

from __future__ import annotations

from typing import NamedTuple

from engine.bpmn.diff import values as said
from engine.bpmn.diff.piece_words import piece_words
from engine.bpmn.diff.values import Saying
from engine.errors import Sentence, say


class Aspect(NamedTuple):
    """An aspect by the word of ``Change.aspect``, what it is called, and how its values are said."""

    key: str
    called: Sentence
    value: Saying


_SOP = ("extensionElements", "sop:Task")
_HEADER = ("extensionElements", "sop:Document")
ASPECTS: dict[tuple[str, ...], Aspect] = {
    ("@name",): Aspect("name", say("Name"), said.text),
    ("documentation", "#"): Aspect("activity", say("Description"), said.text),
    ("@default",): Aspect("default", say("Default way"), said.element),
    ("@sourceRef",): Aspect("flow", say("Beginning"), said.element),
    ("@targetRef",): Aspect("flow", say("Goal"), said.element),
    ("conditionExpression", "#"): Aspect("condition", say("Condition"), said.condition),
    ("@attachedToRef",): Aspect("event", say("Place"), said.element),
    ("@cancelActivity",): Aspect("event", say("Effect on the step"), said.CUTS),
    ("@isInterrupting",): Aspect("event", say("Effect"), said.CUTS),
    ("@triggeredByEvent",): Aspect("event", say("Beginning"), said.BEGUN),
    ("@isForCompensation",): Aspect("event", say("Purpose"), said.UNDOES),
    ("@calledElement",): Aspect("call", say("Called process"), said.element),
    ("@processRef",): Aspect("call", say("Process"), said.element),
    ("@dataObjectRef",): Aspect("data", say("Data object"), said.element),
    ("@dataStoreRef",): Aspect("data", say("Data store"), said.element),
    ("@isExecutable",): Aspect("other", say("Execution"), said.RUN),
    ("script", "#"): Aspect("script", say("Script"), said.text),
    ("text", "#"): Aspect("name", say("Text"), said.text),
    (*_SOP, "@number"): Aspect("number", say("Row number as it is written"), said.text),
    (*_SOP, "@formKey"): Aspect("form", say("Form"), said.form),
    (*_SOP, "@standardTime"): Aspect("time", say("Standard time"), said.time),
    (*_SOP, "@clock"): Aspect("clock", say("Start of the clock"), said.CLOCKS),
    (*_SOP, "@clockField"): Aspect("clock", say("Date that starts the clock"), said.field),
    (*_SOP, "@delegableTo"): Aspect("delegable", say("Delegation"), said.role),
    (*_SOP, "@returnTo"): Aspect("returns", say("Steps for returning"), said.element),
    (*_SOP, "@notSameAs"): Aspect("four-eyes", say("Steps of another person"), said.element),
    (*_SOP, "sop:input"): Aspect("needed", say("Input"), said.text),
    (*_SOP, "sop:input", "@required"): Aspect("needed", say("Obligation"), said.NEEDED),
    (*_SOP, "sop:input", "@printed"): Aspect("needed", say("Printed wording"), said.printed),
    (*_SOP, "sop:input", "order"): Aspect("needed", say("Order of the inputs"), said.text),
    (*_SOP, "sop:output"): Aspect("output", say("Output"), said.text),
    (*_SOP, "sop:output", "@required"): Aspect("output", say("Obligation"), said.LEFT),
    (*_SOP, "sop:output", "@printed"): Aspect("output", say("Printed wording"), said.printed),
    (*_SOP, "sop:output", "@source"): Aspect("output", say("Origin"), said.SOURCES),
    (*_SOP, "sop:output", "@signed"): Aspect("output", say("Signature"), said.SIGNED),
    (*_SOP, "sop:output", "@accept"): Aspect("output", say("Kinds of files"), said.text),
    (*_SOP, "sop:output", "order"): Aspect("output", say("Order of the outputs"), said.text),
    (*_SOP, "sop:notes", "#"): Aspect("remarks", say("Remarks"), said.text),
    ("extensionElements", "sop:Question"): Aspect("question", say("Open question"), said.text),
    ("extensionElements", "sop:Question", "sop:text", "#"): Aspect(
        "question", say("Open question"), said.text
    ),
    ("extensionElements", "sop:Question", "@answered"): Aspect(
        "question", say("Answer to an open question"), said.text
    ),
    ("extensionElements", "sop:Question", "@given"): Aspect(
        "question", say("Time given as an answer"), said.time
    ),
    ("extensionElements", "sop:Lane", "@role"): Aspect("lane", say("Role"), said.role),
    ("extensionElements", "sop:Timer", "@time"): Aspect("event", say("What the timer counts"), said.COUNTED),
    ("extensionElements", "sop:Service", "@connector"): Aspect("service", say("Connector"), said.text),
    ("extensionElements", "sop:Service", "sop:input"): Aspect("service", say("Connector's input"), said.text),
    ("extensionElements", "sop:Service", "sop:input", "#"): Aspect(
        "service", say("Connector's input"), said.text
    ),
    ("extensionElements", "sop:Decision", "@decision"): Aspect("decision", say("Decision table"), said.text),
    ("extensionElements", "sop:Decision", "@result"): Aspect(
        "decision", say("Name of the result"), said.text
    ),
    ("standardLoopCharacteristics",): Aspect("repetition", say("Repetition"), said.text),
    ("standardLoopCharacteristics", "loopCondition", "#"): Aspect(
        "repetition", say("Condition of the repetition"), said.text
    ),
    ("standardLoopCharacteristics", "@loopMaximum"): Aspect("repetition", say("Most repetitions"), said.text),
    ("multiInstanceLoopCharacteristics",): Aspect("repetition", say("Repetition"), said.text),
    ("multiInstanceLoopCharacteristics", "@isSequential"): Aspect(
        "repetition", say("Sequence"), said.SEQUENCE
    ),
    ("multiInstanceLoopCharacteristics", "loopCardinality", "#"): Aspect(
        "repetition", say("Number of repetitions"), said.text
    ),
    ("multiInstanceLoopCharacteristics", "completionCondition", "#"): Aspect(
        "repetition", say("Condition that ends the repetition"), said.text
    ),
    **{
        ("timerEventDefinition", tag, "#"): Aspect("event", called, value)
        for tag, called, value in (
            ("timeDate", say("Date of the timer"), said.text),
            ("timeDuration", say("Length of the timer"), said.duration),
            ("timeCycle", say("Repetition of the timer"), said.cycle),
        )
    },
    **{
        (f"{kind}EventDefinition",): Aspect("event", called, said.text)
        for kind, called in (
            ("timer", say("Timer event")),
            ("message", say("Message event")),
            ("signal", say("Signal event")),
            ("error", say("Error event")),
            ("escalation", say("Escalation event")),
            ("conditional", say("Conditional event")),
            ("terminate", say("Terminating event")),
            ("compensate", say("Compensation event")),
            ("cancel", say("Cancelling event")),
            ("link", say("Link event")),
        )
    },
    ("conditionalEventDefinition", "condition", "#"): Aspect(
        "event", say("Condition of the event"), said.text
    ),
    **{
        (f"{kind}EventDefinition", f"@{kind}Ref"): Aspect("event", called, said.element)
        for kind, called in (
            ("message", say("Message of the event")),
            ("signal", say("Signal of the event")),
            ("error", say("Error of the event")),
            ("escalation", say("Escalation of the event")),
        )
    },
    **{
        (*_HEADER, place): Aspect("header", called, value)
        for place, called, value in (
            ("@title", say("Title of the SOP"), said.text),
            ("@number", say("Number of the SOP"), said.text),
            ("@createdOn", say("Date made"), said.date),
            ("@revisedOn", say("Date revised"), said.date),
            ("@effectiveOn", say("Effective date"), said.date),
            ("@approverPost", say("Approver's post"), said.text),
            ("@approverName", say("Approver's name"), said.text),
            ("@approverNip", say("Approver's NIP"), said.text),
            ("@caseNumber", say("Template of the case number"), said.text),
            ("@caseTitle", say("Template of the case title"), said.text),
            ("@purpose", say("What the SOP is there for"), said.PURPOSES),
            ("@monitoringMonths", say("Months between two monitorings"), said.text),
            ("@evaluationMonths", say("Months between two evaluations"), said.text),
        )
    },
    **{
        (*_HEADER, f"sop:{place}", end_): Aspect("header", called, said.text)
        for place, called in (
            ("institution", say("Office in the header")),
            ("legalBasis", say("Legal basis")),
            ("qualification", say("Qualification")),
            ("related", say("Related SOP")),
            ("equipment", say("Equipment")),
            ("warning", say("Warning")),
            ("recording", say("Recording")),
        )
        for end_ in ("#", "order")
    },
}
ACTIVITY = Aspect("activity", say("Activity"), said.text)  # of a step: its kegiatan


def aspect_of(path: tuple[str, ...], *, step: bool) -> Aspect:
    """Find what a place is called; what has no name of its own is told by what it stands in."""
    if step and path == ("documentation", "#"):
        return ACTIVITY
    known = ASPECTS.get(path) or ASPECTS.get((*path, "#"))
    if known is not None:
        return known
    called = _called(path)
    is_reference = path[-1 if path[-1] != "#" else -2].endswith(("Ref", "Refs"))
    return Aspect(_group(path), called, said.element if is_reference else said.text)


def _called(path: tuple[str, ...]) -> Sentence:
    """Say a path from the longest beginning that has a name."""
    pieces = [one for one in path if one not in {"extensionElements", "#", "order"}] or ["extensionElements"]
    known: Aspect | None = None
    for end in range(len(path) - 1, 0, -1):
        known = ASPECTS.get(path[:end]) or ASPECTS.get((*path[:end], "#"))
        if known is not None:
            pieces = [one for one in path[end:] if one not in {"#", "order"}]
            break
    words = [*([] if known is None else [known.called]), *map(piece_words, pieces)]
    if known is None and len(words) > 1 and pieces[0].startswith("sop:"):
        words = words[1:]  # the holder: what is in it says more
    called = words[-1] if words else say("Content")
    for one in reversed(words[:-1]):
        called = Sentence("%(one)s / %(others)s", {"one": one, "others": called})
    return called


def _group(path: tuple[str, ...]) -> str:
    first = path[0].removeprefix("@")
    if first.endswith("EventDefinition") or first == "eventDefinitionRef":
        return "event"
    if first.endswith("LoopCharacteristics"):
        return "repetition"
    if first.startswith("data") or first in {"ioSpecification", "property", "inputSet", "outputSet"}:
        return "data"
    return "other"
