"""A call activity that names a global task of the file is that task (BPMN 2.0, 10.3.4 and 10.3.6)."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.data_names import plain
from engine.bpmn.names import ALIAS, bpmn, children, copied, local_name

_KINDS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
# What of a global task tells how it is done; its data is that of the call, known by both names.
_CARRIED = ("documentation", "extensionElements", "script", "rendering")


def put_global_tasks(root: etree._Element, most: int) -> bool:
    """Write the global tasks in the place of the call activities that name them.

    False where more than ``most`` bytes would be copied: a file must not grow by being read.
    """
    found = {task.get("id"): task for task in root.iterchildren(*map(bpmn, _KINDS)) if task.get("id")}
    sizes = {id_: len(etree.tostring(task)) for id_, task in found.items()}
    for call in list(root.iter(bpmn("callActivity"))) if found else ():
        id_ = plain(call.get("calledElement"))
        if id_ in found:
            most -= sizes[id_]
            if most < 0:
                return False
            _become(call, found[id_])
    return True


def _become(call: etree._Element, task: etree._Element) -> None:
    call.tag = bpmn(_KINDS[local_name(task)])
    del call.attrib["calledElement"]
    for name, value in task.attrib.items():
        if name not in call.attrib:
            call.set("scriptFormat" if name == "scriptLanguage" else name, value)
    _name_data(call, task)
    places = {"documentation": 0, "extensionElements": 0}
    for local in reversed(_CARRIED):
        if next(children(call, local), None) is None:
            for child in children(task, local):
                if local in places:
                    call.insert(places[local], copied(child))
                else:
                    call.append(copied(child))


def _name_data(call: etree._Element, task: etree._Element) -> None:
    """Let the inputs and outputs of a call be known by what the task calls them, in their order (10.3.4)."""
    for local in ("dataInput", "dataOutput"):
        ours, theirs = _declared(call, local), _declared(task, local)
        names = [one.get("name") or one.get("id") or "" for one in theirs]
        if len(ours) == len(theirs) and not {one.get("name") for one in ours} & set(names):
            for one, name in zip(ours, names, strict=True):
                one.set(ALIAS, name)


def _declared(activity: etree._Element, local: str) -> list[etree._Element]:
    return [one for holder in children(activity, "ioSpecification") for one in children(holder, local)]
