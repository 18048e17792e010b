"""Conditions, scripts and computed times must compile, and use names that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from lxml import etree

from engine.bpmn.definitions import kinds_of
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.lint_data import check_lists, expressions_moved, names_of_data
from engine.bpmn.names import PEOPLE_TASKS, bpmn, child_text, children, local_name, sop, text_of
from engine.bpmn.rules import decision_of
from engine.bpmn.scope import COUNTERS
from engine.bpmn.sop import extension
from engine.bpmn.timers import literal_time
from engine.errors import Sentence, say
from engine.expressions.sandbox import Sandbox, words_of
from engine.forms.definition import FormDefinition

_PYTHON = frozenset(
    {
        "",
        "python",
        "text/python",
        "text/x-python",
        "application/x-python",
        "application/python",
        "python3",
        "http://www.python.org",
        "http://www.python.org/",
        "monty",
    }
)
MOST_EXPRESSIONS = 1000  # of one file, scripts included; a third of a millisecond each
_ALWAYS_KNOWN = frozenset({"case"}) | COUNTERS
_IN_ACTIVITY = ("loopCondition", "loopCardinality", "completionCondition")


def check_expressions(
    drawing: Drawing,
    sandbox: Sandbox,
    forms: Mapping[str, FormDefinition] | None,
    given: AbstractSet[str] = frozenset(),
) -> None:
    """Find expressions that do not compile; with forms also names that nothing can have set.

    A word that is to be a time is looked at without forms too, unless a form could set it.
    ``given`` are the variables that are there from the start.
    """
    check = _Check(drawing, sandbox)
    for element in _of_messages(drawing):
        check.expression(_above(element), element)
    check.compiled.clear()  # they see what a message carries, which nobody knows before
    for node in drawing.nodes():
        check.node(node)
        for element in expressions_moved(drawing, node):
            check.expression(node, element)
    for flow, element in _asked(drawing):
        check.expression(flow, element)
    known = known_names(drawing, forms or {}) | given
    if forms is not None:
        check.names(known)
        check_lists(drawing, known)
    elif not any(_has_form(node) for node in drawing.nodes(*PEOPLE_TASKS)):
        check.words(known)
    if check.compiled:
        _note_language(drawing)


def _asked(drawing: Drawing) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Give the conditions that are asked: a parallel gateway asks none, nor has a default flow one."""
    for scope in drawing.scopes:
        for flow in scope.flows:
            source = scope.nodes.get(flow.get("sourceRef", ""))
            if source is None or (
                local_name(source) != "parallelGateway" and source.get("default") != flow.get("id", "?")
            ):
                yield from ((flow, element) for element in children(flow, "conditionExpression"))


def _of_messages(drawing: Drawing) -> Iterator[etree._Element]:
    """Give the expressions by which messages find their instance."""
    for own in drawing.root.iter(bpmn("correlationPropertyRetrievalExpression")):
        yield from children(own, "messagePath")
    for own in drawing.root.iter(bpmn("correlationPropertyBinding")):
        yield from children(own, "dataPath")


def _above(element: etree._Element) -> etree._Element:
    """Give the nearest element around it that has an id."""
    return next((one for one in element.iterancestors() if one.get("id")), element)


def _inside(node: etree._Element) -> Iterator[etree._Element]:
    """Give the expressions of one node but its times and scripts."""
    yield from _of_repetition(node)
    for definition in children(node, "conditionalEventDefinition"):
        yield from (element for element in children(definition, "condition") if text_of(element))
    service = extension(node, "Service")
    yield from () if service is None else service.iterchildren(sop("input"))


