"""Reads the open questions of a process: ``sop:Question`` in its extensionElements."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.names import bpmn, sop
from engine.model.question import Answer, Question

_MOST = 100  # of a process; nobody reads more


def questions_of(process: etree._Element) -> tuple[Question, ...]:
    """Give the open questions of a process, also what could not be answered."""
    holder = process.find(bpmn("extensionElements"))
    several = [] if holder is None else list(holder.iterchildren(sop("Question")))[:_MOST]
    return tuple(
        Question(
            key=one.get("key", ""),
            text=_line(one.findtext(sop("text"))),
            about=tuple(one.get("about", "").split()),
            why=_line(one.findtext(sop("why"))),
            guess=one.get("guess", ""),
            answered=one.get("answered", ""),
            given=one.get("given", ""),
            answers=tuple(_answer(answer) for answer in one.iterchildren(sop("answer"))),
        )
        for one in several
    )


def _answer(own: etree._Element) -> Answer:
    return Answer(
        key=own.get("key", ""),
        text=_line(own.text),
        lane=own.get("lane", ""),
        target=own.get("target", ""),
        standard_time=own.get("standardTime"),
        old_text=own.get("from", ""),
        new_text=own.get("to", ""),
        shows=tuple(name for part in own.get("shows", "").split(";") if (name := part.strip())),
        asks=own.get("asks", ""),
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
