"""How people write numbers, dates and times, read to values and written back.

Numbers are Indonesian (``1.234,5``) or plain; dates are ``24-11-2026``, ``24/11/2026`` or ISO;
times ``09.00`` or ``09:00``. Values are JSON's own: int, float, and ISO texts.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal

LARGEST = 10**15
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)
_WHOLE = re.compile(r"\d{1,16}", re.ASCII)
_PLAIN = re.compile(r"\d{1,16}\.\d{1,9}", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[.:](\d{2})(?:[.:]00(?:\.0{1,6})?)?", re.ASCII)
_MOMENT = re.compile(r"(\S+?)(?:T|,?\s+(?:pukul\s+)?)(\S+?)(?:\s*(?:WIB|WITA|WIT))?", re.ASCII)
_ZONED = re.compile(r"(?<=[0-9])(?:Z|[+-]\d{2}:\d{2})\Z", re.ASCII)
_GROUP_FROM = 10_000  # smaller numbers may be years, which are never grouped


def number_of(text: str) -> int | float | None:
    """Read a number; None where it is not one. ``1.234`` is one thousand two hundred thirty-four."""
    text = text.replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
    sign, digits = ("-", text[1:]) if text[:1] == "-" else ("", text)
    whole, comma, decimals = digits.partition(",")
    if _GROUPED.fullmatch(whole):
        whole = whole.replace(".", "")
    if comma:
        if not _WHOLE.fullmatch(whole) or not re.fullmatch(r"\d{1,9}", decimals, re.ASCII):
            return None
    elif _PLAIN.fullmatch(whole):
        whole, _, decimals = whole.partition(".")
    elif not _WHOLE.fullmatch(whole):
        return None
    value = Decimal(f"{sign}{whole}.{decimals or 0}")
    if abs(value) >= LARGEST:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def decimals_of(value: float) -> int:
    """Count the decimals a number needs."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def number_text(value: float, decimals: int | None = None, *, grouped: bool = False) -> str:
    """Write a number as it would be typed (``92,50`` with two decimals), or grouped for reading."""
    number = Decimal(str(value))
    places = max(decimals or 0, decimals_of(value))
    text = f"{number:,.{places}f}" if grouped and abs(number) >= _GROUP_FROM else f"{number:.{places}f}"
    return text.translate(str.maketrans(",.", ".,"))


def date_of(text: str) -> date | None:
    """Read a date; None where it is not one."""
    found = _DAY_FIRST.fullmatch(text)
    if found:
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None  # noqa: PLR2004 - an office's dates
    except ValueError:
        return None


def time_of(text: str) -> time | None:
    """Read a time to the minute; None where it is not one."""
    found = _TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - a day's hours
        return None
    return time(int(found[1]), int(found[2]))


def moment_of(text: str, zone: tzinfo | None) -> datetime | None:
    """Read date and time: ``24-11-2026 09.00`` in the office's zone, or ISO with its own offset."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    offset = _ZONED.search(found[2])
    day, clock = date_of(found[1]), time_of(found[2][: offset.start()] if offset else found[2])
    if day is None or clock is None:
        return None
    if offset is None:
        return datetime.combine(day, clock, zone)
    try:
        return datetime.fromisoformat(f"{day}T{clock:%H:%M}{offset[0]}").astimezone(zone)
    except (ValueError, OverflowError):
        return None


def date_text(iso: str) -> str:
    """Write ``2026-11-24`` as ``24-11-2026``."""
    return f"{iso[8:10]}-{iso[5:7]}-{iso[:4]}"


def time_text(iso: str) -> str:
    """Write ``09:00`` as ``09.00``."""
    return iso[:5].replace(":", ".")


def moment_text(iso: str) -> str:
    """Write ``2026-11-24T09:00:00+07:00`` as ``24-11-2026 09.00``."""
    return f"{date_text(iso)} {time_text(iso[11:])}"
