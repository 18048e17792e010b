"""Read from an address which figures are asked for, and write it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for

from engine.ids import parse_id
from engine.queries.figures_asked import FiguresAsked
from webapp import current
from webapp.incoming import day_of

_LONGEST = 120
_DIGITS = 7  # of the number of a version


def asked_for(args: Mapping[str, str], usual: Callable[[], str]) -> FiguresAsked:
    """Read it: the usual SOP and this year where nothing is said; days in the wrong order are turned."""
    today = current.engine().clock.now().astimezone(current.zone_info()).date()
    since = day_of(args.get("since", "")) or today.replace(month=1, day=1)
    until = day_of(args.get("until", "")) or today
    unit = parse_id(args.get("unit", ""))
    return FiguresAsked(
        sop=args.get("sop", "")[:_LONGEST] or usual(),
        since=min(since, until),
        until=max(since, until),
        role=args.get("role", "")[:_LONGEST],
        unit=unit.hex if unit else "",
        version=_number_of(args.get("version", "")),
    )


def _number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def address_of(asked: FiguresAsked, endpoint: str = "audit.figures", **more: Any) -> str:
    """Give the address of a page for the same SOP, period and filters.

    From a page that was asked for a long period as a whole it leads to another that is not asked again.
    """
    if "whole" in request.args:
        more = {"whole": 1} | more
    return url_for(
        endpoint,
        sop=asked.sop,
        since=asked.since.isoformat(),
        until=asked.until.isoformat(),
        role=asked.role or None,
        unit=asked.unit or None,
        version=asked.version,
        **more,
    )
