"""What staff suggest to the owner of an SOP about one of its steps (usulan perbaikan)."""

from __future__ import annotations

from enum import StrEnum


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"  # the owner has not answered yet
    TAKEN = "taken"  # it goes into a revision
    DECLINED = "declined"
