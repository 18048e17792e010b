"""Refuses a diagram of which something would be missing from what runs, or that says something else.

The last guard: everything before it is meant to read the whole file, this compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from lxml import etree

from engine.bpmn.drawing import what
from engine.bpmn.facts import About, Fact
from engine.bpmn.facts_drawn import facts_drawn
from engine.bpmn.facts_read import facts_read
from engine.bpmn.names import name_of
from engine.bpmn.reader import load_spec
from engine.errors import Finding, Sentence, say

_PARTS = {
    About.NODE: say("the element"),
    About.FLOW: say("the flow from it"),
    About.CONDITION: say("the condition"),
    About.DEFAULT: say("the default flow"),
    About.EVENT: say("the event"),
    About.BOUNDARY: say("its place at an activity"),
    About.UNDOES: say("what undoes it"),
    About.REPETITION: say("the repetition"),
    About.SCRIPT: say("the script"),
    About.SERVICE: say("what its connector gets"),
    About.DECISION: say("its decision"),
    About.INSIDE: say("what is inside it"),
}


def differences(tree: etree._ElementTree, process_ids: Iterable[str], text: str) -> tuple[Finding, ...]:
    """Compare processes of a file that passed the lint with the spec text made of them."""
    drawn = list(facts_drawn(tree.getroot(), process_ids))
    read = Counter(facts_read(*load_spec(text)))
    findings = []
    for fact, element in drawn:
        if read[fact]:
            read[fact] -= 1
        else:
            findings.append(_finding(fact, element, _lost))
    elements = {fact.element: element for fact, element in drawn if fact.about is About.NODE}
    findings += [_finding(fact, elements.get(fact.element), _added) for fact in +read]
    return tuple(findings)


def _lost(name: str | Sentence, part: Sentence, found: str) -> Sentence:
    return say(
        "%(name)s: %(what)s (%(found)s) would be missing from what runs", name=name, what=part, found=found
    )


def _added(name: str | Sentence, part: Sentence, found: str) -> Sentence:
    return say(
        "%(name)s: %(what)s (%(found)s) would run, though not in the diagram",
        name=name,
        what=part,
        found=found,
    )


def _finding(
    fact: Fact, element: etree._Element | None, tell: Callable[[str | Sentence, Sentence, str], Sentence]
) -> Finding:
    found = ", ".join(filter(None, fact.details))[:100] or fact.element
    return Finding(
        code="lost-in-reading",
        element=fact.element if element is None else element.get("id", ""),
        name="" if element is None else name_of(element),
        sentence=tell(fact.element if element is None else what(element), _PARTS[fact.about], found),
    )
