"""A case replayed like a film: each event has an address, and the page says how the case stood then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template, request

from engine.forms.display import show
from engine.queries.inquiries import asked_about
from engine.queries.replay import EventGroup, Replay, ReplayAsked, form_then, replay
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.replay_marks import drawn_then
from webapp.audit.replay_player import player_of
from webapp.audit.replay_times import times_then
from webapp.audit.replay_words import event_told, listed_told
from webapp.history.entries import Teller
from webapp.incoming import small_number
from webapp.inquiry_words import state_words
from webapp.language import gettext


@blueprint.get("/cases/<uuid:case_id>")
def player(case_id: UUID) -> Page:
    """Show a case as it stood at an event, and what that event was; ``alone`` leaves out what stays."""
    alone = "alone" in request.args
    found = replay(current.engine(), current.actor(), case_id, asked_of(request.args))
    return render_template(
        "audit/replay.html",
        found=found,
        facts=found.facts,
        drawn=drawn_then(found),
        event=event_told(found),
        times=times_then(found),
        listed=tuple(listed_told(found, tellers_of(found))),
        player=player_of(found, marked=not alone),
        step_alone=alone,
        asked=asked_about(current.engine(), current.actor(), case_id, found.step),
        asked_states=state_words(),
    )


@blueprint.get("/cases/<uuid:case_id>/form")
def form(case_id: UUID) -> Page:
    """Show the form that an event handed in, as it was."""
    step = request.args.get("step", 0, type=small_number)
    found = form_then(current.engine(), current.actor(), case_id, step)
    entered = found.event.entered
    yes_no = (gettext("Yes"), gettext("No"))
    shown = show(entered.form, entered.after, entered.names, yes_no) if entered else ()
    return render_template("audit/form.html", found=found, facts=found.facts, shown=shown)


def tellers_of(found: Replay) -> dict[int, Teller]:
    """Give who tells events, by the number of the version that they went by."""
    return {
        number: Teller(definition=one.definition, forms=one.forms, calendar=found.calendar)
        for number, one in found.versions.items()
    }


def asked_of(args: Mapping[str, str]) -> ReplayAsked:
    """Read which step is asked for, or which instant; what cannot be read is not asked for."""
    group = args.get("show", "")
    return ReplayAsked(
        step=_number(args.get("step", "")),
        at=_instant(args.get("day", ""), args.get("time", "")),
        group=EventGroup(group) if group in set(EventGroup) else EventGroup.ALL,
        around=_number(args.get("around", "")),
    )


def _number(text: str) -> int | None:
    try:
        return small_number(text)
    except ValueError:
        return None


def _instant(day: str, time: str) -> datetime | None:
    """Read a day and a time of the office: the end of that minute, or of the day where no time is said."""
    if not day:
        return None
    try:
        at = datetime.fromisoformat(f"{day}T{time or '23:59'}")
    except ValueError:
        return None
    return at.replace(second=59, microsecond=999_999, tzinfo=ZoneInfo(current.zone()))
