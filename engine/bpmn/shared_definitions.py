"""An event definition that stands apart is part of every event that refers to it (BPMN 2.0, 10.4.5)."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.definitions import SUFFIX
from engine.bpmn.names import BPMN, bpmn, copied, local_name, plain


def put_definitions(root: etree._Element, most: int) -> bool:
    """Write event definitions in the place of their references; what refers to something else is left.

    False where more than ``most`` bytes would be copied: a file must not grow by being read.
    """
    found = {
        one.get("id", ""): one
        for one in root.iterchildren(f"{{{BPMN}}}*")
        if one.get("id") and local_name(one).endswith(SUFFIX)
    }
    sizes = {id_: len(etree.tostring(one)) for id_, one in found.items()}
    for reference in list(root.iter(bpmn("eventDefinitionRef"))) if found else ():
        id_, event = plain(reference.text), reference.getparent()
        if id_ not in found or event is None:
            continue
        most -= sizes[id_]
        if most < 0:
            return False
        event.replace(reference, copied(found[id_]))
    return True
