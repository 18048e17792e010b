"""Inquiries (*permintaan keterangan*): what an auditor asks a person about a case, and where that stands."""

from __future__ import annotations

from enum import StrEnum


class InquiryState(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    ANSWERED = "answered"  # once; the answer is changed no more
    UNANSWERABLE = "unanswerable"  # who was asked is no longer active


def state_of(*, answered: bool, active: bool) -> InquiryState:
    """Tell where a question stands. ``active``: who was asked is. Its letter may have ended."""
    if answered:
        return InquiryState.ANSWERED
    return InquiryState.WAITING if active else InquiryState.UNANSWERABLE
