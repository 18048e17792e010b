"""The life of a version of an SOP, and what of its header the record says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from engine.model.definition import Document
from engine.model.instance import VersionState

# From where a version may go on to which state; the rest is refused.
_WAYS: Mapping[VersionState, frozenset[VersionState]] = {
    VersionState.TRIAL: frozenset({VersionState.REVIEW, VersionState.WITHDRAWN, VersionState.SUPERSEDED}),
    VersionState.REVIEW: frozenset({VersionState.APPROVED, VersionState.RETURNED, VersionState.WITHDRAWN}),
    VersionState.RETURNED: frozenset({VersionState.REVIEW, VersionState.TRIAL, VersionState.WITHDRAWN}),
    VersionState.APPROVED: frozenset({VersionState.IN_FORCE, VersionState.WITHDRAWN}),
    VersionState.IN_FORCE: frozenset({VersionState.SUPERSEDED, VersionState.WITHDRAWN}),
    VersionState.SUPERSEDED: frozenset({VersionState.IN_FORCE}),  # again: see can_return
    VersionState.WITHDRAWN: frozenset(),
}


class Acknowledging(StrEnum):
    """What becomes of those who have not read what changed in an SOP they work on."""

    SHOW = "show"  # they are asked to
    WARN = "warn"  # and warned at each task
    BLOCK = "block"  # and cannot take a task before


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a version is in its life, as it was read; what approval set is empty before."""

    id: UUID
    process: UUID
    key: str
    number: int
    state: VersionState
    digest: bytes
    author: UUID | None
    approver: UUID | None
    effective_from: date | None  # None: nobody has approved it for a day
    reinstated_on: date | None
    reinstated_at: datetime | None

    @property
    def in_force_on(self) -> date | None:
        """Give the day from which it is in force, or was last."""
        return self.reinstated_on or self.effective_from


@dataclass(frozen=True, kw_only=True)
class Approved:
    """What the record says of an SOP's header: number, dates and approver are typed nowhere else."""

    number: str
    created_on: str  # ISO text: when the first version was made that the office approved; empty: nobody knows
    revised_on: date | None  # of this version; None: it is the first
    effective_on: date | None
    approver_post: str
    approver_name: str
    approver_nip: str


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who approves an SOP as its header says it: *disahkan oleh*."""

    post: str = ""
    name: str = ""
    nip: str = ""

    def completed(self, *others: Signatory) -> Signatory:
        """Give it with what is empty from others, the first that has it; a NIP is only of who is named."""
        name = self.name or next((one.name for one in others if one.name), "")
        post = self.post or next((one.post for one in others if one.post), "")
        nip = self.nip or next((one.nip for one in others if one.nip and one.name == name), "")
        return Signatory(post=post, name=name, nip=nip)


NOBODY = Signatory()


def typed_signatory(typed: Document) -> Signatory:
    """Read who is to approve an SOP by its header as it was typed."""
    return Signatory(post=typed.approver_post, name=typed.approver_name, nip=typed.approver_nip)


def may_become(state: VersionState, next_state: VersionState) -> bool:
    """Tell whether a version may go from one state to another."""
    return next_state in _WAYS[state]


def can_return(state: VersionState, effective_from: date | None) -> bool:
    """Tell whether a version was in force, and another one took its place."""
    return state is VersionState.SUPERSEDED and effective_from is not None


def with_record(typed: Document, approved: Approved | None) -> Document:
    """Give the header with what the record says; without an approval that part is not set yet."""
    if approved is None:
        return replace(typed, number="", created_on="", revised_on="", effective_on="")
    return replace(
        typed,
        number=approved.number,
        created_on=approved.created_on,
        revised_on=approved.revised_on.isoformat() if approved.revised_on else "",
        effective_on=approved.effective_on.isoformat() if approved.effective_on else "",
        approver_post=approved.approver_post,
        approver_name=approved.approver_name,
        approver_nip=approved.approver_nip,
    )
