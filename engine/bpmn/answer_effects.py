"""What the answers of open questions change, and where: read from the draft as it is drawn now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from engine.bpmn.guard import read_file_tree
from engine.bpmn.names import bpmn, children, local_name, name_of
from engine.bpmn.sop import extension
from engine.bpmn.step_rows import rows_of_file
from engine.bpmn.working_time import read_standard_time
from engine.model.definition import StandardTime
from engine.model.question import Answer, Question


class EffectKind(StrEnum):
    """What an answer changes."""

    LANE = "lane"  # who does the step
    FLOW = "flow"  # where it leads
    TIME = "time"
    TEXT = "text"
    PAPER = "paper"  # the table shows a document more


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One thing that an answer changes. ``is_so`` tells that the draft says it already."""

    kind: EffectKind
    name: str = ""  # of the lane, step or document, or the new text
    old: str = ""  # the text that is replaced
    time: StandardTime | None = None
    is_so: bool = False
    number: str = ""  # of the row of the step; empty of what is no row


@dataclass(frozen=True, kw_only=True)
class Place:
    """A step that a question is about, with its lane. Of a flow: the step it comes from, and its own name."""

    number: str  # of its row in the SOP's table; empty of what is no row
    name: str
    lane: str
    flow: str = ""


class Effects:
    """A file, to be asked about its questions."""

    def __init__(self, content: bytes) -> None:
        """Look once at what is where."""
        tree = read_file_tree(content)
        root = tree.getroot()
        self._rows = rows_of_file(tree)
        self._by_id = {one.get("id", ""): one for one in root.iter("*") if local_name(one) and one.get("id")}
        self._lanes = {
            (reference.text or "").strip(): lane
            for lane in root.iter(bpmn("lane"))
            for reference in children(lane, "flowNodeRef")
        }

    def places(self, question: Question) -> tuple[Place, ...]:
        """Give the steps that a question is about, in its order."""
        found = [one for id_ in question.about if (one := self._place(id_)) is not None]
        return tuple(dict.fromkeys(found))

    def of(self, question: Question, answer: Answer) -> tuple[Effect, ...]:
        """Give what an answer changes; nothing says that the draft is right as it is."""
        about = [self._by_id[id_] for id_ in question.about if id_ in self._by_id]
        return tuple(self._effects(about, answer))

    def _effects(self, about: list[etree._Element], answer: Answer) -> Iterator[Effect]:
        if answer.lane:
            there = all(self._lane_of(one) == answer.lane for one in about)
            yield Effect(kind=EffectKind.LANE, name=self._name(answer.lane), is_so=there)
        if answer.target:
            there = all(one.get("targetRef") == answer.target for one in about)
            name, number = self._name(answer.target), self._number(answer.target)
            yield Effect(kind=EffectKind.FLOW, name=name, is_so=there, number=number)
        if answer.standard_time is not None:
            there = all(_time_of(one) == answer.standard_time for one in about)
            time = read_standard_time(answer.standard_time)
            yield Effect(kind=EffectKind.TIME, time=time, is_so=there)
        if answer.old_text and answer.old_text != answer.new_text:
            yield Effect(kind=EffectKind.TEXT, old=answer.old_text, name=answer.new_text)
        for name in answer.shows:
            yield Effect(kind=EffectKind.PAPER, name=name)

    def _place(self, id_: str) -> Place | None:
        element = self._by_id.get(id_)
        if element is None or local_name(element) == "process":  # the SOP as a whole is no place in it
            return None
        flow = name_of(element) if local_name(element) == "sequenceFlow" else ""
        step = self._by_id.get(element.get("sourceRef", ""), element)
        lane = self._lanes.get(step.get("id", ""))
        name = name_of(step)
        if not name:
            return None
        return Place(
            number=self._number(step.get("id", "")),
            name=name,
            lane="" if lane is None else name_of(lane),
            flow=flow,
        )

    def _lane_of(self, element: etree._Element) -> str:
        lane = self._lanes.get(element.get("id", ""))
        return "" if lane is None else lane.get("id", "")

    def _number(self, id_: str) -> str:
        row = self._rows.get(id_)
        return "" if row is None else str(row)

    def _name(self, id_: str) -> str:
        element = self._by_id.get(id_)
        return id_ if element is None else name_of(element) or id_


def _time_of(element: etree._Element) -> str:
    own = extension(element, "Task")
    return "" if own is None else own.get("standardTime", "")
