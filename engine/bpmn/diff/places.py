"""What changes by place and not by content: the lane of an element, and orders that mean something."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.bpmn.diff.elements import Both
from engine.bpmn.diff.labels import end, label
from engine.bpmn.diff.side import Part, Side
from engine.bpmn.diff.words import NONE, change, joined, plain, short
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind

# Conditions of these are asked one after the other (BPMN 2.0, 10.5.2 and 13.4.2): the first true one counts.
_ASKING_IN_ORDER = frozenset({"exclusiveGateway"})
_NOBODY = say("nobody")


def place_changes(both: Both) -> Iterator[Change]:
    """Give the changes of lanes and orders."""
    for id_, part in both.new.parts.items():
        if id_ in both.old.parts:
            yield from _lane(both, part)
            if part.node.tag in _ASKING_IN_ORDER:
                yield from _ways(both, part)
    yield from _order(both, _lanes_drawn, say("Order of the lanes"), "lane")
    yield from _astray(both)


def _lane(both: Both, part: Part) -> Iterator[Change]:
    before, after = (side.lanes.get(part.id, frozenset()) for side in (both.old, both.new))
    if before == after:
        return
    old_role, new_role = both.old.role_of(part.id), both.new.role_of(part.id)
    then, now = _lanes(both.old, before, old_role), _lanes(both.new, after, new_role)
    of = label(both.new, part)
    if old_role == new_role:
        then, now = _lanes(both.old, before, ""), _lanes(both.new, after, "")
    if part.is_step and old_role != new_role:
        then, now = (_NOBODY if said is NONE else said for said in (then, now))
        sentence = say(
            "%(what)s is now done by %(after)s (before by %(before)s)", what=of, after=now, before=then
        )
        what, brief = say("Performer of %(what)s", what=of), say("Performer")
    else:
        what, brief = say("Lane of %(what)s", what=of), say("Lane")
        sentence = say("%(what)s is now %(after)s (before %(before)s)", what=what, after=now, before=then)
    yield Change(
        kind=ChangeKind.MOVED,
        aspect="lane",
        sentence=sentence,
        what=what,
        brief=brief if part.name else None,
        before=then,
        after=now,
        from_role=old_role if old_role != new_role else "",
        **both.about(part),
    )


def _lanes(side: Side, lanes: frozenset[str], role: str) -> Sentence:
    if not lanes:
        return NONE
    if role:
        return plain(side.role_label(role))
    return joined([end(side, lane) for lane in sorted(lanes)])


def _ways(both: Both, part: Part) -> Iterator[Change]:
    old, new = ([flow.id for flow in side.ways.get(part.id, ())] for side in (both.old, both.new))
    both_sides = set(old) & set(new)
    kept, then = ([id_ for id_ in ids if id_ in both_sides] for ids in (new, old))
    if kept == then:
        return
    what = say("Order in which the ways out of %(what)s are asked", what=label(both.new, part))
    yield change(
        ChangeKind.MOVED,
        "flow",
        what,
        both.about(part),
        before=joined([_goal(both.old, id_) for id_ in then]),
        after=joined([_goal(both.new, id_) for id_ in kept]),
        brief=say("Order in which the ways are asked"),
    )


def _goal(side: Side, flow: str) -> Sentence:
    part = side.parts[flow]
    return plain(short(part.name)) if part.name else end(side, part.says("targetRef"))


def _lanes_drawn(side: Side) -> list[str]:
    return [id_ for id_, part in side.parts.items() if part.node.tag == "lane"]


def _order(both: Both, ordered: Callable[[Side], list[str]], what: Sentence, aspect: str) -> Iterator[Change]:
    old, new = ordered(both.old), ordered(both.new)
    known = set(old) & set(new)
    then, kept = ([id_ for id_ in ids if id_ in known] for ids in (old, new))
    if then == kept:
        return
    first = next(id_ for id_, before in zip(kept, then, strict=True) if id_ != before)
    yield change(
        ChangeKind.MOVED,
        aspect,
        what,
        {"element": first, "name": both.new.parts[first].name},
        before=joined([end(both.old, id_) for id_ in then]),
        after=joined([end(both.new, id_) for id_ in kept]),
    )


def _astray(both: Both) -> Iterator[Change]:
    for lane in dict.fromkeys((*both.old.astray, *both.new.astray)):
        before, after = both.old.astray.get(lane, ()), both.new.astray.get(lane, ())
        part = both.new.parts.get(lane) or both.old.parts.get(lane)
        if before != after and part is not None:
            what = say("What %(what)s names and is not in the diagram", what=label(both.new, part))
            yield change(
                ChangeKind.CHANGED,
                "lane",
                what,
                both.about(part),
                before=plain(", ".join(before)) if before else None,
                after=plain(", ".join(after)) if after else None,
            )
