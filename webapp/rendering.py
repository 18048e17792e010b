"""What every template can say: icons, states, due times, sentences of the engine, addresses of assets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from markupsafe import Markup

from engine.errors import Finding, Sentence, say
from engine.ids import made_up
from webapp import wording
from webapp.due import group_heading
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


def about(found: Finding) -> str:
    """Name what a finding is about; empty where only a made-up id would be left."""
    return found.name or ("" if made_up(found.element) else found.element)


# Where in an expression it failed: for who reads the expression beside it, not for who completes a task.
_UNPLACED = {
    "line %(line)s, column %(column)s: %(detail)s": say("%(detail)s"),
    "line %(line)s, column %(column)s: the name %(name)s is not known": say("the name %(name)s is not known"),
}


def plainly(said: Sentence) -> str:
    """Say a sentence of the engine without the line and column of an expression."""
    return sentence(_unplaced(said))


def _unplaced(said: Sentence) -> Sentence:
    values = {key: _unplaced(one) if isinstance(one, Sentence) else one for key, one in said.values.items()}
    return Sentence(_UNPLACED.get(said.template, said).template, values)


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


def in_textarea(text: str) -> str:
    """Guard a text's first line break: a browser drops the one right behind the tag."""
    return "\n" + text if text.startswith(("\n", "\r")) else text


def register(app: Flask) -> None:
    """Give the templates their filters and functions."""
    filters = (
        wording.day,
        wording.day_long,
        wording.day_named,
        wording.day_written,
        wording.clock,
        wording.clock_zone,
        wording.moment,
        wording.moment_short,
        wording.moment_column,
        wording.moment_named,
        wording.moment_long,
        wording.number,
        wording.file_size,
        wording.working_time,
        wording.nip,
        sentence,
        about,
        plainly,
        group_heading,
        is_id,
        in_textarea,
    )
    for function in filters:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(asset=asset, icon=icon, icon_svg=icon, STATE_ICONS=STATE_ICONS)
