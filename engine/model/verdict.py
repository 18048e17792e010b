"""What becomes of an open case when another version takes the place of its own."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of it."""

    MOVE = "move"
    KEEP = "keep"  # it is finished by its own version, and nothing is wrong with that
    BLOCKED = "blocked"
