"""How values are said: a role by its label, a document by what it must be, a condition by its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date as day

from engine.bpmn.diff.labels import end
from engine.bpmn.diff.side import Side
from engine.bpmn.diff.words import joined, one_or_more, plain, short, some, standard_time
from engine.errors import Sentence, say

Saying = Callable[[Side, str | None], Sentence | None]

_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?", re.ASCII)
_CYCLE = re.compile(r"R(\d{0,6})/(P\w+)", re.ASCII)
_CONDITION = re.compile(r"""(\w+)\["(\w+)"\] *(==|!=) *["']([^"'\\]*)["']""")


def text(_side: Side, value: str | None) -> Sentence | None:
    """Say a text as it is."""
    return some(value)


def time(_side: Side, value: str | None) -> Sentence | None:
    """Say a standard time."""
    return standard_time(value)


def element(side: Side, value: str | None) -> Sentence | None:
    """Name elements by their ids."""
    if not value:
        return None
    return joined([end(side, word) for word in value.split()])


def role(side: Side, value: str | None) -> Sentence | None:
    """Name roles by their keys."""
    return some(", ".join(side.role_label(word) for word in (value or "").split()))


def printed(_side: Side, value: str | None) -> Sentence | None:
    """Say how the SOP's table shows a document."""
    if value is None:
        return say("printed as it is called")
    return say("printed as “%(text)s”", text=value) if value else say("not printed in the table")


def form(side: Side, value: str | None) -> Sentence | None:
    """Name a form by its title."""
    read = side.form(value or "")
    return some(value) if read is None else plain(short(read.title))


def field(side: Side, value: str | None) -> Sentence | None:
    """Name a field of a step's form, which is written ``step.field``."""
    step, dot, key = (value or "").partition(".")
    label = side.field_label(step, key)
    if not dot or not label:
        return some(value)
    return say("“%(field)s” of %(step)s", field=label, step=end(side, step))


def date(_side: Side, value: str | None) -> Sentence | None:
    """Say a day."""
    try:
        return Sentence("%(day)s", {"day": day.fromisoformat(value or "")})
    except ValueError:
        return some(value)


def duration(_side: Side, value: str | None) -> Sentence | None:
    """Say a length of time; what works one out stays as it is written."""
    match = _DURATION.fullmatch(value or "")
    if match is None or not any(match.groups()):
        return some(value)
    days, hours, minutes = (int(part or 0) for part in match.groups())
    words = (
        (days, say("1 day"), say("%(count)s days")),
        (hours, say("1 hour"), say("%(count)s hours")),
        (minutes, say("1 minute"), say("%(count)s minutes")),
    )
    return joined([one_or_more(*one) for one in words if one[0]] or [plain(value or "")])


def cycle(side: Side, value: str | None) -> Sentence | None:
    """Say how often something comes again."""
    match = _CYCLE.fullmatch(value or "")
    every = None if match is None else duration(side, match.group(2))
    if match is None or every is None:
        return some(value)
    if not match.group(1):
        return say("again and again, every %(time)s", time=every)
    return say("%(count)s times, every %(time)s", count=int(match.group(1)), time=every)


def condition(side: Side, value: str | None) -> Sentence | None:
    """Say a condition by the field it asks and the choice; any other stays as it is written."""
    match = _CONDITION.fullmatch((value or "").strip())
    if match is None:
        return some(value)
    step, key, how, choice = match.groups()
    label = side.field_label(step, key)
    if not label:
        return some(value)
    about = {"field": label, "step": end(side, step), "choice": side.choice_label(step, key, choice)}
    if how == "==":
        return say("“%(field)s” of %(step)s is “%(choice)s”", **about)
    return say("“%(field)s” of %(step)s is not “%(choice)s”", **about)


def one_of(known: Mapping[str | None, Sentence]) -> Saying:
    """Say a value of which all are known."""

    def said(_side: Side, value: str | None) -> Sentence | None:
        return known.get(value) or some(value)

    return said


def _unless(value: str, said: Sentence, otherwise: Sentence) -> Saying:
    """Say a flag by what it means: one thing for this value, another where it has not."""
    other = "false" if value == "true" else "true"
    return one_of({value: said, other: otherwise, None: otherwise})


CUTS = _unless("false", say("what runs goes on"), say("what runs is interrupted"))
BEGUN = _unless("true", say("by an event"), say("by a way"))
UNDOES = _unless("true", say("undoing another step"), say("ordinary work"))
RUN = _unless("true", say("is run"), say("is not run"))
NEEDED = _unless("false", say("may be missing"), say("must be there"))
LEFT = _unless("false", say("may be left out"), say("must be left behind"))
SIGNED = _unless("true", say("with a signature"), say("without a signature"))
SEQUENCE = _unless("true", say("one after the other"), say("all at once"))
CLOCKS = one_of(
    {
        None: say("on arrival"),
        "arrival": say("on arrival"),
        "started": say("when somebody takes it"),
        "date": say("on a date of a form"),
    }
)
SOURCES = one_of({None: say("uploaded"), "upload": say("uploaded"), "form": say("made from the form")})
COUNTED = one_of({None: say("the calendar's time"), "working": say("working time")})
PURPOSES = one_of(
    {"revision": say("to decide on revisions"), "periodic-review": say("to review SOPs from time to time")}
)
