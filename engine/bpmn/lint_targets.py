"""What references lead to: nothing, or something of another kind than BPMN allows there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from engine.bpmn.drawing import Drawing, Scope, what
from engine.bpmn.names import bpmn, children, local_name, plain, text_of
from engine.bpmn.schema import UNREAD
from engine.errors import say


class _Rule(NamedTuple):
    """Which kinds a reference of some elements may lead to; it is an attribute or a child."""

    holders: tuple[str, ...]
    reference: str
    kinds: frozenset[str]


def _kinds(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPERATED = ("serviceTask", "sendTask", "receiveTask", "messageEventDefinition")
_PROPERTY = ("correlationPropertyBinding", "correlationKey")
_CARRIES = ("messageFlow", "correlationPropertyRetrievalExpression")
# What runs, or would be taken for something that does.
_REFUSED = (
    _Rule(_OPERATED, "operationRef", _kinds("operation")),
    _Rule(_CARRIES, "messageRef", _kinds("message")),
    _Rule(_PROPERTY, "correlationPropertyRef", _kinds("correlationProperty")),
    _Rule(("correlationSubscription",), "correlationKeyRef", _kinds("correlationKey")),
)
# The same, where one that leads to nothing is told elsewhere.
_WRONG_KIND = (
    _Rule(("dataObjectReference",), "dataObjectRef", _kinds("dataObject dataObjectReference")),
    _Rule(("dataStoreReference",), "dataStoreRef", _kinds("dataStore dataStoreReference")),
    _Rule(("participant",), "processRef", _kinds("process")),
)
# What only describes.
_NOTED = (
    _Rule((), "incoming", _kinds("sequenceFlow")),
    _Rule((), "outgoing", _kinds("sequenceFlow")),
    _Rule(("group",), "categoryValueRef", _kinds("categoryValue")),
    _Rule(("message",), "itemRef", _kinds("itemDefinition")),
)


def check_targets(drawing: Drawing) -> None:
    """Find references that lead nowhere, or to what they cannot mean; note those that only describe."""
    for rule in _REFUSED + _WRONG_KIND:
        for holder, id_ in _wrong(drawing, rule):
            if rule in _WRONG_KIND and id_ not in drawing.by_id:
                continue
            sentence = say(
                "%(name)s: %(reference)s leads to %(id)s, which is no element of that kind",
                name=what(holder),
                reference=rule.reference,
                id=id_[:80],
            )
            drawing.find("dangling-reference", _named(holder), sentence)
    for rule in _NOTED:
        for holder, id_ in _wrong(drawing, rule):
            sentence = say(
                "%(name)s: %(reference)s leads to %(id)s, which is no element of that kind; it has no effect",
                name=what(holder),
                reference=rule.reference,
                id=id_[:80],
            )
            drawing.note("dangling-reference", _named(holder), sentence)
    _associations(drawing)
    for scope in drawing.scopes:
        for local, flows in (("incoming", scope.incoming), ("outgoing", scope.outgoing)):
            _listed(drawing, scope, local, flows)


def _wrong(drawing: Drawing, rule: _Rule) -> Iterator[tuple[etree._Element, str]]:
    for holder, text in _references(drawing, rule):
        target = drawing.by_id.get(plain(text))
        if plain(text) and (target is None or local_name(target) not in rule.kinds):
            yield holder, plain(text)


def _references(drawing: Drawing, rule: _Rule) -> Iterator[tuple[etree._Element, str]]:
    """Give the references of a rule where they stand: those of processes that do not run are not asked."""
    idle = set(drawing.processes).difference(drawing.run)
    holders = drawing.root.iter(*map(bpmn, rule.holders)) if rule.holders else drawing.nodes()
    for holder in holders:
        if idle and any(above in idle for above in holder.iterancestors(bpmn("process"))):
            continue
        if holder.get(rule.reference):
            yield holder, holder.get(rule.reference, "")
        for child in children(holder, rule.reference):
            yield holder, text_of(child)


def _listed(
    drawing: Drawing, scope: Scope, local: str, flows: Mapping[str, Iterable[etree._Element]]
) -> None:
    """Note flows that an element lists as its own and that lead elsewhere."""
    for id_, node in scope.nodes.items():
        own = {flow.get("id") for flow in flows.get(id_, ())}
        for listed in children(node, local):
            flow = drawing.by_id.get(plain(listed.text))
            if flow is not None and local_name(flow) == "sequenceFlow" and flow.get("id") not in own:
                drawing.note(
                    "dangling-reference",
                    node,
                    say(
                        "%(name)s lists the flow %(flow)s, which leads elsewhere; it has no effect",
                        name=what(node),
                        flow=what(flow),
                    ),
                )


def _associations(drawing: Drawing) -> None:
    """Find associations that lead nowhere: one may be what undoes an activity."""
    idle = set(drawing.processes).difference(drawing.run)
    for association in drawing.root.iter(bpmn("association")):
        if any(above in idle or local_name(above) in UNREAD for above in association.iterancestors()):
            continue
        for end in ("sourceRef", "targetRef"):
            id_ = plain(association.get(end))
            if id_ not in drawing.by_id:
                drawing.find(
                    "dangling-association",
                    _named(association),
                    say(
                        "The association %(name)s refers to %(id)s, which does not exist",
                        name=what(association),
                        id=id_ or "?",
                    ),
                )


def _named(element: etree._Element) -> etree._Element:
    return next((one for one in (element, *element.iterancestors()) if one.get("id")), element)
