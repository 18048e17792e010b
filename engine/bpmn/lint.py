"""Lists everything that keeps a diagram from running as drawn: all of it, not the first."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from engine.bpmn.collaboration import beside_main
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.guard import read_bytes, read_tree
from engine.bpmn.lint_activities import check_activities
from engine.bpmn.lint_apart import check_apart
from engine.bpmn.lint_caught import check_caught
from engine.bpmn.lint_data import check_data
from engine.bpmn.lint_events import check_events
from engine.bpmn.lint_expressions import check_expressions, known_names
from engine.bpmn.lint_extension import check_extension
from engine.bpmn.lint_flow import check_flow
from engine.bpmn.lint_pools import check_pools
from engine.bpmn.lint_profile import check_profile, is_sop
from engine.bpmn.lint_references import check_references
from engine.bpmn.lint_returns import check_returns
from engine.bpmn.lint_rules import check_rules
from engine.bpmn.lint_schema import check_schema
from engine.bpmn.lint_services import check_services
from engine.bpmn.lint_sop import check_assignment
from engine.bpmn.lint_targets import check_targets
from engine.bpmn.normalise import normalised
from engine.dmn.files import NO_DECISIONS, ReadDecisions, problems_in, read_decisions, read_folder
from engine.errors import Finding, Refused, say
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import FormDefinition
from engine.model.job import Signature

MOST_NODES = 2500  # flow nodes of a file; an SOP has dozens


@dataclass(frozen=True, kw_only=True)
class Linted:
    """Why a diagram is refused, and what of an accepted one has no effect: each in the file's order.

    Warnings are of the profile *SOP AP*: the SOP runs, but its table would lack something.
    """

    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def problems_of(  # noqa: PLR0913 - what stands beside the diagram, each by itself
    tree: etree._ElementTree,
    *,
    sandbox: Sandbox,
    forms: Mapping[str, FormDefinition] | None = None,
    role_keys: AbstractSet[str] | None = None,
    given: AbstractSet[str] = frozenset(),
    connectors: Mapping[str, Signature] | None = None,
    decisions: ReadDecisions = NO_DECISIONS,
) -> tuple[Finding, ...]:
    """Give every problem of a tree, as ``lint`` does."""
    return lint(
        tree,
        sandbox=sandbox,
        forms=forms,
        role_keys=role_keys,
        given=given,
        connectors=connectors,
        decisions=decisions,
    ).problems


def lint(  # noqa: PLR0913 - as above
    tree: etree._ElementTree,
    *,
    sandbox: Sandbox,
    forms: Mapping[str, FormDefinition] | None = None,
    role_keys: AbstractSet[str] | None = None,
    given: AbstractSet[str] = frozenset(),
    connectors: Mapping[str, Signature] | None = None,
    decisions: ReadDecisions = NO_DECISIONS,
) -> Linted:
    """Look at a tree.

    With ``forms``, ``role_keys`` and ``connectors`` the SOP is checked too: lanes and roles, form
    keys, clock fields, what service tasks call. Without them any BPMN file can be asked about.
    ``given`` are the variables it starts with, ``decisions`` those of the DMN files beside it.
    """
    drawing = Drawing(tree.getroot())
    if (too_many := _too_many(drawing)) is not None:
        return Linted(problems=(too_many,))
    check_schema(drawing)
    check_references(drawing)
    check_targets(drawing)
    check_pools(drawing)
    check_flow(drawing)
    check_activities(drawing)
    check_data(drawing)
    check_events(drawing)
    check_apart(drawing)
    check_caught(drawing)
    check_extension(drawing)
    check_services(drawing, connectors)
    check_rules(drawing, decisions, None if forms is None else known_names(drawing, forms))
    check_returns(drawing)
    if forms is not None and role_keys is not None:
        check_assignment(drawing, forms, role_keys)
    check_expressions(drawing, sandbox, forms, given)
    if forms is not None or is_sop(drawing):
        check_profile(drawing)
    if not drawing.findings and len(drawing.executable) > 1:
        _note_apart(drawing, tree)
    return Linted(
        problems=_in_order(drawing, drawing.findings),
        warnings=_in_order(drawing, drawing.warnings),
        notes=_in_order(drawing, drawing.notes),
    )


def _note_apart(drawing: Drawing, tree: etree._ElementTree) -> None:
    """Tell which processes are no part of a case of the main one: each can be traced, but not deployed."""
    _pools, apart = beside_main(tree, normalised(tree))
    for process in apart:
        drawing.note(
            "several-processes",
            process,
            say(
                "Nothing connects %(name)s with %(main)s: as an SOP the file is refused",
                name=what(process),
                main=what(drawing.main),
            ),
        )


def _too_many(drawing: Drawing) -> Finding | None:
    """Give the one problem of a file that nobody could read, and that would take long to be looked at."""
    found = sum(len(scope.nodes) for scope in drawing.scopes)
    if found <= MOST_NODES:
        return None
    sentence = say(
        "The file has %(found)s elements; at most %(most)s can be run", found=found, most=MOST_NODES
    )
    return Finding(code="too-many-elements", element="", name="", sentence=sentence)


def _in_order(drawing: Drawing, findings: list[Finding]) -> tuple[Finding, ...]:
    places = {id_: place for place, id_ in enumerate(drawing.by_id)}
    once = {(one.code, one.element, str(one.sentence)): one for one in findings}
    return tuple(sorted(once.values(), key=lambda finding: places.get(finding.element, 0)))


def lint_bytes(
    content: bytes, sandbox: Sandbox | None = None, decisions: ReadDecisions = NO_DECISIONS
) -> Linted:
    """Look at a file's bytes; one that is no BPMN has one problem."""
    own = sandbox or Sandbox(workers=1)
    try:
        return lint(read_tree(content), sandbox=own, decisions=decisions)
    except Refused as refused:
        return Linted(problems=refused.findings)
    finally:
        if sandbox is None:
            own.close()


def lint_file(path: Path, sandbox: Sandbox | None = None) -> Linted:
    """Look at a file on disk, of DMN too; one that cannot be read has that problem."""
    try:
        content = read_bytes(path)
        if path.suffix.lower() == ".dmn":
            return Linted(problems=problems_in(path.name, {**read_folder(path.parent), path.name: content}))
        return lint_bytes(content, sandbox, decisions_beside(path, content))
    except Refused as refused:
        return Linted(problems=refused.findings)


def decisions_beside(path: Path, content: bytes) -> ReadDecisions:
    """Read the decisions in a diagram's folder, where its business rule tasks could name any."""
    letters = content.replace(b"\0", b"").lower()  # a file in UTF-16 too; a global task has a capital
    return read_decisions(read_folder(path.parent)) if b"businessruletask" in letters else NO_DECISIONS


def main_process(tree: etree._ElementTree) -> etree._Element:
    """Give the process a file is about: the first executable one that no other calls."""
    return Drawing(tree.getroot()).main
