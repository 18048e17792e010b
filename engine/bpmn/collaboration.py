"""Which other processes of a file take part in the cases of one (BPMN 2.0, 9)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from lxml import etree

from engine.bpmn.definitions import Message, definition_elements, read_message
from engine.bpmn.drawing import Drawing
from engine.bpmn.names import CATCHING, INSTANTIATES, NODES, bpmn, children, local_name, plain


def pools_of(tree: etree._ElementTree, process_id: str, executable: AbstractSet[str]) -> dict[str, bool]:
    """Give the processes that take part in the cases of one, and whether they begin with them.

    The tree is a normalised one, in which ``executable`` were marked so. A process whose start event
    waits for something listens in every case; one with a plain start event begins with the case
    where messages or signals connect it, directly or by others, with the process of the case.
    """
    drawing = Drawing(tree.getroot())
    run = [one for one in drawing.processes if one.get("id") in executable or one.get("id") == process_id]
    others = [process for process in run if process.get("id") != process_id]
    talk = {process.get("id", ""): _Talk(process) for process in run}
    quiet = {id_ for one in others if (id_ := one.get("id", "")) not in drawing.called and _begins(one)}
    begun: set[str] = set()
    reached = [process_id]
    while reached:
        current = talk.get(reached.pop())
        for id_ in quiet - begun:
            if current is not None and current.speaks_with(talk[id_]):
                begun.add(id_)
                reached.append(id_)
    return {
        id_: id_ in begun
        for process in others
        if (id_ := process.get("id", "")) in begun or _listens(process)
    }


def beside_main(
    tree: etree._ElementTree, normalised: etree._ElementTree
) -> tuple[list[etree._Element], list[etree._Element]]:
    """Give the other executable processes of a file: those that take part in its cases, and those apart.

    ``normalised`` is the rewritten copy of the tree, which passed the lint. What is called is neither.
    """
    drawing = Drawing(tree.getroot())
    executable = {one.get("id", "") for one in drawing.executable}
    pools = pools_of(normalised, drawing.main.get("id", ""), executable)
    return (
        [one for one in drawing.executable if one.get("id") in pools],
        [
            one
            for one in drawing.executable
            if one is not drawing.main and one.get("id") not in drawing.called | pools.keys()
        ],
    )


def _begins(process: etree._Element) -> bool:
    return any(next(definition_elements(start), None) is None for start in children(process, "startEvent"))


def _listens(process: etree._Element) -> bool:
    if any(next(definition_elements(start), None) is not None for start in children(process, "startEvent")):
        return True
    return any(node.get(INSTANTIATES) for node in process.iterchildren())


class _Talk:
    """What a process sends and receives."""

    def __init__(self, process: etree._Element) -> None:
        self.sent: list[Message] = []
        self.received: list[Message] = []
        self.signalled: set[str] = set()
        self.heard: set[str] = set()
        for node in process.iter(*map(bpmn, NODES)):
            catches = local_name(node) in CATCHING
            (self.received if catches else self.sent).extend(_messages(node))
            signals = {plain(one.get("signalRef")) for one in children(node, "signalEventDefinition")} - {""}
            (self.heard if catches else self.signalled).update(signals)

    def speaks_with(self, other: _Talk) -> bool:
        if self.signalled & other.heard or other.signalled & self.heard:
            return True
        return _meet(self.sent, other.received) or _meet(other.sent, self.received)


def _messages(node: etree._Element) -> Iterable[Message]:
    if local_name(node) in ("sendTask", "receiveTask"):
        return [read_message(node)]
    return [
        read_message(one) for one in definition_elements(node) if local_name(one) == "messageEventDefinition"
    ]


def _meet(sent: Iterable[Any], received: Iterable[Any]) -> bool:
    return any(one.meets(other) for one in sent for other in received)
