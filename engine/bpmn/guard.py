"""A BPMN file's bytes as a tree: within the limits of every XML file, and with BPMN's root.

Global tasks stand in it where they are called, event definitions where they are referred to.
"""

from __future__ import annotations

from lxml import etree

from engine import xml_guard
from engine.bpmn.global_tasks import put_global_tasks
from engine.bpmn.names import ADDED, BPMN
from engine.bpmn.shared_definitions import put_definitions
from engine.bpmn.tidy import tidy
from engine.errors import say
from engine.xml_guard import MAX_BYTES, read_bytes

__all__ = ["MAX_BYTES", "read_bytes", "read_file_tree", "read_tree"]


def read_file_tree(content: bytes) -> etree._ElementTree:
    """Parse the bytes of a BPMN file as they stand, or raise Refused with the reason."""
    tree = xml_guard.read_tree(content)
    root = tree.getroot()
    if root.tag != f"{{{BPMN}}}definitions":
        found = str(root.tag)[:100]
        raise xml_guard.refused(
            "no-bpmn", say("The file is not a BPMN 2.0 diagram: its root is %(found)s", found=found)
        )
    if any(str(name).startswith(f"{{{ADDED}}}") for element in root.iter("*") for name in element.attrib):
        raise xml_guard.refused(
            "own-namespace",
            say("The file has attributes of %(namespace)s, which no file may have", namespace=ADDED),
        )
    return tree


def read_tree(content: bytes) -> etree._ElementTree:
    """Parse the bytes of a BPMN file for running, or raise Refused with the reason."""
    tree = read_file_tree(content)
    root = tree.getroot()
    tidy(root)
    if not put_global_tasks(root, MAX_BYTES) or not put_definitions(root, MAX_BYTES):
        raise xml_guard.refused(
            "too-large",
            say(
                "What is referred to, put in the place of its references, takes more than %(most)s bytes",
                most=MAX_BYTES,
            ),
        )
    return tree
