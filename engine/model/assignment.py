"""Letters of assignment (*surat tugas*): which cases an auditor may read, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What a letter that is valid today opens to a member of its team.

    A case is covered if it was alive within the period (begun before its end, not ended before its
    beginning), somebody of the units took part in it, and it is one of the SOPs.
    """

    assignment: UUID
    number: str  # "700/112/2026"
    units: tuple[UUID, ...] = ()  # none: the whole office
    sops: tuple[UUID, ...] = ()  # processes; none: every SOP
    since: datetime | None = None
    until: datetime | None = None  # the first instant after the period

    @property
    def is_of_all(self) -> bool:
        """Tell whether it covers every case of the office."""
        return not (self.units or self.sops or self.since or self.until)


class Validity(StrEnum):
    """Where a letter stands on a day."""

    FUTURE = "future"
    VALID = "valid"
    PAST = "past"
    ENDED = "ended"  # before its last day, by an administrator


def validity(valid_from: date, valid_until: date, today: date, *, ended: bool) -> Validity:
    """Tell where a letter stands; both days of its term belong to it."""
    if today > valid_until:
        return Validity.ENDED if ended else Validity.PAST
    return Validity.FUTURE if today < valid_from else Validity.VALID
