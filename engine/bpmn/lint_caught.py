"""What is caught twice in one place: the second would never be reached (BPMN 2.0, 10.4.6)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from engine.bpmn.definitions import definition_elements, kinds_of
from engine.bpmn.drawing import Drawing, Scope, what
from engine.bpmn.lint_thrown import error_code
from engine.bpmn.names import children, local_name
from engine.errors import say

_TRUE = ("true", "1")


def check_caught(drawing: Drawing) -> None:
    """Find errors that two events beside one activity or two event subprocesses would catch."""
    for scope in drawing.scopes:
        for events in scope.beside.values():
            _errors(drawing, events)
        starts = [start for handler in _handlers(scope) for start in children(handler, "startEvent")]
        _errors(drawing, starts)
        undoing = [start for start in starts if "compensate" in kinds_of(start)]
        for start in undoing[1:]:
            drawing.find(
                "compensation-twice",
                start,
                say("%(name)s: an activity can be undone in one way only", name=what(start)),
            )
        if (
            undoing
            and local_name(scope.element) == "process"
            and scope.element.get("id") not in drawing.called
        ):
            drawing.note(
                "no-effect",
                undoing[0],
                say("%(name)s never happens: nothing undoes a whole process", name=what(undoing[0])),
            )


def _handlers(scope: Scope) -> list[etree._Element]:
    return [node for node in scope.nodes.values() if node.get("triggeredByEvent") in _TRUE]


def _errors(drawing: Drawing, events: Iterable[etree._Element]) -> None:
    seen: dict[str, etree._Element] = {}
    for event in events:
        for definition in definition_elements(event):
            if local_name(definition) not in ("errorEventDefinition", "cancelEventDefinition"):
                continue
            caught = f"{local_name(definition)} {error_code(drawing, definition)}"
            other = seen.setdefault(caught, event)
            if other is not event:
                drawing.find(
                    "caught-twice",
                    event,
                    say(
                        "%(name)s would never happen: %(other)s catches the same",
                        name=what(event),
                        other=what(other),
                    ),
                )
