"""The changes of one element: new, gone, of another kind, in another place, and everything it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.diff import values as said_value
from engine.bpmn.diff.aspects import Aspect, aspect_of
from engine.bpmn.diff.contents import QUESTION, details_of, value_of
from engine.bpmn.diff.labels import end, kind_of, label, way_label
from engine.bpmn.diff.nodes import Node, Raw, raw_differences
from engine.bpmn.diff.side import WHOLE, Part, Side
from engine.bpmn.diff.words import About, change, joined, plain, short, some
from engine.bpmn.names import NODES
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind

_TASK = ("extensionElements", "sop:Task")


@dataclass(frozen=True)
class Both:
    """The two sides; ``old`` has the new ids already."""

    old: Side
    new: Side
    was: Mapping[str, str]  # new id -> old id, where an element got another one

    def about(self, part: Part) -> About:
        """Say which element a change is about, and whose work it is."""
        side = self.new if part.id in self.new.parts else self.old
        at = self.holder(side, part)
        return {
            "at": short(at.name) if at.node.tag in NODES else "",
            "row": side.rows.get(at.id),
            "element": part.id,
            "name": " ".join(part.name.split()),
            "role": side.role_of(part.id),
            "was": self.was.get(part.id, ""),
        }

    @staticmethod
    def holder(side: Side, part: Part) -> Part:
        """Give what people look for it under: a flow is told at what it comes from, an event at its step."""
        near = part.says("attachedToRef") or part.says("sourceRef")
        return side.parts.get(near, part) if near else part


def element_changes(both: Both) -> Iterator[Change]:
    """Give the changes of all elements, flows and lanes among them."""
    for id_, part in both.new.parts.items():
        before = both.old.parts.get(id_)
        if before is None:
            yield from _come(both, part)
        else:
            yield from _changed(both, before, part)
    for id_, part in both.old.parts.items():
        if id_ not in both.new.parts:
            yield from _gone(both, part)


def _come(both: Both, part: Part) -> Iterator[Change]:
    if _goes_without_saying(both.old, part):
        return
    what = label(both.new, part)
    after = _about_new(both.new, part)
    aspect = _aspect(part)
    about, details = both.about(part), details_of(both.new, part)
    brief = _brief(both.new, part, kind_of(part))
    yield change(
        ChangeKind.ADDED, aspect, _new_what(part, what), about, after=after, brief=brief, details=details
    )


def _gone(both: Both, part: Part) -> Iterator[Change]:
    if _goes_without_saying(both.new, part):
        return
    what = label(both.old, part)
    before = _about_new(both.old, part)
    aspect = _aspect(part)
    about, details = both.about(part), details_of(both.old, part)
    brief = _brief(both.old, part, kind_of(part))
    yield change(
        ChangeKind.REMOVED, aspect, _new_what(part, what), about, before=before, brief=brief, details=details
    )


def _brief(side: Side, part: Part, itself: Sentence) -> Sentence | None:
    """Name a part under what it is told at: ``itself`` where it is that; None where no name helps."""
    if part.node.tag == "sequenceFlow":
        return way_label(side, part)
    return itself if part.name and Both.holder(side, part) is part else None


def _new_what(part: Part, what: Sentence) -> Sentence:
    if part.node.tag in NODES and part.name:
        return say("%(kind)s “%(name)s”", kind=kind_of(part), name=short(part.name))
    return what


def _aspect(part: Part) -> str:
    return "flow" if part.node.tag == "sequenceFlow" else "lane" if part.node.tag == "lane" else "element"


def _goes_without_saying(other: Side, part: Part) -> bool:
    """Leave out what is inside something that is new or gone as a whole, but for what people do."""
    return part.inside not in other.parts and not part.is_step


def _about_new(side: Side, part: Part) -> Sentence | None:
    """Say of a new element what one asks first: where it stands, or when it is taken."""
    said: list[Sentence] = []
    if part.node.tag == "sequenceFlow":
        condition = part.node.first("conditionExpression")
        words = None if condition is None else said_value.condition(side, condition.text)
        return None if words is None else say("if %(condition)s", condition=words)
    sources = [end(side, source) for source in side.sources.get(part.id, ())]
    if sources:
        said.append(say("after %(steps)s", steps=joined(sources)))
    inside = side.counts[part.id]
    if inside and part.node.tag != "lane":
        said.append(say("with %(count)s elements in it", count=inside))
    return joined(said) if said else None


def _changed(both: Both, before: Part, after: Part) -> Iterator[Change]:
    about = both.about(after)
    told = list(_content_changes(both, before, after))
    if before.node.tag != after.node.tag:
        what = say("Kind of %(what)s", what=label(both.new, after))
        kinds = kind_of(before), kind_of(after)
        told.append(change(ChangeKind.CHANGED, "type", what, about, *kinds, brief=say("Kind")))
    if before.inside != after.inside:
        what = say("Place of %(what)s", what=label(both.new, after))
        told.append(
            change(
                ChangeKind.MOVED,
                "inside",
                what,
                about,
                label(both.old, both.old.parts[before.inside]),
                label(both.new, both.new.parts[after.inside]),
                brief=say("Place"),
            )
        )
    old_id = both.was.get(after.id)
    if old_id and not (told and after.node.tag == "sequenceFlow"):
        what = say("Id of %(what)s", what=label(both.new, after))
        told.append(change(ChangeKind.CHANGED, "id", what, about, plain(old_id), plain(after.id)))
    yield from told


def _content_changes(both: Both, before: Part, after: Part) -> Iterator[Change]:
    about = both.about(after)
    if before.node.form == after.node.form:
        return
    for raw in raw_differences(before.node, after.node):
        if raw.path[:2] == QUESTION:
            continue
        aspect = aspect_of(raw.path, step=before.is_step or after.is_step)
        old = value_of(both.old, aspect, raw, raw.before)
        new = value_of(both.new, aspect, raw, raw.after)
        if old == new:  # in words: two forms with one title
            old, new = some(raw.before), some(raw.after)
        if aspect.key == "number" and both.old.rows.get(after.id) != both.new.rows.get(after.id):
            continue  # ``rows`` tells it
        if aspect.key == "time":
            yield _time_change(both, after, old, new)
            continue
        what = _what(both, aspect, raw, before if raw.path == ("@name",) else after)
        whose: About = {**about, "role": ""} if aspect.key == "number" else about
        brief = _aspect_alone(both.new, aspect, raw, after)
        yield change(_kind(raw), aspect.key, what, whose, old, new, brief=brief)


def _time_change(both: Both, part: Part, old: Sentence | None, new: Sentence | None) -> Change:
    """Say a standard time as people do: "Mereviu draft is now 2 working days"."""
    step = label(both.new, part)
    none = say("without a standard time")
    return Change(
        kind=ChangeKind.CHANGED,
        aspect="time",
        what=say("Standard time of %(what)s", what=step),
        sentence=say(
            "%(what)s is now %(after)s (before %(before)s)", what=step, after=new or none, before=old or none
        ),
        before=old or none,
        after=new or none,
        brief=say("Standard time"),
        **both.about(part),
    )


def _kind(raw: Raw) -> ChangeKind:
    """Tell a child that is new or gone; an attribute or a text that is changes what it says of."""
    last = raw.path[-1]
    if last == "order":
        return ChangeKind.MOVED
    if last.startswith("@") or last == "#":
        in_list = last == "#" and len(raw.path) > 1 and raw.path[-2].startswith("sop:")
        if not in_list:
            return ChangeKind.CHANGED
    if raw.before is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if raw.after is None else ChangeKind.CHANGED


def _what(both: Both, aspect: Aspect, raw: Raw, part: Part) -> Sentence:
    side = both.new if part.id in both.new.parts else both.old
    if aspect.key == "header":
        return aspect.called
    if part.id == WHOLE:
        return say("%(aspect)s of the file", aspect=aspect.called)
    of = label(side, part)
    item = _item(raw)
    if item:
        return say("%(aspect)s of %(item)s, %(what)s", aspect=aspect.called, item=item, what=of)
    return say("%(aspect)s of %(what)s", aspect=aspect.called, what=of)


def _aspect_alone(side: Side, aspect: Aspect, raw: Raw, part: Part) -> Sentence | None:
    """Say what changed under the name of the element that has it."""
    item = _item(raw)
    if part.node.tag == "sequenceFlow":
        return say("%(aspect)s of %(what)s", aspect=aspect.called, what=way_label(side, part))
    if not part.name or Both.holder(side, part) is not part:
        return None
    return say("%(aspect)s of %(what)s", aspect=aspect.called, what=plain(item)) if item else aspect.called


def _item(raw: Raw) -> str:
    """Name the document or input that an attribute belongs to."""
    last = raw.path[-1]
    if len(raw.path) > 2 and (last.startswith("@") or last == "#") and raw.path[-2].startswith("sop:"):  # noqa: PLR2004
        return _named(raw.holder)
    return ""


def _named(node: Node) -> str:
    return node.attributes.get("name", "") if node.tag in {"sop:input", "sop:output"} else ""
