"""Inquiries (*permintaan keterangan*): what an auditor asks a person about a case, and where that stands."""

from __future__ import annotations

from enum import StrEnum


class InquiryState(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    ANSWERED = "answered"  # once; the answer is changed no more
    UNANSWERABLE = "unanswerable"  # who was asked is no longer active
    LAPSED = "lapsed"  # the letter of assignment ended first


def state_of(*, answered: bool, active: bool, valid: bool) -> InquiryState:
    """Tell where a question stands. ``active``: who was asked is; ``valid``: its letter is today."""
    if answered:
        return InquiryState.ANSWERED
    if not valid:
        return InquiryState.LAPSED
    return InquiryState.WAITING if active else InquiryState.UNANSWERABLE
