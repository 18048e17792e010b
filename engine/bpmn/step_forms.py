"""Which form each step of a diagram names, and the diagram with another one named."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine.bpmn.guard import read_tree
from engine.bpmn.names import PEOPLE_TASKS, bpmn, name_of, sop
from engine.bpmn.sop import extension

_FORM = "formKey"


@dataclass(frozen=True, kw_only=True)
class StepForm:
    """A task for people, and the key of its form; empty where it has none."""

    element: str
    name: str
    form_key: str


def step_forms(content: bytes) -> tuple[StepForm, ...]:
    """Give the tasks for people of a diagram that can be read, in the file's order; Refused for others."""
    return tuple(
        StepForm(element=task.get("id", ""), name=name_of(task) or task.get("id", ""), form_key=_key(task))
        for task in read_tree(content).iter(*map(bpmn, PEOPLE_TASKS))
    )


def with_form(content: bytes, element: str, key: str) -> bytes:
    """Give the diagram with a step naming a form; one that has no such step is as it was."""
    tree = read_tree(content)
    for task in tree.iter(*map(bpmn, PEOPLE_TASKS)):
        if task.get("id") == element:
            _own(task).set(_FORM, key)
    return _written(tree)


def with_form_renamed(content: bytes, old: str, new: str) -> bytes:
    """Give the diagram with a form's new key wherever a step names it; without a key the step has none."""
    tree = read_tree(content)
    for task in tree.iter(*map(bpmn, PEOPLE_TASKS)):
        if old and _key(task) == old:
            own = _own(task)
            del own.attrib[_FORM]
            if new:
                own.set(_FORM, new)
    return _written(tree)


def _key(task: etree._Element) -> str:
    own = extension(task, "Task")
    return "" if own is None else own.get(_FORM, "")


def _own(task: etree._Element) -> etree._Element:
    """Give the step's own words, made where there are none; documentation stands before (BPMN 2.0, 8.3.1)."""
    own = extension(task, "Task")
    if own is not None:
        return own
    holder = task.find(bpmn("extensionElements"))
    if holder is None:
        holder = etree.Element(bpmn("extensionElements"))
        task.insert(len(task.findall(bpmn("documentation"))), holder)
    return etree.SubElement(holder, sop("Task"))


def _written(tree: etree._ElementTree) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
