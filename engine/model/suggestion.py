"""What staff suggest to the owner of an SOP about one of its steps (usulan perbaikan)."""

from __future__ import annotations

from enum import StrEnum


class SuggestionState(StrEnum):
    """What the owner of the SOP answered."""

    OPEN = "open"  # not yet
    TAKEN = "taken"
    DECLINED = "declined"


class Progress(StrEnum):
    """How far a suggestion has come."""

    OPEN = "open"
    DECLINED = "declined"
    TAKEN = "taken"  # nothing is done about it yet
    DRAFTED = "drafted"  # a draft does what it says
    SUBMITTED = "submitted"  # that draft became a revision, which is tried or reviewed
    RETURNED = "returned"  # that revision was not approved as it is; no other was made from it
    IN = "in"  # that revision was approved, or one that was made from it
