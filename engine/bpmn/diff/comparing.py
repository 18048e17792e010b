"""All changes between two contents, in the order in which people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.diff.decisions import decision_changes
from engine.bpmn.diff.elements import Both, element_changes
from engine.bpmn.diff.flows import with_goals
from engine.bpmn.diff.forms import form_changes
from engine.bpmn.diff.places import place_changes
from engine.bpmn.diff.questions import question_changes
from engine.bpmn.diff.renaming import new_ids, with_ids
from engine.bpmn.diff.rows import row_changes
from engine.bpmn.diff.side import Side
from engine.bpmn.diff.words import About, change, some
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind

_LAST = 1e9


def differences(old: Side, new: Side) -> tuple[Change, ...]:
    """Give every change that means something: by role, by row of the table, then by weight."""
    ids = new_ids(old, new)
    both = Both(with_ids(old, ids), new, {after: before for before, after in ids.items()})
    found = [
        *place_changes(both),
        *with_goals(both, element_changes(both)),
        *row_changes(both),
        *question_changes(both),
        *form_changes(both),
        *decision_changes(both),
        *_notes(both),
    ]
    return tuple(sorted(found, key=_order(both)))


def roles_of(old: Side, new: Side) -> tuple[str, ...]:
    """Give the roles of both in the order of their lanes, what is gone last."""
    return tuple(dict.fromkeys((*new.roles, *old.roles)))


# What decides how a case goes comes first, then what people need and how long they have, then words.
_WEIGHTS = (
    "element type lane inside flow condition default call event repetition script service decision data",
    "field form needed output time clock four-eyes delegable returns",
    "name activity remarks",
    "header question notes",
    "number order other id",
)
_WEIGHT = {aspect: weight for weight, aspects in enumerate(_WEIGHTS) for aspect in aspects.split()}


class _order:  # noqa: N801 - a function that remembers
    def __init__(self, both: Both) -> None:
        self.roles = {role: place for place, role in enumerate(roles_of(both.old, both.new))}
        self.places = {**both.old.places, **both.new.places}
        self.kinds = {kind: place for place, kind in enumerate(ChangeKind)}

    def __call__(self, one: Change) -> tuple[float, float, int, int]:
        role = self.roles.get(one.role, len(self.roles)) if one.role else _LAST
        weight = _WEIGHT.get(one.aspect, len(_WEIGHTS))
        place = self.places.get(one.element, _LAST)
        if not one.role:  # of the SOP as a whole: what decides first, not where it stands
            return role, weight, self.kinds[one.kind], 0
        return role, place, weight, self.kinds[one.kind]


def _notes(both: Both) -> Iterator[Change]:
    """Tell the lines that only one of them has; what matters less than the rest need not be aligned."""
    old, new = both.old.notes, both.new.notes
    if old.split() == new.split():
        return
    befores, afters = _lines(old), _lines(new)
    gone, come = befores - afters, afters - befores
    what, about = say("Notes of the SOP"), About(element="", name="")
    if gone or come:
        yield change(ChangeKind.CHANGED, "notes", what, about, _said(gone), _said(come))
    else:
        yield change(ChangeKind.MOVED, "notes", say("Order of the lines in the notes"), about)


def _lines(text: str) -> Counter[str]:
    return Counter(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _said(lines: Counter[str]) -> Sentence | None:
    return some("\n".join(lines.elements()))
