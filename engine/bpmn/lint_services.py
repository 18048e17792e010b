"""Service tasks: the connector each names, and what it hands to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.lint_sop import must_be_a_name
from engine.bpmn.names import sop
from engine.bpmn.sop import extension
from engine.errors import say
from engine.model.job import Signature


def check_services(drawing: Drawing, connectors: Mapping[str, Signature] | None) -> None:
    """Find services that could not be called. ``connectors`` are those there are, for deployment only."""
    for node in drawing.nodes("serviceTask"):
        own = extension(node, "Service")
        if own is None:
            _passed(drawing, node, deployed=connectors is not None)
            continue
        _named_once(drawing, node, own)
        if connectors is not None:
            must_be_a_name(drawing, node)
            _known(drawing, node, own, connectors)


def _passed(drawing: Drawing, node: etree._Element, *, deployed: bool) -> None:
    if deployed:
        sentence = say("%(name)s names no connector, so nothing would be done there", name=what(node))
        drawing.find("service-without-connector", node, sentence)
    else:
        sentence = say("%(name)s names no connector: it is passed", name=what(node))
        drawing.note("service-without-connector", node, sentence)


def _named_once(drawing: Drawing, node: etree._Element, own: etree._Element) -> None:
    if not own.get("connector", "").strip():
        drawing.find(
            "service-without-connector",
            node,
            say("%(name)s does not say which connector it calls", name=what(node)),
        )
    for name, count in Counter(one.get("name", "") for one in own.iterchildren(sop("input"))).items():
        if not name or count > 1:
            drawing.find(
                "service-input",
                node,
                say(
                    "%(name)s: each input needs a name of its own; found %(found)s",
                    name=what(node),
                    found=name[:60] or '""',
                ),
            )


def _known(
    drawing: Drawing, node: etree._Element, own: etree._Element, connectors: Mapping[str, Signature]
) -> None:
    connector = own.get("connector", "")
    signature = connectors.get(connector)
    if signature is None:
        sentence = say(
            "%(name)s calls the connector %(connector)s, which is not known; known are: %(known)s",
            name=what(node),
            connector=connector[:60] or '""',
            known=", ".join(sorted(connectors)) or "–",
        )
        drawing.find("unknown-connector", node, sentence)
        return
    given = {one.get("name", "") for one in own.iterchildren(sop("input"))}
    for name in sorted(given - signature.needed - signature.optional):
        sentence = say(
            "%(name)s: the connector %(connector)s has no input %(input)s",
            name=what(node),
            connector=connector,
            input=name[:60] or '""',
        )
        drawing.find("service-input", node, sentence)
    for name in sorted(signature.needed - given):
        sentence = say(
            "%(name)s: the connector %(connector)s needs the input %(input)s",
            name=what(node),
            connector=connector,
            input=name,
        )
        drawing.find("service-input", node, sentence)
