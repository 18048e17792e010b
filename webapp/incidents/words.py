"""An incident in words: where and why it failed, what was tried, what it saw, how it ended."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from engine.model.correction import ValueKind
from engine.model.definition import Definition
from engine.model.event import EventKind
from engine.model.incident import Cause, IncidentKind, Solution, sentence_from
from engine.queries.incident_events import IncidentEvent
from engine.queries.incidents import IncidentPage
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, MarkState
from webapp.language import gettext, language, ngettext
from webapp.rendering import sentence
from webapp.stops import named, since_words

_ICONS = {
    EventKind.INCIDENT_OPENED: "alert-octagon",
    EventKind.INCIDENT_RETRIED: "refresh",
    EventKind.INCIDENT_CORRECTED: "tool",
    EventKind.INCIDENT_SOLVED: "circle-check",
    EventKind.JOB_RETRIED: "refresh",
    EventKind.JOB_GIVEN_UP: "alert-octagon",
}


def kind_words(kind: IncidentKind) -> str:
    """Say what kind of thing failed."""
    return {
        IncidentKind.CONDITION: gettext("Condition"),
        IncidentKind.SCRIPT: gettext("Script"),
        IncidentKind.FLOW: gettext("Way through the diagram"),
        IncidentKind.TIMER: gettext("Set time"),
        IncidentKind.JOB: gettext("Connection to another system"),
        IncidentKind.MESSAGE: gettext("Message"),
        IncidentKind.SUSPENDED: gettext("Suspended SOP"),
    }[kind]


def cause_words(cause: Cause, step: str) -> str:
    """Say what was tried; ``step`` names the task, timer or job."""
    return {
        Cause.COMPLETION: gettext("Completing the task “%(step)s”", step=step),
        Cause.TIMER: gettext("Reaching the set time “%(step)s”", step=step),
        Cause.JOB: gettext("Calling another system at “%(step)s”", step=step),
        Cause.MESSAGE: gettext("Receiving a message at “%(step)s”", step=step),
        Cause.START: gettext("Starting a case"),
        Cause.VERSION: gettext("Running this revision of the SOP"),
    }[cause]


def solution_words(solution: Solution | None) -> str:
    """Say how it ended."""
    if solution is None:
        return gettext("To be solved")
    return {
        Solution.PASSED: gettext("Solved: the step went through"),
        Solution.LEFT: gettext("Over: the case went another way or ended"),
        Solution.CLOSED: gettext("Closed by hand"),
    }[solution]


def times_words(count: int) -> str:
    """Say how often it failed."""
    return ngettext("%(num)s time", "%(num)s times", count)


def place_words(definition: Definition, path: tuple[str, ...]) -> str:
    """Name a value: the step or variable, then the way within it; places in a list count from 1."""
    inner = [str(int(key) + 1) if key.isdecimal() else key for key in path[1:]]
    return " / ".join([named(definition, path[0]), *inner])


def value_words(value: Any) -> str:  # noqa: ANN401 - JSON value
    """Write a value to be read."""
    if value is None:
        return gettext("empty")
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float):
        return str(value).replace(".", "," if language() == "id" else ".")  # ungrouped: it may be a year
    if isinstance(value, str):
        return value or gettext("empty")
    return json.dumps(value, ensure_ascii=False, indent=2)


def value_typed(value: Any, kind: ValueKind) -> str:  # noqa: ANN401 - JSON value
    """Write a value as it is typed."""
    if value is None or kind is ValueKind.YES_NO:
        return ""
    if kind is ValueKind.JSON:
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value).replace(".", ",") if kind is ValueKind.NUMBER else str(value)


def chosen_kind(value: Any, kind: ValueKind) -> str:  # noqa: ANN401 - JSON value
    """Say which choice of ``kinds_typed`` a value is; for an empty one a number is likely wanted."""
    if value is None:
        return "number"
    return ("yes" if value else "no") if kind is ValueKind.YES_NO else kind.value


def kinds_typed() -> list[tuple[str, str]]:
    """Give the ways to type a value."""
    return [
        ("number", gettext("A number")),
        ("text", gettext("A text")),
        ("yes", gettext("Yes")),
        ("no", gettext("No")),
        ("empty", gettext("Empty")),
        ("json", gettext("Anything else, such as a list (JSON)")),
    ]


def typed_as(chosen: str, text: str) -> tuple[ValueKind, str]:
    """Read a choice of ``kinds_typed`` and what was typed beside it."""
    return {
        "number": (ValueKind.NUMBER, text),
        "yes": (ValueKind.YES_NO, "yes"),
        "no": (ValueKind.YES_NO, "no"),
        "empty": (ValueKind.JSON, "null"),
        "json": (ValueKind.JSON, text),
    }.get(chosen, (ValueKind.TEXT, text))


def at_query(path: tuple[str, ...]) -> str:
    """Write the place of a value for an address."""
    return urlencode([("at", key) for key in path])


def legend(page: IncidentPage) -> tuple[str, ...]:
    """Explain what occurs on the drawing."""
    states = set(page.stands.way.elements.values()) if page.stands else set()
    stopped = ("stopped",) if page.incident.is_open else ()
    return (*(state for state in ("done", "open", "returned") if state in states), *stopped)


def event_words(one: IncidentEvent, definition: Definition) -> tuple[str, str, list[str], str]:
    """Put an event about an incident in words: icon, heading, lines, what a person wrote."""
    said = one.payload
    lines: list[str] = []
    heading = {
        EventKind.INCIDENT_OPENED: gettext("Stopped by a problem"),
        EventKind.INCIDENT_RETRIED: gettext("Tried again"),
        EventKind.JOB_RETRIED: gettext("Tried again"),
        EventKind.JOB_GIVEN_UP: gettext("It failed again"),
        EventKind.INCIDENT_CORRECTED: gettext("A value was corrected"),
        EventKind.INCIDENT_SOLVED: gettext("The problem is solved"),
    }[one.kind]
    if one.kind in (EventKind.INCIDENT_OPENED, EventKind.JOB_GIVEN_UP) and said.get("why"):
        lines = [sentence(sentence_from(said))]
    if one.kind is EventKind.INCIDENT_CORRECTED and said.get("path"):
        old, new = value_words(said.get("old")), value_words(said.get("new"))
        place = place_words(definition, tuple(said["path"]))
        lines = [gettext("%(place)s: %(old)s → %(new)s", place=place, old=old, new=new)]
    if one.kind is EventKind.INCIDENT_SOLVED and said.get("solution") in set(Solution):
        lines = [solution_words(Solution(said["solution"]))]
    return _ICONS[one.kind], heading, lines, str(said.get("reason") or "")


def drawn(page: IncidentPage) -> Markup:
    """Draw where the case stands, with the mark at the step that failed."""
    found = page.incident
    states = page.stands.way.elements if page.stands else {}
    since = since_words(found.first_at)
    marks = DiagramMarks(
        elements={element: ElementMark(state=MarkState(state)) for element, state in states.items()},
        flows=page.stands.way.flows if page.stands else {},
        stopped={found.element: since} if found.is_open else {},
    )
    where = named(page.definition, found.element, found.name)
    described = gettext("%(step)s: %(what)s", step=where, what=since)
    return draw_diagram(page.definition.diagram, marks, title=page.sop_name, description=described)
