"""What comes in with a request, made harmless once, before anybody looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

# What strangers may send: a name, a password, an address to go on to.
_STRANGER_BYTES = 16 * 1024
_STRANGER_PARTS = 20
_LARGEST_NUMBER = 2**31 - 1  # PostgreSQL's integer; versions, pages and events are counted in it
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9998, 12, 31)  # what databases hold, in every zone


class _Pairs(ImmutableMultiDict[str, Any]):
    """Names and values without NUL bytes: no database keeps them in a text, and nobody can type them."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = MultiDict(mapping or ())
        super().__init__([(_clean(name), _clean(value)) for name, value in pairs.items(multi=True)])


class AlurRequest(Request):
    """A request as this application reads it."""

    parameter_storage_class = _Pairs

    def bound_for_strangers(self) -> None:
        """Take no more than a sign-in needs; called before the body is read."""
        self.max_content_length = _STRANGER_BYTES
        self.max_form_parts = _STRANGER_PARTS


class NumberConverter(IntegerConverter):
    """A number in an address, as long as a database can hold it; a longer one leads nowhere."""

    regex = r"\d{1,9}"


class TextConverter(UnicodeConverter):
    """A word in an address; one with a NUL byte leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        """Leave the word's length open."""
        super().__init__(url_map)
        self.regex = r"[^/\x00]+"


def small_number(text: str) -> int:
    """Read a number of a query; ``args.get(type=…)`` takes a ValueError as if it was not asked for."""
    number = int(text)
    if abs(number) > _LARGEST_NUMBER:
        raise ValueError
    return number


def day_of(text: str) -> date | None:
    """Read a day as a date field sends it, as near as a database can hold it; anything else is None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def _clean(value: Any) -> Any:  # noqa: ANN401 - files stand among the values too
    return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value
