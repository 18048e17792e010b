"""The profile *SOP AP*: what the table of PermenPAN-RB 35/2012 cannot show, and what its rows lack.

Its five symbols are the capsule (start, end), the box (an activity of a role), the diamond (Ya or Tidak,
drawn for the step that decides), the arrow, and the pentagon (to another page). A process that needs more
runs all the same: these are warnings.
"""

from __future__ import annotations

from lxml import etree

from engine.bpmn.definitions import kinds_of
from engine.bpmn.drawing import Drawing, Scope, what
from engine.bpmn.names import (
    PEOPLE_TASKS,
    SOP,
    SUBPROCESSES,
    TASKS,
    child_text,
    children,
    local_name,
    name_of,
    sop,
)
from engine.bpmn.sop import extension
from engine.errors import Sentence, say
from engine.model.active_verb import begins_actively, first_word

_ANSWERS = 2  # Ya and Tidak
_AT_ONCE = ("parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway")
_BETWEEN = ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")


def is_sop(drawing: Drawing) -> bool:
    """Tell whether a file says anything of an SOP: other diagrams are not measured by its table."""
    return next(drawing.root.iter(f"{{{SOP}}}*"), None) is not None


def check_profile(drawing: Drawing) -> None:
    """Warn of what the five symbols cannot show, and of steps whose row would be incomplete."""
    for scope in drawing.scopes:
        for node in scope.nodes.values():
            _symbol(drawing, scope, node)
            if local_name(node) in PEOPLE_TASKS:
                _row(drawing, node)
    for process in drawing.run:
        if process is not drawing.main:
            _warn(
                drawing,
                process,
                say("%(name)s is another process beside that of the SOP", name=what(process)),
            )
        elif len(list(children(process, "startEvent"))) > 1:
            _warn(drawing, process, say("%(name)s can begin in several ways", name=what(process)))


def _symbol(drawing: Drawing, scope: Scope, node: etree._Element) -> None:
    local = local_name(node)
    ways = len(scope.outgoing.get(node.get("id", ""), ()))
    if local in _AT_ONCE and ways > 1:
        sentence = say("%(name)s lets several ways run, or wait for what happens first", name=what(node))
    elif local == "exclusiveGateway" and ways > 1:
        _decision(drawing, scope, node, ways)
        return
    elif local in TASKS and local not in PEOPLE_TASKS:
        sentence = say("%(name)s is done by the program, not by a role", name=what(node))
    elif local in SUBPROCESSES or local == "callActivity":
        sentence = say("%(name)s is a process inside the process", name=what(node))
    elif local in _BETWEEN and kinds_of(node) != ["link"]:
        sentence = say("%(name)s is an event on the way", name=what(node))
    elif local == "endEvent" and not set(kinds_of(node)) <= {"terminate"}:
        sentence = say("%(name)s does more than end", name=what(node))
    elif ways > 1:
        sentence = say("Several arrows leave %(name)s, and no decision stands behind it", name=what(node))
    else:
        _repetition(drawing, node)
        return
    _warn(drawing, node, sentence)


def _decision(drawing: Drawing, scope: Scope, node: etree._Element, ways: int) -> None:
    """Warn of a decision that is not the *Ya* or *Tidak* of one step: only that folds into a diamond."""
    if ways > _ANSWERS:
        _warn(
            drawing,
            node,
            say("%(name)s has %(found)s answers; expected two, Ya and Tidak", name=what(node), found=ways),
        )
    before = [
        scope.nodes.get(flow.get("sourceRef", "")) for flow in scope.incoming.get(node.get("id", ""), ())
    ]
    if len(before) != 1 or before[0] is None or local_name(before[0]) not in PEOPLE_TASKS:
        _warn(drawing, node, say("%(name)s does not stand behind the one step that decides", name=what(node)))


def _repetition(drawing: Drawing, node: etree._Element) -> None:
    if (
        next(children(node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"), None)
        is not None
    ):
        _warn(drawing, node, say("%(name)s is done several times over", name=what(node)))


def _row(drawing: Drawing, task: etree._Element) -> None:
    """Warn of a step that has no standard time, no output or no active verb."""
    own = extension(task, "Task")
    if own is None or not own.get("standardTime", "").strip():
        drawing.warn(
            "sop-ap-time",
            task,
            say("%(name)s has no standard time: expected one such as 10 minutes or 2 days", name=what(task)),
        )
    if own is None or own.find(sop("output")) is None:
        drawing.warn(
            "sop-ap-output",
            task,
            say("%(name)s has no output: expected the document or result that it leaves", name=what(task)),
        )
    sentence = _verb(task, child_text(task, "documentation"), name_of(task))
    if sentence is not None:
        drawing.warn("sop-ap-verb", task, sentence)


def _verb(task: etree._Element, activity: str, name: str) -> Sentence | None:
    """Say which text begins without an active verb: the full activity where there is one, else the name."""
    if begins_actively(activity or name):
        return None
    word = first_word(activity or name)[:40]
    if not word:
        return say(
            "%(name)s does not say what is done: expected an activity such as Membuat surat", name=what(task)
        )
    if not activity:
        return say(
            "The name “%(name)s” begins with “%(word)s”: expected an active verb, such as Menyusun,"
            " Membuat or Mereviu",
            name=name,
            word=word,
        )
    return say(
        "The full activity of “%(name)s” begins with “%(word)s”: expected an active verb, such as Menyusun,"
        " Membuat or Mereviu",
        name=what(task),
        word=word,
    )


def _warn(drawing: Drawing, element: etree._Element, reason: Sentence) -> None:
    sentence = say(
        "%(reason)s: the table of an SOP (PermenPAN-RB 35/2012) has no symbol for that", reason=reason
    )
    drawing.warn("sop-ap-symbol", element, sentence)
