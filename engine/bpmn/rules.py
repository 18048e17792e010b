"""Which decision a business rule task names: in our extension, or as other programs write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from engine.bpmn.names import bpmn, name_of
from engine.bpmn.sop import extension
from engine.model.decision import Decision
from engine.model.definition import DecisionUse

_CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
_ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
_SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"


class Named(NamedTuple):
    """A decision by its id, and the variable that takes its result (empty: named like the task)."""

    decision: str
    result: str


def decision_of(task: etree._Element) -> Named | None:
    """Read what a business rule task names; None where it names nothing."""
    return next(filter(lambda named: named.decision, _named(task)), None)


def understood(task: etree._Element) -> frozenset[str]:
    """Give the namespaces of other programs by which the task names its decision."""
    if task.tag != bpmn("businessRuleTask"):
        return frozenset()
    named = frozenset(
        space for space, found in ((_CAMUNDA, _of_camunda(task)), (_ZEEBE, _of_zeebe(task))) if found
    )
    spaces = named | ({_SPIFF} if _of_spiff(task) else frozenset())
    return frozenset(space[1:-1] for space in spaces)


def _named(task: etree._Element) -> Iterator[Named]:
    own = extension(task, "Decision")
    if own is not None:
        yield Named(own.get("decision", "").strip(), own.get("result", "").strip())
    yield Named(_of_camunda(task), task.get(f"{_CAMUNDA}resultVariable", "").strip())
    called = _called(task, f"{_ZEEBE}calledDecision")
    if called is not None:
        yield Named(_of_zeebe(task), called.get("resultVariable", "").strip())
    yield Named(_of_spiff(task), "")


def _of_camunda(task: etree._Element) -> str:
    return task.get(f"{_CAMUNDA}decisionRef", "").strip()


def _of_zeebe(task: etree._Element) -> str:
    called = _called(task, f"{_ZEEBE}calledDecision")
    return "" if called is None else called.get("decisionId", "").strip()


def _of_spiff(task: etree._Element) -> str:
    called = _called(task, f"{_SPIFF}calledDecisionId")
    return "" if called is None else (called.text or "").strip()


def _called(task: etree._Element, tag: str) -> etree._Element | None:
    return task.find(f"{bpmn('extensionElements')}/{tag}")


def uses_of(root: etree._Element, decisions: Iterable[Decision]) -> tuple[DecisionUse, ...]:
    """Give every decision with the tasks that take it."""
    tasks: dict[str, list[str]] = {}
    for task in root.iter(bpmn("businessRuleTask")):
        named = decision_of(task)
        if named is not None:
            tasks.setdefault(named.decision, []).append(name_of(task) or task.get("id", ""))
    return tuple(
        DecisionUse(id=one.id, name=one.name, file=one.file, tasks=tuple(tasks.get(one.id, ())))
        for one in decisions
    )


def decisions_named(root: etree._Element) -> set[str]:
    """Give the decisions that the business rule tasks of a file name."""
    found = (decision_of(task) for task in root.iter(bpmn("businessRuleTask")))
    return {named.decision for named in found if named is not None}
