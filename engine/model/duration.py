"""Working minutes in an office's words: how many days, hours and minutes they are."""

from __future__ import annotations

from typing import NamedTuple


class Duration(NamedTuple):
    """Working days of the calendar's length, hours and minutes."""

    days: int
    hours: int
    minutes: int


def split(minutes: int, day_length: int) -> Duration:
    """Split working minutes for words like "1 hari 5 jam kerja"; the sign is the caller's to say.

    From a day on, minutes say nothing anybody acts on: they are rounded to the hour.
    """
    days, rest = divmod(abs(minutes), day_length)
    hours, rest = divmod(rest, 60)
    if days == 0:
        return Duration(days, hours, rest)
    hours += rest >= 30  # noqa: PLR2004 - half an hour
    if hours * 60 >= day_length:
        return Duration(days + 1, 0, 0)
    return Duration(days, hours, 0)
