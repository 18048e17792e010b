"""How changes are said: frames of sentences, and the words for elements, times and values."""

from __future__ import annotations

from typing import Required, TypedDict

from engine.bpmn.working_time import read_standard_time
from engine.errors import Sentence, say
from engine.model.definition import StandardTime, TimeUnit
from engine.model.difference import Change, ChangeKind, Detail

NONE = say("none")
YES, NO = say("yes"), say("no")
_LONGEST = 160  # characters of a text in a sentence; the table has all of it
_AROUND = 40
_MOST = 20  # things in a list
_LONGEST_NAME = 120


class About(TypedDict, total=False):
    """Which element a change is about, and whose work it is: fields of ``Change``."""

    element: Required[str]
    name: Required[str]
    role: str
    was: str
    form: str
    field: str
    at: str
    row: int | None


def plain(text: str) -> Sentence:
    """Say a text of the SOP as it is: it is in no catalogue."""
    return Sentence("%(text)s", {"text": text})


def short(name: str) -> str:
    """Give a name on one line, no longer than anybody reads."""
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"


def standard_time(text: str | None) -> Sentence | None:
    """Say a standard time; what is none as it is written."""
    if not text:
        return None
    read = read_standard_time(text)
    return plain(text) if read is None else time_words(read)


def time_words(time: StandardTime) -> Sentence:
    """Say a length of working time."""
    if time.unit is TimeUnit.WORKING_DAY:
        return one_or_more(time.value, say("1 working day"), say("%(count)s working days"))
    hours, minutes = divmod(time.value, 60)
    if not hours:
        return one_or_more(minutes, say("1 minute"), say("%(count)s minutes"))
    if not minutes:
        return one_or_more(hours, say("1 working hour"), say("%(count)s working hours"))
    return say("%(hours)s h %(minutes)s min of working time", hours=hours, minutes=minutes)


def one_or_more(count: int, one: Sentence, many: Sentence) -> Sentence:
    """Choose between one and several."""
    return one if count == 1 else Sentence(many.template, {"count": count})


def joined(parts: list[Sentence]) -> Sentence:
    """Say several things after each other; of very many how many more there are."""
    if len(parts) > _MOST:
        parts = [*parts[:_MOST], say("and %(count)s more", count=len(parts) - _MOST)]
    said = parts[-1]
    for one in reversed(parts[:-1]):
        said = Sentence("%(one)s, %(others)s", {"one": one, "others": said})
    return said


def with_more(name: Sentence, about: list[Sentence]) -> Sentence:
    """Say a thing, and in brackets what there is to say of it."""
    return Sentence("%(name)s (%(about)s)", {"name": name, "about": joined(about)})


def with_details(said: Sentence, details: tuple[Detail, ...]) -> Sentence:
    """Say what is new or gone, and all that it carries."""
    for one in details:
        line = Sentence("%(what)s: %(value)s", {"what": one.what, "value": one.value})
        said = Sentence("%(one)s; %(others)s", {"one": said, "others": line})
    return said


def some(text: str | None) -> Sentence | None:
    """Say a text, or that there is none."""
    return plain(text) if text else None


def frame(
    kind: ChangeKind, what: Sentence, before: Sentence | None = None, after: Sentence | None = None
) -> Sentence:
    """Say a change as a whole."""
    if kind is ChangeKind.ADDED:
        if after is None:
            return say("New: %(what)s", what=what)
        return say("New: %(what)s: %(after)s", what=what, after=_short(after))
    if kind is ChangeKind.REMOVED:
        if before is None:
            return say("Removed: %(what)s", what=what)
        return say("Removed: %(what)s: %(before)s", what=what, before=_short(before))
    if before is None and after is None:
        return say("%(what)s is another", what=what)
    then, now = excerpts(before or NONE, after or NONE)
    return say("%(what)s is now %(after)s (before %(before)s)", what=what, before=then, after=now)


def _short(one: Sentence) -> Sentence:
    return excerpts(one, one)[0]


def excerpts(before: Sentence, after: Sentence) -> tuple[Sentence, Sentence]:
    """Give the part of two long texts in which they differ, with a little around it."""
    old, new = before.values.get("text"), after.values.get("text")
    texts = [one for one in (old, new) if isinstance(one, str)]
    if all(len(one) <= _LONGEST for one in texts):
        return before, after
    same = 0
    if isinstance(old, str) and isinstance(new, str) and old != new:
        same = next(
            (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
            min(len(old), len(new)),
        )
    start = max(0, same - _AROUND)
    return _cut(before, start), _cut(after, start)


def _cut(said: Sentence, start: int) -> Sentence:
    text = said.values.get("text")
    if not isinstance(text, str):
        return said
    cut = text[start : start + _LONGEST]
    return plain(f"{'…' if start else ''}{cut}{'…' if start + _LONGEST < len(text) else ''}")


def change(  # noqa: PLR0913 - a change has this many facts
    kind: ChangeKind,
    aspect: str,
    what: Sentence,
    about: About,
    before: Sentence | None = None,
    after: Sentence | None = None,
    *,
    brief: Sentence | None = None,
    details: tuple[Detail, ...] = (),
) -> Change:
    """Make a change whose sentence is the usual one."""
    return Change(
        kind=kind,
        aspect=aspect,
        sentence=with_details(frame(kind, what, before, after), details),
        details=details,
        brief=brief,
        what=what,
        before=before,
        after=after,
        **about,
    )
