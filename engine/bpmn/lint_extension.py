"""The SOP's own extension: its words and their values, wherever they stand."""

from __future__ import annotations

from datetime import date

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.lint_questions import check_questions
from engine.bpmn.names import PEOPLE_TASKS, SOP, bpmn, local_name, sop
from engine.bpmn.sop import extension
from engine.bpmn.working_time import TIMES, read_standard_time
from engine.errors import say
from engine.model.definition import ClockStart, DocumentSource, Purpose
from engine.model.file_kind import read_accept
from engine.model.numbering import counts
from engine.model.question import STANDARD_TIME

_ATTRIBUTES = {
    "Document": {
        "title", "number", "createdOn", "revisedOn", "effectiveOn", "approverPost", "approverName",
        "approverNip", "caseNumber", "caseTitle", "purpose",
        "monitoringMonths", "evaluationMonths",
    },
    "Lane": {"role"},
    "Task": {
        "number", "formKey", "standardTime", "clock", "clockField", "delegableTo", "returnTo", "notSameAs",
    },
    "input": {"name", "printed", "required"},
    "output": {"name", "printed", "required", "source", "signed", "accept"},
    "notes": set(),
    "Service": {"connector"},
    "Decision": {"decision", "result"},
    "Timer": {"time"},
    "Service/input": {"name"},
    "Question": {"key", "about", "guess", "answered", "given", "was"},
    "text": set(),
    "why": set(),
    "answer": {"key", "lane", "target", "standardTime", "from", "to", "shows", "asks"},
}  # fmt: skip
_MOST_MONTHS = 120
_VALUES: dict[str, tuple[str, ...]] = {
    "required": ("true", "false", "1", "0"),
    "signed": ("true", "false", "1", "0"),
    "source": tuple(DocumentSource),
    "time": TIMES,
    "asks": ("", STANDARD_TIME),
    "purpose": ("", *Purpose),
}
_LINES = {"institution", "legalBasis", "qualification", "related", "equipment", "warning", "recording"}
_CHILDREN = {
    "Document": _LINES,
    "Task": {"input", "output", "notes"},
    "Service": {"input"},
    "Question": {"text", "why", "answer"},
}
PLACES = {
    "Document": {"process"},
    "Lane": {"lane"},
    "Task": set(PEOPLE_TASKS),
    "Service": {"serviceTask"},
    "Decision": {"businessRuleTask"},
    "Question": {"process"},
    "Timer": {"startEvent", "intermediateCatchEvent", "boundaryEvent"},
}


def check_extension(drawing: Drawing) -> None:
    """Find misspelt words and senseless values of the ``sop:`` namespace, wherever they stand."""
    for own in drawing.root.iter(f"{{{SOP}}}*"):
        holder = own.getparent()
        if holder is not None and holder.tag == bpmn("extensionElements"):
            owner = holder.getparent()
            if owner is not None:
                _element(drawing, owner, own)
    for process in drawing.run:
        check_questions(drawing, process)
        numbers: dict[str, str] = {}
        for task in process.iter(*map(bpmn, PEOPLE_TASKS)):
            own_task = extension(task, "Task")
            number = "" if own_task is None else own_task.get("number", "")
            if number and numbers.setdefault(number, task.get("id", "")) != task.get("id", ""):
                drawing.find(
                    "sop-number",
                    task,
                    say("The number %(number)s is given to more than one step", number=number),
                )


def _element(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    local = etree.QName(own).localname
    if local_name(owner) not in PLACES.get(local, ()):
        _unknown(drawing, owner, f"sop:{local}")
        return
    _attributes(drawing, owner, own, local)
    for child in own.iterchildren("*"):
        name = etree.QName(child).localname
        if child.tag != sop(name) or name not in _CHILDREN.get(local, ()):
            _unknown(drawing, owner, f"sop:{local}/{name}")
        else:
            special = f"{local}/{name}"
            _attributes(drawing, owner, child, special if special in _ATTRIBUTES else name)
            if local == "Task" and name != "notes" and not child.get("name", "").strip():
                drawing.find("sop-value", owner, say("A document of %(name)s has no name", name=what(owner)))
    if local == "Task":
        _task(drawing, owner, own)
    elif local == "Timer" and owner.find(bpmn("timerEventDefinition")) is None:
        drawing.find("sop-timer", owner, say("%(name)s has a sop:Timer, but no timer", name=what(owner)))
    elif local == "Document":
        _document(drawing, owner, own)


def _attributes(drawing: Drawing, owner: etree._Element, own: etree._Element, local: str) -> None:
    for attribute, value in own.attrib.items():
        if attribute not in _ATTRIBUTES.get(local, set()):
            _unknown(drawing, owner, f"{local}/@{attribute!s}")
        elif value not in _VALUES.get(str(attribute), (value,)) or (
            attribute == "accept" and not read_accept(str(value))
        ):
            _value(drawing, owner, str(attribute), str(value))


def _task(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    time, number = own.get("standardTime", ""), own.get("number", "1")
    if time and read_standard_time(time) is None:
        _value(drawing, owner, "standardTime", time)
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9]) < 10_000):  # noqa: PLR2004 - rows of a table
        _value(drawing, owner, "number", number)
    clock = own.get("clock", "arrival")
    if clock not in set(ClockStart):
        _value(drawing, owner, "clock", clock)
    if (clock == ClockStart.DATE) != bool(own.get("clockField")):
        drawing.find(
            "sop-clock",
            owner,
            say('%(name)s: clock="date" and clockField belong together', name=what(owner)),
        )


def _months(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    for attribute in ("monitoringMonths", "evaluationMonths"):
        value = own.get(attribute, "")
        if value and not (value.isascii() and value.isdigit() and int(value[:9]) <= _MOST_MONTHS):
            _value(drawing, owner, attribute, value)


def _document(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    for attribute in ("createdOn", "revisedOn", "effectiveOn"):
        value = own.get(attribute, "")
        try:
            good = not value or date.fromisoformat(value).isoformat() == value
        except ValueError:
            good = False
        if not good:
            _value(drawing, owner, attribute, value)
    _months(drawing, owner, own)
    for attribute in ("title", "caseNumber", "caseTitle"):
        if not own.get(attribute, "").strip():
            drawing.find(
                "sop-value", owner, say("The header of the SOP needs %(attribute)s", attribute=attribute)
            )
    template = own.get("caseNumber", "")
    if template.strip() and not counts(template):
        drawing.find(
            "sop-value",
            owner,
            say(
                "caseNumber %(value)s gives every case the same number: expected a template with {urut}",
                value=template[:80],
            ),
        )


def _unknown(drawing: Drawing, owner: etree._Element, found: str) -> None:
    drawing.find(
        "sop-unknown", owner, say("%(name)s: %(found)s is not known here", name=what(owner), found=found[:80])
    )


def _value(drawing: Drawing, owner: etree._Element, attribute: str, value: str) -> None:
    drawing.find(
        "sop-value",
        owner,
        say(
            "%(name)s: %(attribute)s cannot be %(value)s",
            name=what(owner),
            attribute=attribute,
            value=value[:60] or '""',
        ),
    )
