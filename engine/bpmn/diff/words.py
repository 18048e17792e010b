"""How changes are said: frames of sentences, and the words for elements, times and values."""

from __future__ import annotations

from typing import Required, TypedDict

from engine.bpmn.diff.side import Part, Side
from engine.bpmn.names import NODES
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

_KINDS = {
    "userTask": say("step"),
    "manualTask": say("step by hand"),
    "task": say("step without a kind"),
    "scriptTask": say("script"),
    "serviceTask": say("service"),
    "businessRuleTask": say("decision by a table"),
    "sendTask": say("sending step"),
    "receiveTask": say("receiving step"),
    "callActivity": say("call of a process"),
    "subProcess": say("subprocess"),
    "transaction": say("transaction"),
    "adHocSubProcess": say("subprocess without an order"),
    "exclusiveGateway": say("gateway, one way"),
    "parallelGateway": say("gateway, all ways"),
    "inclusiveGateway": say("gateway, one or more ways"),
    "eventBasedGateway": say("gateway, by the first event"),
    "complexGateway": say("complex gateway"),
    "startEvent": say("start"),
    "endEvent": say("end"),
    "intermediateCatchEvent": say("waiting event"),
    "intermediateThrowEvent": say("event"),
    "boundaryEvent": say("event at a step"),
    "process": say("process"),
    "participant": say("pool"),
    "lane": say("lane"),
    "sequenceFlow": say("way"),
    "messageFlow": say("message flow"),
    "association": say("association"),
    "textAnnotation": say("note in the diagram"),
    "group": say("frame in the diagram"),
    "dataObject": say("data object"),
    "dataObjectReference": say("data in the diagram"),
    "dataStore": say("data store"),
    "dataStoreReference": say("data store in the diagram"),
    "message": say("message"),
    "signal": say("signal"),
    "error": say("error"),
    "escalation": say("escalation"),
}


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


def kind_of(part: Part) -> Sentence:
    """Say what an element is."""
    return _KINDS.get(part.node.tag) or plain(part.node.tag)


def label(side: Side, part: Part) -> Sentence:
    """Name an element: by its name, a flow by its ends, and what has no name by its kind and id."""
    name = short(part.name)
    if part.node.tag in {"sequenceFlow", "messageFlow", "association"}:
        ends = {"source": end(side, part.says("sourceRef")), "target": end(side, part.says("targetRef"))}
        if name:
            return say("the way “%(name)s” from %(source)s to %(target)s", name=name, **ends)
        return say("the way from %(source)s to %(target)s", **ends)
    if part.id == "":
        return say("the file")
    if not name:
        return say("%(kind)s %(element)s", kind=kind_of(part), element=short(part.id))
    if part.node.tag in NODES:
        return plain(name)
    return say("%(kind)s “%(name)s”", kind=kind_of(part), name=name)


def way_label(side: Side, part: Part) -> Sentence:
    """Name a flow beside what it comes from: by its name, else by where it leads."""
    if part.name:
        return say("the way “%(name)s”", name=short(part.name))
    return say("the way to %(target)s", target=end(side, part.says("targetRef")))


def short(name: str) -> str:
    """Give a name on one line, no longer than anybody reads."""
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"


def end(side: Side, element: str) -> Sentence:
    """Name what a flow leads to or comes from."""
    if not element:
        return NONE
    part = side.parts.get(element)
    known = part is not None and "sourceRef" not in part.node.attributes
    return label(side, part) if part is not None and known else plain(short(element))


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
