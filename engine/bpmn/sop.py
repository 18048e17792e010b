"""Reads the SOP out of the diagram: the ``sop:`` extension, lanes, steps, geometry.

The elements and attributes are those of ``processes/README.md``. Values that make no sense are
findings of the lint; this module reads what passed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lxml import etree

from engine.bpmn.asked import questions_of
from engine.bpmn.definition_json import definition_from_json, definition_to_json
from engine.bpmn.geometry import read_diagram
from engine.bpmn.guard import read_tree
from engine.bpmn.names import PEOPLE_TASKS, bpmn, child_text, children, local_name, name_of, quoted_text, sop
from engine.bpmn.next_steps import first_steps, next_steps
from engine.bpmn.normalise_events import plain_starts
from engine.bpmn.step_rows import people_tasks, step_rows
from engine.bpmn.working_time import read_standard_time
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import FormDefinition
from engine.model.definition import (
    ClockStart,
    Definition,
    Document,
    DocumentSource,
    Lane,
    LeftDocument,
    NeededDocument,
    NextSteps,
    Purpose,
    Start,
    Step,
)
from engine.model.file_kind import read_accept

__all__ = ["definition_from_json", "definition_to_json", "read_definition"]


def read_definition(
    tree: etree._ElementTree,
    process: etree._Element,
    *,
    forms: Mapping[str, FormDefinition],
    sandbox: Sandbox,
    pools: Iterable[etree._Element] = (),
) -> Definition:
    """Read everything the pages need of one process of a tree that passed the lint.

    ``pools`` are the other processes of the file that take part in its cases.
    """
    lanes = read_lanes(process)
    roles = roles_of_elements(process)
    tasks = people_tasks(tree, [process, *pools])
    numbers = step_rows(tree, tasks, [process, *pools])
    steps = [_step(task, numbers[task.get("id", "")], roles) for task in tasks]
    decisions = {
        step.element: form.decision
        for step in steps
        if (form := forms.get(step.form_key or "")) is not None and form.decision is not None
    }
    following = next_steps(tree, [step.element for step in steps], decisions, sandbox)
    first = first_steps(tree, process, sandbox)
    return Definition(
        process_id=process.get("id", ""),
        name=name_of(process) or _pool_name(tree, process) or process.get("id", ""),
        document=_document(process),
        lanes=lanes,
        steps=tuple(
            _with_next(step, following.get(step.element, ()))
            for step in sorted(steps, key=lambda step: step.number)
        ),
        diagram=read_diagram(tree, numbers),
        starts=_starts(process, first),
        first=tuple(dict.fromkeys(element for elements in first.values() for element in elements)),
        questions=questions_of(process),
    )


def _starts(process: etree._Element, first: Mapping[str, tuple[str, ...]]) -> tuple[Start, ...]:
    """Give the start events to choose from; none where there is no choice."""
    starts = plain_starts(process)
    if len(starts) == 1:
        return ()
    return tuple(
        Start(element=id_, name=name or id_, first=first[id_])
        for id_, name in ((one.get("id", ""), name_of(one)) for one in starts)
    )


def extension(element: etree._Element, local: str) -> etree._Element | None:
    """Give the first ``sop:`` child of the element's extensionElements."""
    holder = element.find(bpmn("extensionElements"))
    return None if holder is None else holder.find(sop(local))


def fixed_inputs(content: bytes, connector: str, name: str) -> list[tuple[str, str]]:
    """Give an input of the services that call a connector, where it is a quoted text: (service, text)."""
    found = []
    for node in read_tree(content).iter(bpmn("serviceTask")):
        own = extension(node, "Service")
        if own is None or own.get("connector") != connector:
            continue
        for one in own.iterchildren(sop("input")):
            text = quoted_text(one.text or "") if one.get("name") == name else None
            if text is not None:
                found.append((name_of(node) or node.get("id", ""), text))
    return found


def read_lanes(process: etree._Element) -> tuple[Lane, ...]:
    """Give the lanes that name a role, in document order."""
    lanes = []
    for lane in process.iter(bpmn("lane")):
        own = extension(lane, "Lane")
        if own is not None and own.get("role"):
            lanes.append(Lane(element=lane.get("id", ""), name=name_of(lane), role=own.get("role", "")))
    return tuple(lanes)


