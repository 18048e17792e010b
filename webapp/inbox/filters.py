"""What somebody asked the inbox for, in an address and in the hidden field of a form."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from engine.queries.inbox import Due, InboxFilter, Sort, Tab

HIDDEN = "inbox"  # the field that carries the filter from page to page
_LONGEST = 200
_Choice = TypeVar("_Choice", bound=StrEnum)


def read_filter(values: Mapping[str, str]) -> InboxFilter:
    """Read a filter; whatever makes no sense is as if it was not asked for."""
    return InboxFilter(
        tab=_choice(Tab, values.get("tab"), Tab.MINE),
        text=" ".join(values.get("q", "")[:_LONGEST].split()),
        process=values.get("sop", "")[:_LONGEST],
        due=_choice(Due, values.get("due"), Due.ANY),
        sort=_choice(Sort, values.get("sort"), Sort.DUE),
        after=values.get("after", "")[:_LONGEST],
        before=values.get("before", "")[:_LONGEST],
    )


def read_hidden(text: str) -> InboxFilter:
    """Read the filter a form carries."""
    return read_filter(dict(parse_qsl(text[: 4 * _LONGEST])))


def written(wanted: InboxFilter, **changes: str) -> str:
    """Write a filter as a query without its page: "" where everything is as it comes."""
    asked = {
        "tab": "" if wanted.tab is Tab.MINE else wanted.tab.value,
        "q": wanted.text,
        "sop": wanted.process,
        "due": wanted.due.value,
        "sort": "" if wanted.sort is Sort.DUE else wanted.sort.value,
        **changes,
    }
    return urlencode({name: value for name, value in asked.items() if value})


def address(path: str, query: str) -> str:
    """Put a query behind a path, where there is one."""
    return f"{path}?{query}" if query else path


def _choice(kind: type[_Choice], value: str | None, otherwise: _Choice) -> _Choice:
    try:
        return kind(value or "")
    except ValueError:
        return otherwise
