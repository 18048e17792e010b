"""Which SOP a file is about: what it calls its process, and how many steps that has.

Programs give a process ids of their own, so that a name tells more than an id; where the same SOP is
called otherwise, its id may tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine.bpmn.drawing import Drawing
from engine.bpmn.names import ACTIVITIES, bpmn, local_name, name_of
from engine.bpmn.sop import extension
from engine.xml_guard import read_tree


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a file says of the SOP it is about; all empty where it has no process."""

    process: str = ""  # id
    title: str = ""  # of its header, else the name of its process, else of its pool
    names: frozenset[str] = frozenset()  # all it is called, as they are compared
    steps: int = 0  # activities

    def is_called_like(self, other: Subject, *also: str) -> bool:
        """Tell whether both are one SOP as far as names tell; ``also`` are more names of the other."""
        named = other.names | {_compared(one) for one in also if one.strip()}
        if self.names and named:
            return bool(self.names & named)
        return self.process == other.process

    def is_called(self, name: str) -> bool:
        """Tell whether this is one of its names."""
        return _compared(name) in self.names

    def may_be(self, other: Subject) -> bool:
        """Tell whether both can be one SOP: called alike, or called otherwise since."""
        return self.is_called_like(other) or (bool(self.process) and self.process == other.process)


def subject_of(content: bytes) -> Subject:
    """Read which SOP a file is about; Refused where it is no XML file that may be read."""
    root = read_tree(content).getroot()
    if root.find(bpmn("process")) is None:
        return Subject()
    process = Drawing(root).main
    names = _names(root, process)
    return Subject(
        process=process.get("id", ""),
        title=names[0] if names else "",
        names=frozenset(_compared(one) for one in names),
        steps=sum(local_name(one) in ACTIVITIES for one in process.iter()),
    )


def _names(root: etree._Element, process: etree._Element) -> list[str]:
    header = extension(process, "Document")
    title = "" if header is None else " ".join(header.get("title", "").split())
    pools = (one for one in root.iter(bpmn("participant")) if one.get("processRef") == process.get("id"))
    # Pools mostly are called like the office: such a name tells something only where there is no other.
    return [one for one in (title, name_of(process)) if one] or [one for one in map(name_of, pools) if one]


def _compared(name: str) -> str:
    return " ".join(name.split()).casefold()
