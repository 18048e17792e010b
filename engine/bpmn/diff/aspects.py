"""What the places of an element are called: which aspect of it, and how its values are said.

A place that is not here is told all the same, by its path (``other``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from engine.bpmn.diff.side import Side
from engine.bpmn.diff.words import end, joined, plain, some, standard_time
from engine.errors import Sentence, say

Saying = Callable[[Side, str | None], Sentence | None]


class Aspect(NamedTuple):
    """An aspect by the word of ``Change.aspect``, what it is called, and how its values are said."""

    key: str
    called: Sentence
    value: Saying


def _text(_side: Side, value: str | None) -> Sentence | None:
    return some(value)


def _time(_side: Side, value: str | None) -> Sentence | None:
    return standard_time(value)


def _element(side: Side, value: str | None) -> Sentence | None:
    if not value:
        return None
    return joined([end(side, word) for word in value.split()])


def _role(side: Side, value: str | None) -> Sentence | None:
    return some(", ".join(side.role_label(word) for word in (value or "").split()))


def _words(known: Mapping[str | None, Sentence]) -> Saying:
    def said(_side: Side, value: str | None) -> Sentence | None:
        return known.get(value) or some(value)

    return said


def _unless(value: str, said: Sentence, otherwise: Sentence) -> Saying:
    """Say a flag by what it means: one thing for this value, another where it has not."""
    other = "false" if value == "true" else "true"
    return _words({value: said, other: otherwise, None: otherwise})


_CUTS = _unless("false", say("what runs goes on"), say("what runs is interrupted"))
_BEGUN = _unless("true", say("by an event"), say("by a way"))
_UNDOES = _unless("true", say("undoing another step"), say("ordinary work"))
_RUN = _unless("true", say("is run"), say("is not run"))
_NEEDED = _unless("false", say("may be missing"), say("must be there"))
_LEFT = _unless("false", say("may be left out"), say("must be left behind"))
_SIGNED = _unless("true", say("with a signature"), say("without a signature"))
_SEQUENCE = _unless("true", say("one after the other"), say("all at once"))
_CLOCKS = _words(
    {
        None: say("on arrival"),
        "arrival": say("on arrival"),
        "started": say("when somebody takes it"),
        "date": say("on a date of a form"),
    }
)
_SOURCES = _words({None: say("uploaded"), "upload": say("uploaded"), "form": say("made from the form")})
_COUNTED = _words({None: say("the calendar's time"), "working": say("working time")})

_SOP = ("extensionElements", "sop:Task")
_HEADER = ("extensionElements", "sop:Document")
ASPECTS: dict[tuple[str, ...], Aspect] = {
    ("@name",): Aspect("name", say("Name"), _text),
    ("documentation", "#"): Aspect("activity", say("Description"), _text),
    ("@default",): Aspect("default", say("Default way"), _element),
    ("@sourceRef",): Aspect("flow", say("Beginning"), _element),
    ("@targetRef",): Aspect("flow", say("Goal"), _element),
    ("conditionExpression", "#"): Aspect("condition", say("Condition"), _text),
    ("@attachedToRef",): Aspect("event", say("Place"), _element),
    ("@cancelActivity",): Aspect("event", say("Effect on the step"), _CUTS),
    ("@isInterrupting",): Aspect("event", say("Effect"), _CUTS),
    ("@triggeredByEvent",): Aspect("event", say("Beginning"), _BEGUN),
    ("@isForCompensation",): Aspect("event", say("Purpose"), _UNDOES),
    ("@calledElement",): Aspect("call", say("Called process"), _element),
    ("@processRef",): Aspect("call", say("Process"), _element),
    ("@dataObjectRef",): Aspect("data", say("Data object"), _element),
    ("@dataStoreRef",): Aspect("data", say("Data store"), _element),
    ("@isExecutable",): Aspect("other", say("Execution"), _RUN),
    ("script", "#"): Aspect("script", say("Script"), _text),
    ("text", "#"): Aspect("name", say("Text"), _text),
    (*_SOP, "@number"): Aspect("number", say("Row number"), _text),
    (*_SOP, "@formKey"): Aspect("form", say("Form"), _text),
    (*_SOP, "@standardTime"): Aspect("time", say("Standard time"), _time),
    (*_SOP, "@clock"): Aspect("clock", say("Start of the clock"), _CLOCKS),
    (*_SOP, "@clockField"): Aspect("clock", say("Date that starts the clock"), _text),
    (*_SOP, "@delegableTo"): Aspect("delegable", say("Delegation"), _role),
    (*_SOP, "@returnTo"): Aspect("returns", say("Steps for returning"), _element),
    (*_SOP, "@notSameAs"): Aspect("four-eyes", say("Steps of another person"), _element),
    (*_SOP, "sop:input"): Aspect("needed", say("Input"), _text),
    (*_SOP, "sop:input", "@required"): Aspect("needed", say("Obligation"), _NEEDED),
    (*_SOP, "sop:input", "@printed"): Aspect("needed", say("Printed wording"), _text),
    (*_SOP, "sop:input", "order"): Aspect("needed", say("Order of the inputs"), _text),
    (*_SOP, "sop:output"): Aspect("output", say("Output"), _text),
    (*_SOP, "sop:output", "@required"): Aspect("output", say("Obligation"), _LEFT),
    (*_SOP, "sop:output", "@printed"): Aspect("output", say("Printed wording"), _text),
    (*_SOP, "sop:output", "@source"): Aspect("output", say("Origin"), _SOURCES),
    (*_SOP, "sop:output", "@signed"): Aspect("output", say("Signature"), _SIGNED),
    (*_SOP, "sop:output", "@accept"): Aspect("output", say("Kinds of files"), _text),
    (*_SOP, "sop:output", "order"): Aspect("output", say("Order of the outputs"), _text),
    (*_SOP, "sop:notes", "#"): Aspect("remarks", say("Remarks"), _text),
    ("extensionElements", "sop:Question"): Aspect("question", say("Open question"), _text),
    ("extensionElements", "sop:Question", "sop:text", "#"): Aspect("question", say("Open question"), _text),
    ("extensionElements", "sop:Question", "@answered"): Aspect(
        "question", say("Answer to an open question"), _text
    ),
    ("extensionElements", "sop:Question", "@given"): Aspect(
        "question", say("Time given as an answer"), _time
    ),
    ("extensionElements", "sop:Lane", "@role"): Aspect("lane", say("Role"), _role),
    ("extensionElements", "sop:Timer", "@time"): Aspect("event", say("What the timer counts"), _COUNTED),
    ("extensionElements", "sop:Service", "@connector"): Aspect("service", say("Connector"), _text),
    ("extensionElements", "sop:Service", "sop:input"): Aspect("service", say("Connector's input"), _text),
    ("extensionElements", "sop:Service", "sop:input", "#"): Aspect(
        "service", say("Connector's input"), _text
    ),
    ("extensionElements", "sop:Decision", "@decision"): Aspect("decision", say("Decision table"), _text),
    ("extensionElements", "sop:Decision", "@result"): Aspect("decision", say("Name of the result"), _text),
    ("standardLoopCharacteristics",): Aspect("repetition", say("Repetition"), _text),
    ("standardLoopCharacteristics", "loopCondition", "#"): Aspect(
        "repetition", say("Condition of the repetition"), _text
    ),
    ("standardLoopCharacteristics", "@loopMaximum"): Aspect("repetition", say("Most repetitions"), _text),
    ("multiInstanceLoopCharacteristics",): Aspect("repetition", say("Repetition"), _text),
    ("multiInstanceLoopCharacteristics", "@isSequential"): Aspect("repetition", say("Sequence"), _SEQUENCE),
    ("multiInstanceLoopCharacteristics", "loopCardinality", "#"): Aspect(
        "repetition", say("Number of repetitions"), _text
    ),
    ("multiInstanceLoopCharacteristics", "completionCondition", "#"): Aspect(
        "repetition", say("Condition that ends the repetition"), _text
    ),
    **{
        ("timerEventDefinition", tag, "#"): Aspect("event", called, _text)
        for tag, called in (
            ("timeDate", say("Date of the timer")),
            ("timeDuration", say("Length of the timer")),
            ("timeCycle", say("Repetition of the timer")),
        )
    },
    **{
        (f"{kind}EventDefinition",): Aspect("event", called, _text)
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
    ("conditionalEventDefinition", "condition", "#"): Aspect("event", say("Condition of the event"), _text),
    **{
        (f"{kind}EventDefinition", f"@{kind}Ref"): Aspect("event", called, _element)
        for kind, called in (
            ("message", say("Message of the event")),
            ("signal", say("Signal of the event")),
            ("error", say("Error of the event")),
            ("escalation", say("Escalation of the event")),
        )
    },
    **{
        (*_HEADER, place): Aspect("header", called, _text)
        for place, called in (
            ("@title", say("Title of the SOP")),
            ("@number", say("Number of the SOP")),
            ("@createdOn", say("Date made")),
            ("@revisedOn", say("Date revised")),
            ("@effectiveOn", say("Effective date")),
            ("@approverPost", say("Approver's post")),
            ("@approverName", say("Approver's name")),
            ("@approverNip", say("Approver's NIP")),
            ("@caseNumber", say("Template of the case number")),
            ("@caseTitle", say("Template of the case title")),
            ("@purpose", say("What the SOP is there for")),
            ("@monitoringMonths", say("Months between two monitorings")),
            ("@evaluationMonths", say("Months between two evaluations")),
        )
    },
    **{
        (*_HEADER, f"sop:{place}", end_): Aspect("header", called, _text)
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
ACTIVITY = Aspect("activity", say("Full text"), _text)  # of a step: its kegiatan


def aspect_of(path: tuple[str, ...], *, step: bool) -> Aspect:
    """Find what a place is called; its path where it has no name of its own."""
    if step and path == ("documentation", "#"):
        return ACTIVITY
    known = ASPECTS.get(path)
    if known is not None:
        return known
    return Aspect(_group(path), plain(_readable(path)), _text)


def _group(path: tuple[str, ...]) -> str:
    first = path[0].removeprefix("@")
    if first.endswith("EventDefinition") or first == "eventDefinitionRef":
        return "event"
    if first.endswith("LoopCharacteristics"):
        return "repetition"
    if first.startswith("data") or first in {"ioSpecification", "property", "inputSet", "outputSet"}:
        return "data"
    return "other"


def _readable(path: tuple[str, ...]) -> str:
    return " / ".join(
        one.rpartition("}")[2].removeprefix("@") for one in path if one not in {"extensionElements", "#"}
    )
