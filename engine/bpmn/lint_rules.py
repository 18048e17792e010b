"""Business rule tasks: the decision each names must be there, and sound."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.lint_sop import must_be_a_name
from engine.bpmn.rules import Named, decision_of
from engine.dmn.files import ReadDecisions
from engine.errors import Finding, say

_MOST_TOLD = 10  # decisions that are there


def check_rules(drawing: Drawing, decisions: ReadDecisions, known: frozenset[str] | None) -> None:
    """Find tasks that decide nothing.

    What is deployed must be sound as a whole, used or not; only then ``known`` has the variables
    that the process can have set.
    """
    deployed = known is not None
    if known is not None:
        drawing.findings += decisions.findings
        drawing.findings += _unknown(decisions, known)
    for node in drawing.nodes("businessRuleTask"):
        named = decision_of(node)
        if named is None:
            _passed(drawing, node, deployed=deployed)
            continue
        _result(drawing, node, named)
        if named.decision not in decisions.decisions:
            _missing(drawing, node, named, decisions)
        elif not deployed:
            drawing.findings += decisions.problems(named.decision)


def _unknown(decisions: ReadDecisions, known: frozenset[str]) -> Iterator[Finding]:
    for decision in decisions.decisions.values():
        for name in decisions.unknown(decision, known):
            sentence = say(
                "The decision %(decision)s asks for %(name)s, which no step, form, script or decision sets",
                decision=decision.name,
                name=name[:80],
            )
            yield Finding(
                code="decision-name",
                element=f"{decision.file}: {decision.id}",
                name=decision.name,
                sentence=sentence,
            )


def _passed(drawing: Drawing, node: etree._Element, *, deployed: bool) -> None:
    if deployed:
        sentence = say("%(name)s names no decision, so nothing would be decided there", name=what(node))
        drawing.find("rule-without-decision", node, sentence)
    else:
        sentence = say("%(name)s names no decision: it is passed", name=what(node))
        drawing.note("rule-without-decision", node, sentence)


def _result(drawing: Drawing, node: etree._Element, named: Named) -> None:
    if not named.result:
        must_be_a_name(drawing, node)
    elif not (named.result.isidentifier() and named.result.isascii()) or (
        keyword.iskeyword(named.result) or named.result == "case"
    ):
        drawing.find(
            "result-not-a-name",
            node,
            say(
                "%(name)s: the result %(result)s must be a word that expressions can use:"
                " letters, digits and _",
                name=what(node),
                result=named.result[:60],
            ),
        )


def _missing(drawing: Drawing, node: etree._Element, named: Named, decisions: ReadDecisions) -> None:
    known = sorted(decisions.decisions)
    drawing.find(
        "unknown-decision",
        node,
        say(
            "%(name)s names the decision %(decision)s, which stands in no .dmn file beside the diagram;"
            " found are: %(known)s",
            name=what(node),
            decision=named.decision[:80],
            known=", ".join(known[:_MOST_TOLD]) or "–",
        ),
    )
    # A file that could not be read may be where it stands.
    drawing.findings += decisions.unreadable
