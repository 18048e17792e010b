"""A difference as its page shows it: rows by role, totals as sentences, two diagrams with marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from engine.errors import Sentence
from engine.model.difference import Change, ChangeKind, WorkVerdict
from engine.queries.differences import Difference, Edition
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, FlowKind, MarkState
from webapp.language import gettext, ngettext
from webapp.rendering import sentence
from webapp.wording import spent

MOST_ROWS = 2_000
_LONGEST_BADGE = 30
_ICONS = {
    ChangeKind.ADDED: "plus",
    ChangeKind.CHANGED: "pencil",
    ChangeKind.MOVED: "arrows-exchange",
    ChangeKind.REMOVED: "minus",
}
_TAGS = {
    ChangeKind.ADDED: "ok",
    ChangeKind.CHANGED: "back",
    ChangeKind.MOVED: "back",
    ChangeKind.REMOVED: "late",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One change: its kind in words with tag and icon, what changed, and how it was and is."""

    kind: str
    tag: str
    icon: str
    what: str
    before: str
    after: str
    is_gone: bool
    details: tuple[tuple[str, str], ...]  # what is new or gone carries: name and value, under before or after


@dataclass(frozen=True, kw_only=True)
class Place:
    """What changed at one step or element; without a name where it is said with each change."""

    name: str
    row: int | None  # of the SOP's table
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """The changes of one role, or of the SOP as a whole."""

    label: str
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        """Count its rows."""
        return sum(len(place.rows) for place in self.places)


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """The standard times of a role's steps, added up; of all roles where ``label`` is empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DifferenceView:
    """Everything the template shows."""

    old: str
    new: str
    old_number: int | None
    totals: str
    work: tuple[str, ...]
    times: tuple[TimeRow, ...]  # where one differs: those that do, and the sum
    unaffected: str
    groups: tuple[Group, ...]
    more: int  # changes that the table has no room for
    drawings: tuple[tuple[str, Edition, Markup], ...]  # heading, edition, diagram
    legend: tuple[tuple[str, str], ...]


def view(found: Difference, *, drawn: bool = True) -> DifferenceView:
    """Put a difference into words, and into two diagrams where they are wanted."""
    changes = found.lines
    same = [label for role, label in found.roles if _stays(found, role)]
    old, new = edition_words(found.old), edition_words(found.new)
    both = ((old, found.old, True), (new, found.new, False)) if drawn else ()
    return DifferenceView(
        old=old,
        new=new,
        old_number=found.old.number,
        totals=_totals(changes),
        work=tuple(sentence(one.sentence) for one in found.work if one.verdict is not WorkVerdict.SAME),
        times=_times(found),
        unaffected=_unaffected(same) if changes else "",
        groups=tuple(_groups(found, changes)),
        more=max(0, len(changes) - MOST_ROWS),
        drawings=tuple((words, one, _drawn(found, one, old=first)) for words, one, first in both),
        legend=_legend(found.changes),
    )


def edition_words(one: Edition) -> str:
    """Name one of the two: "Revisi 1" or "Draf"."""
    return gettext("Draft") if one.number is None else gettext("Revision %(number)s", number=one.number)


def kind_words(kind: ChangeKind) -> str:
    """Say what happened."""
    words = {
        ChangeKind.ADDED: gettext("Added"),
        ChangeKind.CHANGED: gettext("Changed"),
        ChangeKind.MOVED: gettext("Moved"),
        ChangeKind.REMOVED: gettext("Removed"),
    }
    return words[kind]


def _totals(changes: tuple[Change, ...]) -> str:
    """Say how much there is: "3 ditambah, 2 diubah; 4 pelaksana terkena."."""
    if not changes:
        return gettext("Nothing differs. Moving shapes about is no difference.")
    counts = Counter(one.kind for one in changes)
    words = {
        ChangeKind.ADDED: ngettext("%(num)s added", "%(num)s added", counts[ChangeKind.ADDED]),
        ChangeKind.CHANGED: ngettext("%(num)s changed", "%(num)s changed", counts[ChangeKind.CHANGED]),
        ChangeKind.MOVED: ngettext("%(num)s moved", "%(num)s moved", counts[ChangeKind.MOVED]),
        ChangeKind.REMOVED: ngettext("%(num)s removed", "%(num)s removed", counts[ChangeKind.REMOVED]),
    }
    said = ", ".join(words[kind] for kind in words if counts[kind])
    roles = len({role for one in changes for role in (one.role, one.from_role) if role})
    many = len(changes)
    total = ngettext("%(num)s change", "%(num)s changes", many)
    touched = ngettext("%(num)s role is affected", "%(num)s roles are affected", roles)
    return gettext("%(total)s: %(kinds)s; %(roles)s.", total=total, kinds=said, roles=touched)


def _times(found: Difference) -> tuple[TimeRow, ...]:
    labels = dict(found.roles)
    changed = [one for one in found.work if one.before != one.after]
    rows = [(labels.get(one.role, one.role), one.before, one.after) for one in changed]
    if rows:
        rows.append(("", found.time_before, found.time_after))
    return tuple(
        TimeRow(
            label=label,
            before=spent(then.days, then.minutes, found.day_length),
            after=spent(now.days, now.minutes, found.day_length),
        )
        for label, then, now in rows
    )


def _stays(found: Difference, role: str) -> bool:
    return all(role not in {one.role, one.from_role} for one in found.changes)


def _unaffected(labels: list[str]) -> str:
    drawing = gettext("Moving shapes about does not count.")
    if not labels:
        return drawing
    spared = gettext("Not affected: %(roles)s.", roles=", ".join(labels))
    return f"{spared} {drawing}"


def _groups(found: Difference, changes: tuple[Change, ...]) -> Iterable[Group]:
    labels = dict(found.roles)
    for role, those in groupby(changes[:MOST_ROWS], key=lambda one: one.role):
        places = groupby(those, key=lambda one: (one.at, one.row))
        yield Group(
            label=labels.get(role, role) or gettext("SOP"),
            places=tuple(
                Place(name=name, row=row, rows=tuple(map(_row, several))) for (name, row), several in places
            ),
        )


def _row(one: Change) -> Row:
    return Row(
        kind=kind_words(one.kind),
        tag=_TAGS[one.kind],
        icon=_ICONS[one.kind],
        what=_capital(sentence(one.brief if one.at and one.brief is not None else one.what)),
        before=_value(one.before, gettext("is there") if one.kind is ChangeKind.REMOVED else ""),
        after=_value(one.after, gettext("new") if one.kind is ChangeKind.ADDED else ""),
        is_gone=one.kind is ChangeKind.REMOVED,
        details=tuple((sentence(line.what), sentence(line.value)) for line in one.details),
    )


def _value(said: Sentence | None, here: str) -> str:
    if said is not None:
        return sentence(said)
    return here or gettext("none")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _legend(changes: tuple[Change, ...]) -> tuple[tuple[str, str], ...]:
    kinds = {one.kind for one in changes if one.element and one.aspect not in _UNDRAWN}
    return tuple((kind.value, kind_words(kind)) for kind in _ICONS if kind in kinds)


def _drawn(found: Difference, edition: Edition, *, old: bool) -> Markup:
    """Draw one of the two with what becomes of its elements; the table says the same as text."""
    drawn = {shape.element for shape in edition.diagram.shapes}
    flows = {edge.element for edge in edition.diagram.edges}
    by_element: dict[str, list[Change]] = {}
    for one in found.changes:
        if one.aspect in _UNDRAWN:
            continue
        element = (one.was or one.element) if old else one.element
        by_element.setdefault(element, []).append(one)
    marks = DiagramMarks(
        elements={
            element: ElementMark(state=_state(those), badge=_badge(those, old=old))
            for element, those in by_element.items()
            if element in drawn
        },
        flows={element: _flow(those) for element, those in by_element.items() if element in flows},
        flow_badges={
            element: _flow_badge(_flow(those)) for element, those in by_element.items() if element in flows
        },
    )
    described = gettext("The table of changes says the same in words.")
    return draw_diagram(edition.diagram, marks, title=edition_words(edition), description=described)


def _state(changes: list[Change]) -> MarkState:
    kinds = {one.kind for one in changes if one.aspect in _WHOLE}
    for kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
        if kind in kinds:
            return MarkState(kind.value)
    moved = any(one.kind is ChangeKind.MOVED and one.aspect == "lane" for one in changes)
    return MarkState.MOVED if moved else MarkState.CHANGED


_WHOLE = frozenset({"element", "flow", "lane"})  # of these a new or gone one is the element itself


def _flow(changes: list[Change]) -> FlowKind:
    state = _state(changes).value
    return FlowKind(state) if state in {"added", "removed"} else FlowKind.CHANGED


def _flow_badge(kind: FlowKind) -> str:
    words = {FlowKind.ADDED: gettext("new"), FlowKind.REMOVED: gettext("removed")}
    return words.get(kind) or gettext("changed")


def _badge(changes: list[Change], *, old: bool) -> str:
    """Say on a shape what happened to it: the value where it is one and short, else how many changes."""
    whole = next((one for one in changes if one.aspect in _WHOLE and one.kind in _CAME_OR_WENT), None)
    if whole is not None:
        return gettext("new") if whole.kind is ChangeKind.ADDED else gettext("removed")
    if len(changes) > 1:
        return ngettext("%(num)s change", "%(num)s changes", len(changes))
    said = changes[0].before if old else changes[0].after
    words = sentence(said) if said is not None else ""
    if words and len(words) <= _LONGEST_BADGE:
        return words
    return gettext("moved") if changes[0].kind is ChangeKind.MOVED else gettext("changed")


_UNDRAWN = frozenset({"number", "question"})  # said in words only: they would mark half of the diagram
_CAME_OR_WENT = frozenset({ChangeKind.ADDED, ChangeKind.REMOVED})
