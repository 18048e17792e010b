"""What the forms of a rehearsal send. Names with ``at:`` are the page's own, others a form's."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from engine.actions.rehearsal_acts import Act, Answer, Complete, MoveClock, Send, SendBack
from engine.actions.rehearsals import Beginning
from engine.errors import Conflict, Invalid, Problem, Sentence, say
from engine.ids import parse_id
from engine.model.job import JobKey
from engine.model.task import TaskKey
from engine.model.wait import WaitKey
from webapp.editor.area import attempt
from webapp.incoming import small_number

AT = "at:"
BUTTONS = ("add:", "remove:")
_OWN = frozenset({"csrf_token", "complete"})
_NAME = re.compile(r"[^\W\d]\w{0,79}")
_MOST_TEXT = 20_000  # characters of what a connector or a message brings
_DEEPEST = 4  # parts of a value within a value
_MOVES = {"1h": 1, "4h": 4, "1d": 24, "3d": 72, "7d": 168, "30d": 720}  # hours


def beginning() -> Beginning:
    """Read what a rehearsal is to begin with; Invalid where the year is no number."""
    text = request.form.get("year", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len("2026")):
        sentence = say("Write the year with four digits.")
        raise Invalid((Problem(field="year", label="Year the case would be about", sentence=sentence),))
    return Beginning(
        attempt=attempt(),
        year=int(text),
        start=request.form.get("start", ""),
        replaces=parse_id(request.form.get("replaces", "")),
    )


def seen_revision() -> int:
    """Give the revision of the rehearsal that the page showed; 0 is none."""
    return _number("at:revision")


def asked_task(given: MultiDict[str, str]) -> TaskKey | None:
    """Read which task is meant; None where none is."""
    place = _place(given)
    return TaskKey(**place) if place["element"] else None


def fields() -> dict[str, list[str]]:
    """Give the fields of a task's form as they were typed."""
    return {
        name: request.form.getlist(name)
        for name in request.form
        if name not in _OWN and not name.startswith((AT, *BUTTONS))
    }


def list_button() -> str:
    """Name the button of a list that was pressed."""
    return next((name for name in request.form if name.startswith(BUTTONS)), "")


def task_act() -> Act:
    """Read what is done with a task."""
    key = TaskKey(**_place(request.form))
    if "at:back" in request.form:
        return SendBack(key=key, to=request.form.get("at:to", ""))
    typed = fields()
    return Complete(key=key, fields=typed, pretended=tuple(typed))


def clock_act() -> Act:
    """Read where the clock is moved to; the earliest timer where no time is given."""
    if "next" in request.form:
        return MoveClock()
    hours = _MOVES.get(request.form.get("by", ""))
    if hours is None:
        raise Conflict(say("Choose how far the clock is moved on."))
    return MoveClock(by=timedelta(hours=hours))


def answer_act() -> Act:
    """Read what a connector answers, or which error it gives."""
    key = JobKey(**_place(request.form))
    if "failed" in request.form:
        code = request.form.get("code", "").strip()
        if not code:
            raise Conflict(say("Write the code of the error that the other system gives."))
        return Answer(key=key, code=code[:80])
    return Answer(key=key, result=_values(request.form.get("values", "")))


def message_act() -> Act:
    """Read which message comes, and what it brings."""
    key = WaitKey(**_place(request.form), place=_number("at:place"))
    return Send(key=key, payload=_values(request.form.get("values", "")))


def _place(given: MultiDict[str, str]) -> dict[str, Any]:
    return {
        "element": given.get("at:element", ""),
        "round": given.get("at:round", default=0, type=small_number),
        "iteration": given.get("at:iteration", default=0, type=small_number),
    }


def _number(name: str) -> int:
    return request.form.get(name, default=0, type=small_number)


def _values(text: str) -> dict[str, Any]:
    """Read a value per line, ``name = value`` or ``name.part = value``; a line without a value says nothing.

    Numbers, true, false and lists are written as in JSON, all else is text.
    """
    if len(text) > _MOST_TEXT:
        raise Conflict(say("At most %(most)s characters fit here.", most=_MOST_TEXT))
    values: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, sign, value = line.partition("=")
        *within, last = name.strip().split(".")
        if not sign or len(within) > _DEEPEST or not all(map(_NAME.fullmatch, (*within, last))):
            raise Conflict(_no_value(line))
        if not value.strip():
            continue
        place = values
        for part in within:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise Conflict(_no_value(line))
        place[last] = _value(value.strip())
    return values


def _no_value(line: str) -> Sentence:
    return say("Write a name, an equals sign and a value on each line, not “%(line)s”.", line=line[:80])


def _value(text: str) -> Any:  # noqa: ANN401 - JSON value
    """Read a value; what JSON has no place for (NaN, numbers without end) is the text it is."""
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return text
    return value
