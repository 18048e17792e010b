"""What every template can say: icons, states, due times, sentences of the engine, addresses of assets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from markupsafe import Markup

from engine.errors import Sentence
from engine.model.calendar import WorkCalendar
from webapp import wording
from webapp.language import gettext

STATIC = Path(__file__).parent / "static"

# Icon of each status word; named here, so that the sprite is built with them.
STATE_ICONS = {
    "late": "alert-triangle",
    "soon": "clock",
    "ok": "clock",
    "wait": "clock-pause",
    "none": "infinity",
    "done": "check",
    "open": "progress",
    "back": "arrow-back-up",
}


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due time in words. ``group`` is the heading's key in a list sorted by due time."""

    state: str  # late soon ok wait none: key of STATE_ICONS
    words: str
    detail: str
    group: str  # late today week later none

    @property
    def icon(self) -> str:
        """Name the icon that repeats the words."""
        return STATE_ICONS[self.state]


GROUPS = ("late", "today", "week", "later", "none")


def group_heading(group: str) -> str:
    """Say the heading of a group of due times."""
    return {
        "late": gettext("Overdue"),
        "today": gettext("Today"),
        "week": gettext("This week"),
        "later": gettext("Later"),
        "none": gettext("Clock stopped or no due time"),
    }[group]


def due_state(
    due_at: datetime | None,
    now: datetime,
    calendar: WorkCalendar,
    *,
    waiting: str | None = None,
    waiting_detail: str = "",
) -> Due:
    """Put a due time in words. ``waiting`` says why the clock stands still, where it does."""
    if waiting is not None:
        return Due(state="wait", words=waiting, detail=waiting_detail, group="none")
    if due_at is None:
        return Due(state="none", words=gettext("No due time"), detail="", group="none")
    minutes = calendar.minutes_between(now, due_at)
    if due_at < now:
        return Due(
            state="late", words=_late(-minutes, calendar), detail=wording.moment_named(due_at), group="late"
        )
    left = gettext("%(time)s left", time=_coarse(max(1, minutes), calendar))
    today, there = calendar.local(now).date(), calendar.local(due_at).date()
    if there == today:
        detail = gettext("Today at %(time)s", time=wording.clock(due_at))
        return Due(state="soon", words=left, detail=detail, group="today")
    sunday = today + timedelta(days=6 - today.weekday())
    group = "week" if there <= sunday else "later"
    return Due(state="ok", words=left, detail=wording.moment_named(due_at), group=group)


def _late(minutes: int, calendar: WorkCalendar) -> str:
    if minutes <= 0:  # the due time passed after work ended
        return gettext("Overdue")
    return gettext("Overdue by %(time)s", time=_coarse(minutes, calendar))


def _coarse(minutes: int, calendar: WorkCalendar) -> str:
    return wording.working_time(minutes, calendar.day_length, coarse=True)


_ID_LENGTH = 32


def sentence(said: Sentence | str | None) -> str:
    """Say a sentence of the engine in the reader's language, its values put in words."""
    if said is None:
        return ""
    if isinstance(said, str):
        return gettext(said)
    template = gettext(said.template)
    if not said.values:
        return template
    return template % {key: _value(key, value) for key, value in said.values.items()}


def _value(key: str, value: Any) -> str:  # noqa: ANN401, PLR0911 - whatever the engine puts into a sentence
    if isinstance(value, Sentence):
        return sentence(value)
    if isinstance(value, datetime):
        return wording.moment_near(value)
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float) and "year" not in key:
        return wording.number(value)
    if isinstance(value, list | tuple):
        return ", ".join(_value(key, item) for item in value)
    return str(value)


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Give the address of a built file: ``app.css`` -> ``/static/app-4KD2….css``."""
    return f"/static/{_manifest().get(name, name)}"


@lru_cache(maxsize=1)
def _manifest() -> Mapping[str, str]:
    """Read once what was built; whoever builds anew starts anew."""
    try:
        names: Mapping[str, str] = json.loads((STATIC / "manifest.json").read_text())
    except FileNotFoundError:
        return {}
    return names


@lru_cache(maxsize=512)
def icon(name: str, cls: str = "") -> Markup:
    """Draw an icon of the sprite; it is never read aloud, words stand beside it."""
    return Markup(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    ).format(cls, asset("icons.svg"), name)


def is_id(text: str) -> bool:
    """Tell whether a text is an identity (hex), which nobody should read."""
    return len(text) == _ID_LENGTH and all(character in "0123456789abcdef" for character in text)


def register(app: Flask) -> None:
    """Give the templates their filters and functions."""
    filters = (
        wording.day,
        wording.day_long,
        wording.day_named,
        wording.clock,
        wording.clock_zone,
        wording.moment,
        wording.moment_short,
        wording.moment_named,
        wording.moment_long,
        wording.number,
        wording.file_size,
        wording.working_time,
        wording.nip,
        sentence,
        group_heading,
        is_id,
    )
    for function in filters:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(
        asset=asset, icon=icon, icon_svg=icon, due_state=due_state, STATE_ICONS=STATE_ICONS
    )
