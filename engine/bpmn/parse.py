"""A diagram's bytes become what is stored with its version."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml import etree

from engine.bpmn.collaboration import beside_main, pools_of
from engine.bpmn.complete import differences
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.guard import read_tree
from engine.bpmn.lint import Linted, lint, main_process, problems_of
from engine.bpmn.lint_expressions import known_names
from engine.bpmn.names import name_of
from engine.bpmn.normalise import normalised
from engine.bpmn.reader import spec_text
from engine.bpmn.rules import decisions_named, uses_of
from engine.bpmn.sop import read_definition
from engine.dmn.files import NO_DECISIONS, ReadDecisions
from engine.errors import Finding, Refused, say
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import FormDefinition
from engine.model.definition import Definition
from engine.model.job import Signature

_NONE: Mapping[str, Signature] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ReadProcess:
    """What the pages need, and what the runner needs (JSON text for ``Runner``'s ``spec_of``)."""

    definition: Definition
    spec: str


def read_process(
    data: bytes,
    *,
    forms: Mapping[str, FormDefinition],
    role_keys: AbstractSet[str],
    connectors: Mapping[str, Signature] = _NONE,
    decisions: ReadDecisions = NO_DECISIONS,
) -> ReadProcess:
    """Read a diagram for deployment, or raise Refused with everything that is wrong with it."""
    tree = read_tree(data)
    sandbox = Sandbox(workers=1)
    try:
        findings = problems_of(
            tree,
            sandbox=sandbox,
            forms=forms,
            role_keys=role_keys,
            connectors=connectors,
            decisions=decisions,
        )
        if findings:
            raise Refused(findings)
        process = main_process(tree)
        pools = _pools(tree)
        definition = read_definition(tree, process, forms=forms, sandbox=sandbox, pools=pools)
        definition = replace(definition, decisions=uses_of(tree.getroot(), decisions.decisions.values()))
        return ReadProcess(definition=definition, spec=read_spec(tree, process.get("id", ""), decisions))
    finally:
        sandbox.close()


def looked_at(
    data: bytes,
    *,
    sandbox: Sandbox,
    forms: Mapping[str, FormDefinition],
    role_keys: AbstractSet[str],
    connectors: Mapping[str, Signature] = _NONE,
    decisions: ReadDecisions = NO_DECISIONS,
) -> Linted:
    """Tell everything that a deployment would find wrong, and what it lets pass; nothing is raised."""
    try:
        tree = read_tree(data)
    except Refused as refused:
        return Linted(problems=refused.findings)
    linted = lint(
        tree, sandbox=sandbox, forms=forms, role_keys=role_keys, connectors=connectors, decisions=decisions
    )
    if linted.problems:
        return linted
    try:
        _pools(tree)
        read_spec(tree, main_process(tree).get("id", ""), decisions)
    except Refused as refused:
        return replace(linted, problems=refused.findings)
    return linted


def names_in(data: bytes, forms: Mapping[str, FormDefinition]) -> frozenset[str]:
    """Give the names that expressions of a diagram can use; none where it cannot be read."""
    try:
        return known_names(Drawing(read_tree(data).getroot()), forms)
    except Refused:
        return frozenset()


def _pools(tree: etree._ElementTree) -> list[etree._Element]:
    """Give the other processes that take part in the cases; Refused where one does not, and is not called."""
    pools, apart = beside_main(tree, normalised(tree))
    if apart:
        raise Refused(tuple(map(_apart, apart)))
    return pools


def _apart(process: etree._Element) -> Finding:
    sentence = say(
        "Only one process of a file can be started, and no message or signal connects it with %(name)s",
        name=what(process),
    )
    return Finding(
        code="several-processes", element=process.get("id", ""), name=name_of(process), sentence=sentence
    )


def read_spec(tree: etree._ElementTree, process_id: str, decisions: ReadDecisions = NO_DECISIONS) -> str:
    """Write the specs of one process of a tree that passed the lint; Refused where they say else."""
    try:
        executable = {process.get("id", "") for process in Drawing(tree.getroot()).executable}
        ready = normalised(tree)
        pools = pools_of(ready, process_id, executable)
        text = spec_text(ready, process_id, pools, decisions.of(decisions_named(ready.getroot())))
        different = differences(tree, [process_id, *pools], text)
    except Exception as error:
        finding = Finding(
            code="not-readable",
            element=process_id,
            name="",
            sentence=say(
                "The diagram could not be read for running: %(detail)s",
                detail=f"{type(error).__name__}: {error}"[:300],
            ),
        )
        raise Refused((finding,)) from error
    if different:
        raise Refused(different)
    return text
