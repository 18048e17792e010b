"""Open questions that cannot be asked, or not be answered: nothing of that keeps an SOP from running."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.asked import questions_of
from engine.bpmn.drawing import Drawing
from engine.bpmn.names import local_name
from engine.bpmn.working_time import read_standard_time
from engine.errors import Sentence, say
from engine.model.question import OTHERWISE, Question


def check_questions(drawing: Drawing, process: etree._Element) -> None:
    """Warn of questions whose words, elements or answers are not there."""
    questions = questions_of(process)
    several = Counter(one.key for one in questions)
    for one in questions:
        if not one.key or several[one.key] > 1:
            drawing.warn(
                "sop-question",
                process,
                say("An open question needs a key of its own: %(text)s", text=_short(one)),
            )
        for sentence in _wrong(drawing, one):
            drawing.warn("sop-question", process, sentence)


def _wrong(drawing: Drawing, one: Question) -> Iterator[Sentence]:
    text = _short(one)
    if not one.text or not one.answers:
        yield say("The open question %(text)s lacks its text or its answers", text=text)
    keys = [answer.key for answer in one.answers]
    for key in sorted({one.guess, one.answered} - {"", OTHERWISE, *keys}):
        yield say("The open question %(text)s has no answer %(key)s", text=text, key=key[:60])
    if not all(keys) or len(set(keys)) < len(keys):
        yield say("The answers of the open question %(text)s need a key each", text=text)
    for id_ in sorted(_lost(drawing, one)):
        yield say(
            "The open question %(text)s is about %(element)s, which does not exist",
            text=text,
            element=id_[:60],
        )
    times = {answer.standard_time or "" for answer in one.answers} | {one.given}
    for time in sorted(times - {""}):
        if read_standard_time(time) is None:
            yield say(
                "The open question %(text)s has the standard time %(time)s, which is none",
                text=text,
                time=time[:60],
            )


def _lost(drawing: Drawing, one: Question) -> set[str]:
    lanes = {answer.lane for answer in one.answers} - {""}
    named = {*one.about, *(answer.target for answer in one.answers)} - {""}
    found = {id_ for id_ in named if id_ not in drawing.by_id}
    return found | {id_ for id_ in lanes if _kind(drawing, id_) != "lane"}


def _kind(drawing: Drawing, id_: str) -> str:
    return local_name(drawing.by_id[id_]) if id_ in drawing.by_id else ""


def _short(one: Question) -> str:
    return (one.text or one.key)[:80]
