"""What the player of a case leads to: the steps around this one, and where something is worth seeing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from engine.model.replay import Noted
from engine.queries.replay import Replay
from engine.queries.replay_list import EventGroup
from webapp import current, wording
from webapp.audit.replay_words import note_words
from webapp.language import gettext

_MINUTE = timedelta(minutes=1)
_PLACES = 200  # of the slider that can be told apart
_MARKED = {
    Noted.REFUSED: "refused",
    Noted.LATE: "late",
    Noted.RETURNED: "back",
    Noted.CORRECTED: "corrected",
    Noted.MOVED: "moved",
    Noted.STOPPED: "refused",
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark below the slider: where in percent, and its class."""

    at: float
    kind: str


@dataclass(frozen=True, kw_only=True)
class Player:
    """Addresses of other steps (empty where there is none), marks of the slider, groups of the list."""

    address: str  # of the case, to which a step is added
    first: str
    back: str
    forward: str
    last: str
    marks: tuple[Mark, ...]
    counted: tuple[tuple[str, str, int], ...]  # address, words, how many
    groups: tuple[tuple[str, str], ...]
    earlier: str
    later: str
    jumped: str  # which event is shown for an instant at which none was written; empty otherwise
    day: str  # of the office, as a date field has it
    time: str


def player_of(found: Replay, *, marked: bool) -> Player:
    """Give what leads from this step to others; the marks of the slider are the same at every step."""
    step, last, listing = found.step, found.last, found.listing
    local = wording.local(found.at)
    return Player(
        address=url_for("audit.player", case_id=found.facts.id),
        first=_to(found, 1) if step > 1 else "",
        back=_to(found, step - 1) if step > 1 else "",
        forward=_to(found, step + 1) if step < last else "",
        last=_to(found, last) if step < last else "",
        marks=_marks(found) if marked else (),
        counted=_counted(found),
        groups=tuple((one.value, group_words(one)) for one in EventGroup),
        earlier=_to(found, step, around=listing.earlier) if listing.earlier else "",
        later=_to(found, step, around=listing.later) if listing.later else "",
        jumped=_jumped(found),
        day=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
    )


def _jumped(found: Replay) -> str:
    """Say which event is shown where an instant was asked for at which none was written."""
    asked = found.asked_at
    if asked is None or found.at <= asked < found.at + _MINUTE:
        return ""
    values = {"asked": wording.moment(asked), "step": found.step, "at": wording.moment(found.at)}
    if asked < found.at:
        return gettext("At %(asked)s this case had not begun. Its first event is shown, of %(at)s.", **values)
    if asked - _MINUTE > current.engine().clock.now():
        return gettext("%(asked)s is still to come. The newest event is shown, of %(at)s.", **values)
    return gettext(
        "At %(asked)s the case stood as after event %(step)s, the last one before, of %(at)s.", **values
    )


def _to(found: Replay, step: int, **more: Any) -> str:
    group = found.listing.group
    shown: dict[str, Any] = {} if group is EventGroup.ALL else {"show": group.value}
    return url_for("audit.player", case_id=found.facts.id, step=step, **shown, **more)


def group_words(group: EventGroup) -> str:
    """Name a group of events."""
    return {
        EventGroup.ALL: gettext("All kinds of events"),
        EventGroup.STEPS: gettext("Steps opened and done"),
        EventGroup.HOLDERS: gettext("Who had a task, and its clock"),
        EventGroup.PAPERS: gettext("Documents, comments and drafts"),
        EventGroup.LATE: gettext("Due times that passed"),
        EventGroup.REFUSED: gettext("Refused attempts"),
        EventGroup.DEVIATIONS: gettext("Corrections and other deviations"),
        EventGroup.PROBLEMS: gettext("Problems, other systems and messages"),
    }[group]


def _marks(found: Replay) -> tuple[Mark, ...]:
    """Give the marks, one for all of a kind that would stand in the same place."""
    steps = max(1, found.last - 1)
    worth = (note for note in found.notes if note.what in _MARKED)
    return tuple(
        dict.fromkeys(
            Mark(at=round(_PLACES * (note.seq - 1) / steps) * 100 / _PLACES, kind=_MARKED[note.what])
            for note in worth
        )
    )


_GROUP_OF = {
    Noted.REFUSED: EventGroup.REFUSED,
    Noted.LATE: EventGroup.LATE,
    Noted.RETURNED: EventGroup.STEPS,
    Noted.CORRECTED: EventGroup.DEVIATIONS,
    Noted.MOVED: EventGroup.DEVIATIONS,
    Noted.STOPPED: EventGroup.PROBLEMS,
}


def _to_group(found: Replay, step: int, group: EventGroup) -> str:
    return url_for("audit.player", case_id=found.facts.id, step=step, show=group.value)


def _counted(found: Replay) -> tuple[tuple[str, str, int], ...]:
    """Count what is worth seeing, each with the address of its first event."""
    counts = Counter(note.what for note in found.notes)
    firsts = {note.what: note.seq for note in reversed(found.notes)}
    return tuple(
        (
            _to_group(found, firsts[what], _GROUP_OF[what]),
            note_words(what),
            counts[what],
        )
        for what in Noted
        if what in counts
    )
