"""Lists everything that keeps a diagram from running as drawn: all of it, not the first."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from lxml import etree

from engine.bpmn.drawing import Drawing
from engine.bpmn.guard import MAX_BYTES, read_tree
from engine.bpmn.lint_activities import check_activities
from engine.bpmn.lint_events import check_events
from engine.bpmn.lint_expressions import check_expressions
from engine.bpmn.lint_extension import check_extension
from engine.bpmn.lint_flow import check_flow
from engine.bpmn.lint_references import check_references
from engine.bpmn.lint_sop import check_assignment
from engine.errors import Finding, Refused
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import FormDefinition


def problems_of(
    tree: etree._ElementTree,
    *,
    sandbox: Sandbox,
    forms: Mapping[str, FormDefinition] | None = None,
    role_keys: AbstractSet[str] | None = None,
) -> tuple[Finding, ...]:
    """Give every problem of a tree, in the order of the file.

    With ``forms`` and ``role_keys`` the SOP is checked too: lanes and roles, form keys, clock
    fields. Without them any BPMN file can be asked about.
    """
    drawing = Drawing(tree.getroot())
    check_references(drawing)
    check_flow(drawing)
    check_activities(drawing)
    check_events(drawing)
    check_extension(drawing)
    if forms is not None and role_keys is not None:
        check_assignment(drawing, forms, role_keys)
    check_expressions(drawing, sandbox, forms)
    places = {id_: place for place, id_ in enumerate(drawing.by_id)}
    once = {(one.code, one.element, str(one.sentence)): one for one in drawing.findings}
    return tuple(sorted(once.values(), key=lambda finding: places.get(finding.element, 0)))


def lint_bytes(content: bytes, sandbox: Sandbox | None = None) -> tuple[Finding, ...]:
    """Give every problem of a file's bytes; a file that is no BPMN has one."""
    own = sandbox or Sandbox(workers=1)
    try:
        return problems_of(read_tree(content), sandbox=own)
    except Refused as refused:
        return refused.findings
    finally:
        if sandbox is None:
            own.close()


def lint_file(path: Path, sandbox: Sandbox | None = None) -> tuple[Finding, ...]:
    """Give every problem of a file on disk; no more of it is read than may be."""
    with path.open("rb") as file:
        return lint_bytes(file.read(MAX_BYTES + 1), sandbox)


def main_process(tree: etree._ElementTree) -> etree._Element:
    """Give the process a file is about: the first executable one that no other calls."""
    drawing = Drawing(tree.getroot())
    mains = [process for process in drawing.executable if process.get("id") not in drawing.called]
    return (mains or drawing.executable)[0]
