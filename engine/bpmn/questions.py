"""Open questions in a diagram's file: read, and answered by changing what they are about.

They stand in the extensionElements of the process, ``processes/README.md`` says how.
"""

from __future__ import annotations

from lxml import etree

from engine.bpmn import answer_traces
from engine.bpmn.asked import questions_of
from engine.bpmn.editing import holder_of, written
from engine.bpmn.guard import read_file_tree
from engine.bpmn.names import bpmn, children, local_name, sop
from engine.bpmn.redrawing import Redrawing
from engine.bpmn.sop import extension
from engine.errors import say
from engine.model.question import OTHERWISE, Answer, Question
from engine.xml_guard import MAX_BYTES, refused


def questions_in(content: bytes) -> tuple[Question, ...]:
    """Read the questions of a file, in its order."""
    root = read_file_tree(content).getroot()
    return tuple(one for process in root.iterchildren(bpmn("process")) for one in questions_of(process))


def answered(content: bytes, question: Question, key: str, given: str = "") -> bytes:
    """Give the file as an answer says it, drawn anew where it must be; the question is kept as answered.

    ``given`` is what was typed with an answer that asks. An answer given before is taken back first where it
    changed more than it says; all else an answer says outright. Refused where a text becomes too long by it.
    """
    tree = read_file_tree(content)
    root = tree.getroot()
    own = next(one for one in root.iter(sop("Question")) if one.get("key") == question.key)
    before = question.answer(question.answered)
    if before is not None:
        _take_back(root, own, question, before)
    answer = question.answer(key)
    if answer is not None:
        steps = _elements(root, question)
        values = answer_traces.values_of(steps)
        _apply(root, question, answer, given)
        says_texts = bool(answer.old_text or answer.shows)
        answer_traces.keep(own, values, answer_traces.values_of(steps), says_texts=says_texts)
    own.set("answered", key)
    _set(own, "given", given)
    return written(tree)


def _take_back(root: etree._Element, own: etree._Element, question: Question, before: Answer) -> None:
    """Undo what an answer added: exactly where that was kept, else by its texts turned round."""
    exactly = answer_traces.take_back(own, _elements(root, question))
    _texts(root, question, before.new_text, before.old_text, printed=not exactly)
    if not exactly:
        _shown(root, question, before, show=False)


def is_possible(content: bytes, question: Question, key: str) -> bool:
    """Tell whether an answer can be given: everything that it changes is there."""
    return key == OTHERWISE or (question.key, key) in possible_answers(content, (question,))


def possible_answers(content: bytes, questions: tuple[Question, ...]) -> frozenset[tuple[str, str]]:
    """Give the answers that can be given, by the keys of question and answer."""
    named = {element.get("id") for element in read_file_tree(content).getroot().iter("*")}
    return frozenset(
        (question.key, answer.key)
        for question in questions
        for answer in question.answers
        if {*question.about, answer.lane, answer.target} - {""} <= named
    )


def _apply(root: etree._Element, question: Question, answer: Answer, given: str) -> None:
    drawing = Redrawing(root)
    for id_ in question.about:
        if answer.lane:
            drawing.to_lane(id_, answer.lane)
        if answer.target:
            drawing.lead_to(id_, answer.target)
        time = given if answer.asks else answer.standard_time
        if time is not None:
            _standard_time(root, id_, time)
    _texts(root, question, answer.old_text, answer.new_text)
    _shown(root, question, answer, show=True)


def _elements(root: etree._Element, question: Question) -> list[etree._Element]:
    return [one for one in root.iter("*") if local_name(one) and one.get("id") in question.about]


def _standard_time(root: etree._Element, id_: str, time: str) -> None:
    for element in (one for one in root.iter("*") if one.get("id") == id_ and local_name(one)):
        own = extension(element, "Task")
        if own is None:
            own = etree.SubElement(holder_of(element), sop("Task"))
        _set(own, "standardTime", time)


def _set(element: etree._Element, attribute: str, value: str) -> None:
    """Set an attribute; an empty value takes it away."""
    if value:
        element.set(attribute, value)
    elif attribute in element.attrib:
        del element.attrib[attribute]


def _texts(root: etree._Element, question: Question, old: str, new: str, *, printed: bool = True) -> None:
    """Put one text in the place of another: in names, descriptions, and what is printed."""
    if not old:
        return
    put = _Replacing(old, new)
    for element in _elements(root, question):
        if old in element.get("name", ""):
            element.set("name", put(element.get("name", "")))
        for text in (*children(element, "documentation"), *element.iterfind(f"*/{sop('Document')}/*")):
            text.text = put(text.text or "")
        for own in element.iterchildren(bpmn("extensionElements")) if printed else ():
            _printed(own, put)
            _notes(own, put)


class _Replacing:
    """One text in the place of another, until the file would be larger than any that is read.

    It is given up before the text is made: a short text that stands in it often can become a huge one.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.room = MAX_BYTES

    def __call__(self, text: str) -> str:
        self.room -= max(0, text.count(self.old) * (len(self.new) - len(self.old)))
        if self.room < 0:
            sentence = say("By this answer the diagram would take more than %(most)s bytes", most=MAX_BYTES)
            raise refused("too-large", sentence)
        return text.replace(self.old, self.new)


def _printed(holder: etree._Element, put: _Replacing) -> None:
    for part in holder.iter(sop("input"), sop("output")):
        printed = part.get("printed", part.get("name", ""))
        if put.old in printed:
            part.set("printed", put(printed))


def _notes(holder: etree._Element, put: _Replacing) -> None:
    for notes in list(holder.iter(sop("notes"))):
        notes.text = put(notes.text or "")
        parent = notes.getparent()
        if not notes.text.strip() and parent is not None:
            parent.remove(notes)


def _shown(root: etree._Element, question: Question, answer: Answer, *, show: bool) -> None:
    for element in _elements(root, question):
        for part in element.iter(sop("input"), sop("output")):
            if part.get("name", "").strip() in answer.shows:
                part.set("printed", part.get("name", "") if show else "")