def roles_of_elements(process: etree._Element) -> dict[str, str]:
    """Give the role of every element in a lane; what is inside a subprocess, or called, has it too."""
    root = process.getroottree().getroot()
    roles: dict[str, str] = {}
    for lane in root.iter(bpmn("lane")):
        own = extension(lane, "Lane")
        if own is not None:
            for reference in children(lane, "flowNodeRef"):
                roles[(reference.text or "").strip()] = own.get("role", "")
    called = {other.get("id"): other for other in root.iter(bpmn("process"))}
    for element in root.iter(*map(bpmn, ("subProcess", "transaction", "callActivity"))):
        role = roles.get(element.get("id", ""))
        inside = (
            called.get(element.get("calledElement")) if local_name(element) == "callActivity" else element
        )
        if role and inside is not None:
            for inner in inside.iter(*map(bpmn, PEOPLE_TASKS)):
                roles.setdefault(inner.get("id", ""), role)
    return roles


def _step(task: etree._Element, number: int, roles: Mapping[str, str]) -> Step:
    own = extension(task, "Task")
    about: Mapping[str, str] = {} if own is None else {str(k): str(v) for k, v in own.attrib.items()}
    element = task.get("id", "")
    name = name_of(task) or element
    return Step(
        element=element,
        number=number,
        name=name,
        activity=" ".join(child_text(task, "documentation").split()) or name,
        role=roles.get(element, ""),
        form_key=about.get("formKey") or None,
        standard_time=read_standard_time(about.get("standardTime", "")),
        clock=ClockStart(about.get("clock", "arrival")),
        clock_field=about.get("clockField") or None,
        inputs=tuple(_needed(item) for item in _items(own, "input")),
        outputs=tuple(_left(item) for item in _items(own, "output")),
        notes="" if own is None else " ".join((own.findtext(sop("notes")) or "").split()),
        delegable_to=tuple(about.get("delegableTo", "").split()),
        not_same_as=tuple(dict.fromkeys(about.get("notSameAs", "").split())),
        return_to=tuple(dict.fromkeys(about.get("returnTo", "").split())),
    )


def _with_next(step: Step, following: tuple[NextSteps, ...]) -> Step:
    return replace(step, next=following)


def _items(own: etree._Element | None, local: str) -> list[etree._Element]:
    return [] if own is None else list(own.iterchildren(sop(local)))


def _needed(item: etree._Element) -> NeededDocument:
    name = item.get("name", "").strip()
    return NeededDocument(name=name, printed=item.get("printed", name), required=_true(item))


def _left(item: etree._Element) -> LeftDocument:
    name = item.get("name", "").strip()
    return LeftDocument(
        name=name,
        printed=item.get("printed", name),
        required=_true(item),
        source=DocumentSource(item.get("source", "upload")),
        signed=_true(item, "signed", default="false"),
        accept=read_accept(item.get("accept", "")) or (),
    )


def _true(item: etree._Element, attribute: str = "required", default: str = "true") -> bool:
    return item.get(attribute, default) in ("true", "1")


def _document(process: etree._Element) -> Document:
    own = extension(process, "Document")
    if own is None:
        return Document(title=name_of(process))

    def lines(local: str) -> tuple[str, ...]:
        return tuple(" ".join((child.text or "").split()) for child in own.iterchildren(sop(local)))

    return Document(
        institution=lines("institution"),
        number=own.get("number", ""),
        created_on=own.get("createdOn", ""),
        revised_on=own.get("revisedOn", ""),
        effective_on=own.get("effectiveOn", ""),
        approver_post=own.get("approverPost", ""),
        approver_name=own.get("approverName", ""),
        approver_nip=own.get("approverNip", ""),
        title=own.get("title", "") or name_of(process),
        legal_basis=lines("legalBasis"),
        qualifications=lines("qualification"),
        related=lines("related"),
        equipment=lines("equipment"),
        warnings=lines("warning"),
        recording=lines("recording"),
        case_number=own.get("caseNumber", ""),
        case_title=own.get("caseTitle", ""),
        purpose=Purpose(own.get("purpose", "")) if own.get("purpose") else None,
        monitoring_months=int(own.get("monitoringMonths") or 6),
        evaluation_months=int(own.get("evaluationMonths") or 12),
    )


def _pool_name(tree: etree._ElementTree, process: etree._Element) -> str:
    for participant in tree.getroot().iter(bpmn("participant")):
        if participant.get("processRef") == process.get("id"):
            return name_of(participant)
    return ""
