"""Two cases replayed beside each other, each at a step of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for

from engine.actions.reads import note_case
from engine.errors import NotFound, Sentence
from engine.queries.replay import Replay, ReplayAsked, case_numbered, replay
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.replay import tellers_of
from webapp.audit.replay_marks import DrawnThen, drawn_then
from webapp.audit.replay_words import EventTold, ListedTold, event_told, listed_told
from webapp.incoming import small_number

_LONGEST = 60
_SIDES = ("left", "right")


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the cases: what was typed for it, and how it stood; ``why`` says why it cannot be shown."""

    name: str  # of its fields: left, right
    number: str
    why: Sentence | None = None
    found: Replay | None = None
    drawn: DrawnThen | None = None
    event: EventTold | None = None
    listed: tuple[ListedTold, ...] = ()
    back: str = ""  # addresses of the page with this case one step before and one behind
    forward: str = ""


@blueprint.get("/compare")
def compare() -> Page:
    """Show two cases beside each other, by their numbers."""
    sides = [_side(name) for name in _SIDES]
    shown = [side for side in sides if side.found is not None]
    return render_template(
        "audit/compare.html",
        sides=[
            replace(side, back=_moved(sides, (side,), -1), forward=_moved(sides, (side,), 1))
            for side in sides
        ],
        rows=_rows(*sides) if len(shown) == len(_SIDES) else (),
        both_back=_moved(sides, sides, -1) if len(shown) == len(_SIDES) else "",
        both_forward=_moved(sides, sides, 1) if len(shown) == len(_SIDES) else "",
    )


def _side(name: str) -> Side:
    number = " ".join(request.args.get(name, "").split())[:_LONGEST]
    if not number:
        return Side(name=name, number="")
    try:
        case = case_numbered(current.engine(), current.actor(), number)
        note_case(current.engine(), current.actor(), case, "audit/compare")  # the address does not tell which
        found = _at(case, request.args.get(f"{name}_step", type=small_number))
    except NotFound as error:
        return Side(name=name, number=number, why=error.sentence)
    return Side(
        name=name,
        number=number,
        found=found,
        drawn=drawn_then(found),
        event=event_told(found),
        listed=tuple(one for one in listed_told(found, tellers_of(found)) if one.is_event),
    )


def _at(case: UUID, step: int | None) -> Replay:
    """Replay a case at a step; its first one where none is asked for, its last where it has fewer."""
    engine, actor = current.engine(), current.actor()
    try:
        return replay(engine, actor, case, ReplayAsked(step=1 if step is None else step))
    except NotFound:
        return replay(engine, actor, case, ReplayAsked(step=1 if (step or 0) < 1 else None))


def _moved(sides: Sequence[Side], moved: Sequence[Side], by: int) -> str:
    """Give the address of this page with some cases moved as far as they have events; empty where none moves.

    It names the event at which each case is shown, whatever address led here: no other case falls back.
    """
    asked: dict[str, Any] = {side.name: side.number for side in sides if side.number}
    now = {side.name: side.found.step for side in sides if side.found is not None}
    then = now | {
        side.name: min(side.found.last, max(1, side.found.step + by))
        for side in moved
        if side.found is not None
    }
    steps: dict[str, Any] = {f"{name}_step": step for name, step in then.items()}
    return url_for("audit.compare", **asked, **steps) if then != now else ""


def _rows(left: Side, right: Side) -> tuple[tuple[ListedTold | None, ListedTold | None, bool], ...]:
    """Lay the events beside each other so that the two steps are in one row, which is the last value."""
    places = [_place(side) for side in (left, right)]
    most = max(places)
    lists = [
        [None] * (most - place) + list(side.listed) for side, place in zip((left, right), places, strict=True)
    ]
    return tuple((one, other, row == most) for row, (one, other) in enumerate(zip_longest(*lists)))


def _place(side: Side) -> int:
    step = side.found.step if side.found else 0
    return next((place for place, one in enumerate(side.listed) if one.seq == step), 0)
