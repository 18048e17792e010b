"""Whether the roles, forms and fields that the steps name exist. For deployment only."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import PEOPLE_TASKS, bpmn, local_name, sop
from engine.bpmn.sop import extension, roles_of_elements
from engine.errors import say
from engine.forms.definition import Field, FieldType, FormDefinition
from engine.model.file_kind import kinds, media_types, read_accept

_BRINGING = ("receiveTask", "serviceTask", "businessRuleTask")
_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")


def check_assignment(
    drawing: Drawing, forms: Mapping[str, FormDefinition], role_keys: AbstractSet[str]
) -> None:
    """Find steps nobody can do and forms, roles and fields that do not exist. For deployment only."""
    _lanes(drawing, role_keys)
    steps = {node.get("id", ""): node for node in drawing.nodes(*PEOPLE_TASKS)}
    roles = roles_of_elements(drawing.root)
    for id_, node in steps.items():
        _step(drawing, node, steps, forms, role_keys)
        if id_ not in roles:
            drawing.find(
                "task-without-lane",
                node,
                say("%(name)s stands in no lane, so nobody can do it", name=what(node)),
            )
    for node in drawing.nodes("task"):
        drawing.find(
            "task-without-type",
            node,
            say("%(name)s does not say how it is done: make it a user task", name=what(node)),
        )


def _lanes(drawing: Drawing, role_keys: AbstractSet[str]) -> None:
    for process in drawing.run:
        for lane in process.iter(bpmn("lane")):
            if lane.find(bpmn("childLaneSet")) is not None:
                continue
            own = extension(lane, "Lane")
            role = "" if own is None else own.get("role", "")
            if not role:
                drawing.find(
                    "lane-without-role", lane, say("The lane %(name)s names no role", name=what(lane))
                )
            elif role not in role_keys:
                drawing.find(
                    "unknown-role",
                    lane,
                    say(
                        "The lane %(name)s names the role %(role)s, which is not known",
                        name=what(lane),
                        role=role,
                    ),
                )


def _step(
    drawing: Drawing,
    node: etree._Element,
    steps: Mapping[str, etree._Element],
    forms: Mapping[str, FormDefinition],
    role_keys: AbstractSet[str],
) -> None:
    must_be_a_name(drawing, node)
    own = extension(node, "Task")
    if own is not None:
        _named(drawing, node, own, steps, forms, role_keys)


def must_be_a_name(drawing: Drawing, node: etree._Element) -> None:
    """Find an id that could not be the variable which keeps what the element leaves."""
    id_ = node.get("id", "")
    if not (id_.isidentifier() and id_.isascii()) or keyword.iskeyword(id_) or id_ == "case":
        drawing.find(
            "id-not-a-name",
            node,
            say("The id %(id)s must be a word that expressions can use: letters, digits and _", id=id_),
        )


def _named(
    drawing: Drawing,
    node: etree._Element,
    own: etree._Element,
    steps: Mapping[str, etree._Element],
    forms: Mapping[str, FormDefinition],
    role_keys: AbstractSet[str],
) -> None:
    for role in own.get("delegableTo", "").split():
        if role not in role_keys:
            drawing.find(
                "unknown-role",
                node,
                say(
                    "%(name)s may be handed to the role %(role)s, which is not known",
                    name=what(node),
                    role=role,
                ),
            )
    for element in own.get("notSameAs", "").split():
        if element == node.get("id") or element not in steps:
            drawing.find(
                "not-same-as",
                node,
                say(
                    "%(name)s must be done by another person than %(step)s, which is no other step",
                    name=what(node),
                    step=element,
                ),
            )
    key = own.get("formKey")
    if key and key not in forms:
        drawing.find(
            "unknown-form",
            node,
            say("%(name)s names the form %(form)s, which does not exist", name=what(node), form=key),
        )
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
                say(
                    "The form %(form)s names a person for the step %(step)s, which does not exist",
                    form=form.key,
                    step=element,
                ),
            )
    for field in form.files:
        _kinds(drawing, node, form, field)
    _printed(drawing, node, form)
    for field in form.inputs:
        element, _, key = field.prefill.partition(".")
        known = element == "case" or _brings(drawing, element) or _has_field(steps.get(element), key, forms)
        if key and not known:
            drawing.find(
                "unknown-prefill",
                node,
                say(
                    "The form %(form)s is filled from %(field)s, which is no field of a step",
                    form=form.key,
                    field=field.prefill,
                ),
            )


def _brings(drawing: Drawing, id_: str) -> bool:
    """Tell whether an element leaves what nobody typed: a message, an answer, a decision; of any shape."""
    return any(
        local_name(node) in _BRINGING or node.find(bpmn("messageEventDefinition")) is not None
        for node in drawing.nodes(*_BRINGING, *_CATCHING)
        if node.get("id") == id_
    )


def _kinds(drawing: Drawing, node: etree._Element, form: FormDefinition, field: Field) -> None:
    """Find a file field that lets in what its document may not be."""
    own = extension(node, "Task")
    for output in () if own is None else own.iterchildren(sop("output")):
        taken = read_accept(output.get("accept", ""))
        if not taken or output.get("name", "").strip() != field.document:
            continue
        if not field.accept or media_types(field.accept) - media_types(taken):
            drawing.find(
                "file-kind",
                node,
                say(
                    "The field %(field)s of the form %(form)s takes other kinds of files than %(document)s:"
                    " %(kinds)s",
                    field=field.key,
                    form=form.key,
                    document=field.document,
                    kinds=kinds(taken),
                ),
            )


def _printed(drawing: Drawing, node: etree._Element, form: FormDefinition) -> None:
    """Find fields that are printed only in documents which this step does not make."""
    own = extension(node, "Task")
    outputs = () if own is None else own.iterchildren(sop("output"))
    made = {output.get("name", "").strip() for output in outputs if output.get("source") == "form"}
    for name in dict.fromkeys(name for field in form.every for name in field.printed_in):
        if name not in made:
            drawing.find(
                "unknown-document",
                node,
                say(
                    "The form %(form)s is printed in %(document)s, which %(step)s does not make from it",
                    form=form.key,
                    document=name,
                    step=what(node),
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
            say(
                "%(name)s: clockField %(field)s is no date field of a step", name=what(node), field=reference
            ),
        )