def _of_repetition(node: etree._Element) -> Iterator[etree._Element]:
    for holder in children(node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        yield from children(holder, *_IN_ACTIVITY)
        for behavior in children(holder, "complexBehaviorDefinition"):
            if holder.get("behavior") == "Complex":
                yield from children(behavior, "condition")


class _Check:
    def __init__(self, drawing: Drawing, sandbox: Sandbox) -> None:
        self.drawing = drawing
        self.sandbox = sandbox
        self.compiled: list[tuple[etree._Element, str]] = []
        self.times: list[tuple[etree._Element, str]] = []  # of these, those of timers
        self.asked = 0

    def node(self, node: etree._Element) -> None:
        for element in _inside(node):
            self.expression(node, element)
        for definition in children(node, "timerEventDefinition"):
            for element in children(definition, "timeDate", "timeDuration", "timeCycle"):
                text = text_of(element)
                if text and literal_time(text) is None and self.expression(node, element):
                    self.times.append(self.compiled[-1])
        if local_name(node) == "scriptTask":
            self.script(node)

    def expression(self, owner: etree._Element, element: etree._Element) -> bool:
        """Tell whether it compiles; what keeps it from that is a finding."""
        source = text_of(element)
        language = _language(element.get("language"), source)
        if language:
            self._not_run(owner, language)
            return False
        if self._too_many():
            return False
        reason = self.sandbox.check(source)
        if reason is None:
            self.compiled.append((owner, source))
        else:
            self._cannot_run(owner, reason)
        return reason is None

    def names(self, known: AbstractSet[str]) -> None:
        if self.compiled:
            unknown = self.sandbox.unknown_names([source for _, source in self.compiled], known)
            for place, reason in unknown.items():
                self._cannot_run(self.compiled[place][0], reason)

    def words(self, known: AbstractSet[str]) -> None:
        for owner, source in self.times:
            if source.isidentifier() and source not in known:
                self.drawing.find(
                    "timer-time",
                    owner,
                    say(
                        "The timer %(name)s has no sensible time: %(found)s",
                        name=what(owner),
                        found=source[:60],
                    ),
                )

    def _too_many(self) -> bool:
        self.asked += 1
        if self.asked == MOST_EXPRESSIONS + 1:
            self.drawing.find(
                "too-many-expressions",
                self.drawing.root,
                say("The file has more than %(most)s expressions", most=MOST_EXPRESSIONS),
            )
        return self.asked > MOST_EXPRESSIONS

    def _not_run(self, owner: etree._Element, language: str) -> None:
        self.drawing.find(
            "expression-language",
            owner,
            say(
                "The expression at %(name)s is in %(language)s; only Python's syntax is run",
                name=what(owner),
                language=language[:60],
            ),
        )

    def _cannot_run(self, owner: etree._Element, reason: Sentence) -> None:
        self.drawing.find(
            "expression-syntax",
            owner,
            say("The expression at %(name)s cannot be run: %(reason)s", name=what(owner), reason=reason),
        )

    def script(self, node: etree._Element) -> None:
        source = child_text(node, "script")
        language = _language(node.get("scriptFormat"), source)
        if not source:
            self.drawing.find(
                "empty-script", node, say("The script task %(name)s has no script", name=what(node))
            )
        elif language:
            self._not_run(node, language)
        elif not self._too_many():
            reason = self.sandbox.check(source, script=True)
            if reason is not None:
                self.drawing.find(
                    "script-syntax",
                    node,
                    say("The script of %(name)s cannot be run: %(reason)s", name=what(node), reason=reason),
                )


def _language(declared: str | None, source: str) -> str:
    """Give the language an expression is in, by what it says or how it begins; empty for Python's."""
    language = (declared or "").strip().lower()
    if language not in _PYTHON:
        return language
    if source.startswith(("${", "#{")):
        return "JUEL (${…})"
    return "FEEL (= …)" if source.startswith("=") else ""


def _note_language(drawing: Drawing) -> None:
    language = (drawing.root.get("expressionLanguage") or "").strip()
    if language.lower() not in _PYTHON:
        drawing.note(
            "expression-language",
            drawing.root,
            say(
                "The file says that its expressions are in %(language)s; they are run as Python's syntax",
                language=language[:60],
            ),
        )


def _has_form(node: etree._Element) -> bool:
    own = extension(node, "Task")
    return own is not None and bool(own.get("formKey"))


def _leaves_a_value(node: etree._Element) -> bool:
    """Tell whether something stands under the name of a node when it was passed."""
    if local_name(node) in PEOPLE_TASKS or extension(node, "Service") is not None:
        return True
    return local_name(node) == "receiveTask" or "message" in kinds_of(node)


def known_names(drawing: Drawing, forms: Mapping[str, FormDefinition]) -> frozenset[str]:
    """Give every name that a step, a form, a script, a service, a decision or a data object can have set."""
    names = set(_ALWAYS_KNOWN)
    for form in forms.values():
        names.update(form.shared)
    for node in drawing.nodes():
        if _leaves_a_value(node):
            names.add(node.get("id", ""))
        if local_name(node) == "scriptTask":
            names |= words_of(child_text(node, "script"))
        if local_name(node) == "businessRuleTask" and (named := decision_of(node)) is not None:
            names.add(named.result or node.get("id", ""))
    names |= names_of_data(drawing)
    for element in drawing.root.iter(bpmn("loopDataOutputRef")):
        names.add((element.text or "").strip())
    return frozenset(name for name in names if name.isidentifier())
