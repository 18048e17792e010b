"""The SOP's own extension: its words, and whether roles, forms and fields exist."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Set
from datetime import date

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import PEOPLE_TASKS, SOP, bpmn, local_name, sop
from engine.bpmn.sop import extension, read_standard_time, roles_of_elements
from engine.errors import say
from engine.forms.definition import FieldType, FormDefinition
from engine.model.definition import ClockStart, DocumentSource

_ATTRIBUTES = {
    "Document": {
        "title", "number", "createdOn", "revisedOn", "effectiveOn", "approverPost", "approverName", "approverNip",
        "caseNumber", "caseTitle",
    },
    "Lane": {"role"},
    "Task": {"number", "formKey", "standardTime", "clock", "clockField", "delegableTo"},
    "input": {"name", "printed", "required"},
    "output": {"name", "printed", "required", "source"},
    "notes": set(),
}  # fmt: skip
_LINES = {"institution", "legalBasis", "qualification", "related", "equipment", "warning", "recording"}
_CHILDREN = {"Document": _LINES, "Task": {"input", "output", "notes"}}
_PLACES = {"Document": {"process"}, "Lane": {"lane"}, "Task": set(PEOPLE_TASKS)}


def check_extension(drawing: Drawing) -> None:
    """Find misspelt words and senseless values of the ``sop:`` namespace, wherever they stand."""
    for own in drawing.root.iter(f"{{{SOP}}}*"):
        holder = own.getparent()
        if holder is not None and holder.tag == bpmn("extensionElements"):
            owner = holder.getparent()
            if owner is not None:
                _element(drawing, owner, own)
    for process in drawing.run:
        numbers: dict[str, str] = {}
        for task in process.iter(*map(bpmn, PEOPLE_TASKS)):
            own_task = extension(task, "Task")
            number = "" if own_task is None else own_task.get("number", "")
            if number and numbers.setdefault(number, task.get("id", "")) != task.get("id", ""):
                drawing.find("sop-number", task, say("The number %(number)s is given to more than one step", number=number))


def _element(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    local = etree.QName(own).localname
    if local_name(owner) not in _PLACES.get(local, ()):
        _unknown(drawing, owner, f"sop:{local}")
        return
    _attributes(drawing, owner, own, local)
    for child in own.iterchildren():
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name and (child.tag != sop(name) or name not in _CHILDREN.get(local, ())):
            _unknown(drawing, owner, f"sop:{local}/{name}")
        elif name:
            _attributes(drawing, owner, child, name)
            if name in ("input", "output") and not child.get("name", "").strip():
                drawing.find("sop-value", owner, say("A document of %(name)s has no name", name=what(owner)))
    if local == "Task":
        _task(drawing, owner, own)
    elif local == "Document":
        _document(drawing, owner, own)


def _attributes(drawing: Drawing, owner: etree._Element, own: etree._Element, local: str) -> None:
    for attribute, value in own.attrib.items():
        if attribute not in _ATTRIBUTES.get(local, set()):
            _unknown(drawing, owner, f"{local}/@{attribute}")
        elif attribute == "required" and value not in ("true", "false", "1", "0"):
            _value(drawing, owner, attribute, str(value))
        elif attribute == "source" and value not in set(DocumentSource):
            _value(drawing, owner, attribute, str(value))


def _task(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    time, number = own.get("standardTime", ""), own.get("number", "1")
    if time and read_standard_time(time) is None:
        _value(drawing, owner, "standardTime", time)
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9]) < 10_000):  # noqa: PLR2004 - rows of a table
        _value(drawing, owner, "number", number)
    clock = own.get("clock", "arrival")
    if clock not in set(ClockStart):
        _value(drawing, owner, "clock", clock)
    if (clock == ClockStart.DATE) != bool(own.get("clockField")):
        drawing.find(
            "sop-clock",
            owner,
            say('%(name)s: clock="date" and clockField belong together', name=what(owner)),
        )


def _document(drawing: Drawing, owner: etree._Element, own: etree._Element) -> None:
    for attribute in ("createdOn", "revisedOn", "effectiveOn"):
        value = own.get(attribute, "")
        try:
            good = not value or date.fromisoformat(value).isoformat() == value
        except ValueError:
            good = False
        if not good:
            _value(drawing, owner, attribute, value)
    for attribute in ("title", "caseNumber", "caseTitle"):
        if not own.get(attribute, "").strip():
            drawing.find("sop-value", owner, say("The header of the SOP needs %(attribute)s", attribute=attribute))


def _unknown(drawing: Drawing, owner: etree._Element, found: str) -> None:
    drawing.find(
        "sop-unknown", owner, say("%(name)s: %(found)s is not known here", name=what(owner), found=found[:80])
    )


def _value(drawing: Drawing, owner: etree._Element, attribute: str, value: str) -> None:
    drawing.find(
        "sop-value",
        owner,
        say(
            "%(name)s: %(attribute)s cannot be %(value)s", name=what(owner), attribute=attribute, value=value[:60] or '""'
        ),
    )


def check_assignment(drawing: Drawing, forms: Mapping[str, FormDefinition], role_keys: Set[str]) -> None:
    """Find steps nobody can do and forms, roles and fields that do not exist. For deployment only."""
    mains = [process for process in drawing.executable if process.get("id") not in drawing.called]
    for process in mains[1:]:
        drawing.find(
            "several-processes",
            process,
            say("Only one process of a file can be started; %(name)s is another", name=what(process)),
        )
    _lanes(drawing, role_keys)
    steps = {node.get("id", ""): node for node in drawing.nodes(*PEOPLE_TASKS)}
    roles = roles_of_elements(drawing.root)
    for id_, node in steps.items():
        _step(drawing, node, steps, forms, role_keys)
        if id_ not in roles:
            drawing.find("task-without-lane", node, say("%(name)s stands in no lane, so nobody can do it", name=what(node)))
    for node in drawing.nodes("task"):
        drawing.find(
            "task-without-type",
            node,
            say("%(name)s does not say how it is done: make it a user task", name=what(node)),
        )


def _lanes(drawing: Drawing, role_keys: Set[str]) -> None:
    placed: set[str] = set()
    for process in drawing.run:
        for lane in process.iter(bpmn("lane")):
            if lane.find(bpmn("childLaneSet")) is not None:
                continue
            own = extension(lane, "Lane")
            role = "" if own is None else own.get("role", "")
            if not role:
                drawing.find("lane-without-role", lane, say("The lane %(name)s names no role", name=what(lane)))
            elif role not in role_keys:
                drawing.find(
                    "unknown-role", lane, say("The lane %(name)s names the role %(role)s, which is not known", name=what(lane), role=role)
                )
            for reference in lane.iterchildren(bpmn("flowNodeRef")):
                id_ = (reference.text or "").strip()
                node = drawing.by_id.get(id_)
                if id_ in placed and node is not None:
                    drawing.find("two-lanes", node, say("%(name)s stands in two lanes", name=what(node)))
                placed.add(id_)


def _step(
    drawing: Drawing,
    node: etree._Element,
    steps: Mapping[str, etree._Element],
    forms: Mapping[str, FormDefinition],
    role_keys: Set[str],
) -> None:
    id_ = node.get("id", "")
    if not (id_.isidentifier() and id_.isascii()) or keyword.iskeyword(id_) or id_ == "case":
        drawing.find(
            "id-not-a-name",
            node,
            say("The id %(id)s must be a word that expressions can use: letters, digits and _", id=id_),
        )
    if next(node.iterchildren(bpmn("potentialOwner"), bpmn("humanPerformer"), bpmn("performer")), None) is not None:
        drawing.find("unsupported-assignment", node, say("%(name)s: who does it is said by its lane", name=what(node)))
    own = extension(node, "Task")
    if own is None:
        return
    for role in own.get("delegableTo", "").split():
        if role not in role_keys:
            drawing.find("unknown-role", node, say("%(name)s may be handed to the role %(role)s, which is not known", name=what(node), role=role))
    key = own.get("formKey")
    if key and key not in forms:
        drawing.find("unknown-form", node, say("%(name)s names the form %(form)s, which does not exist", name=what(node), form=key))
    elif key:
        _form(drawing, node, forms, forms[key], steps)
    if own.get("clockField"):
        _clock_field(drawing, node, own.get("clockField", ""), steps, forms)


def _form(
    drawing: Drawing,
    node: etree._Element,
    forms: Mapping[str, FormDefinition],
    form: FormDefinition,
    steps: Mapping[str, etree._Element],
) -> None:
    for element in form.assigned_elements:
        if element not in steps:
            drawing.find(
                "unknown-assigned-step",
                node,
                say("The form %(form)s names a person for the step %(step)s, which does not exist", form=form.key, step=element),
            )


    for field in form.inputs:
        element, _, key = field.prefill.partition(".")
        if key and element != "case" and not _has_field(steps.get(element), key, forms):
            drawing.find(
                "unknown-prefill",
                node,
                say(
                    "The form %(form)s is filled from %(field)s, which is no field of a step",
                    form=form.key,
                    field=field.prefill,
                ),
            )


def _has_field(step: etree._Element | None, key: str, forms: Mapping[str, FormDefinition]) -> bool:
    own = None if step is None else extension(step, "Task")
    form = None if own is None else forms.get(own.get("formKey", ""))
    return form is not None and key in form.by_key


def _clock_field(
    drawing: Drawing,
    node: etree._Element,
    reference: str,
    steps: Mapping[str, etree._Element],
    forms: Mapping[str, FormDefinition],
) -> None:
    element, _, key = reference.partition(".")
    source = steps.get(element)
    own = None if source is None else extension(source, "Task")
    form = None if own is None else forms.get(own.get("formKey", ""))
    field = None if form is None else form.by_key.get(key)
    if field is None or field.type not in (FieldType.DATE, FieldType.DATETIME):
        drawing.find(
            "clock-field",
            node,
            say("%(name)s: clockField %(field)s is no date field of a step", name=what(node), field=reference),
        )
