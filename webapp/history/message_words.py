"""What the history of a case says of messages: what came in and from whom, and what reached nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.queries.case_history import Happened
from webapp.history.own_deeds import again_words, is_again
from webapp.language import gettext, ngettext

_MOST_BROUGHT, _LONGEST_BROUGHT = 12, 300  # of a message: values, and characters of one


def received_words(one: Happened, lines: list[str]) -> list[str]:
    """Say what a message was and brought, under the lines that say where it came in."""
    data = one.payload.get("data")
    if is_again(one):
        return [again_words(data or {})]
    return [*lines, _message_words(one.payload), *_brought(data)]


def undelivered_words(payload: Mapping[str, Any]) -> str:
    """Say which message nobody took, and why."""
    name, cases = str(payload.get("name", "")), ", ".join(map(str, payload.get("cases") or ()))
    if payload.get("why") == "several":
        return gettext(
            "“%(name)s”: several cases wait for it, and nothing says which is meant: %(cases)s",
            name=name,
            cases=cases,
        )
    if payload.get("why") == "full":
        return ngettext(
            "“%(name)s”: nothing in this case waited for it, and too many were kept; the oldest was let go",
            "“%(name)s”: nothing in this case waited for them, and too many were kept; "
            "the oldest %(num)s were let go",
            int(payload.get("count", 1)),
            name=name,
        )
    if payload.get("why") == "failed":
        return gettext("“%(name)s”: the case it is for could not go on with it for too long", name=name)
    return gettext("“%(name)s”: no case has waited for it for a day", name=name)


def _message_words(payload: Mapping[str, Any]) -> str:
    """Say what came in, and from whom: a program by its token's name, or another case."""
    name, token = str(payload.get("name", "")), payload.get("token")
    if token:
        return gettext("“%(name)s” from %(who)s", name=name, who=token)
    return gettext("“%(name)s” from another case", name=name)


def _brought(data: object) -> list[str]:
    """Say what a message brought: texts and numbers under its own words, the rest is in the case."""
    if not isinstance(data, Mapping):
        return []
    plain = [(key, value) for key, value in data.items() if isinstance(value, str | int | float)]
    return [f"{key}: {_plain_words(value)}" for key, value in plain[:_MOST_BROUGHT]]


def _plain_words(value: str | float) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value)[:_LONGEST_BROUGHT]
