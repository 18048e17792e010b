"""Questions of auditors in words, and as a table for a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.inquiry import InquiryState
from engine.queries.inquiries import InquiryRow
from webapp import wording
from webapp.language import gettext
from webapp.workbooks import Cell, Sheet


def state_words() -> dict[InquiryState, str]:
    """Say where a question stands."""
    return {
        InquiryState.WAITING: gettext("Waits for the answer"),
        InquiryState.ANSWERED: gettext("Has been answered"),
        InquiryState.UNANSWERABLE: gettext("No longer active in the office"),
    }


def inquiry_sheet(rows: Sequence[InquiryRow]) -> Sheet:
    """Make a table of questions, a row each."""
    head = (
        gettext("Number"),
        gettext("Letter of assignment"),
        gettext("Status"),
        gettext("Case"),
        gettext("Event"),
        gettext("Asked by"),
        gettext("Asked on"),
        gettext("Who is asked"),
        gettext("Question"),
        gettext("Answer"),
        gettext("Answered on"),
    )
    states = state_words()

    def cells() -> Iterator[tuple[Cell, ...]]:
        for one in rows:
            yield (
                one.number,
                one.letter,
                states[one.state],
                one.case_number,
                one.seq or None,
                one.asked_by,
                wording.local(one.asked_at),
                one.asked_of,
                one.question,
                one.answer,
                wording.local(one.answered_at) if one.answered_at else None,
            )

    return Sheet(title=gettext("Questions to the office"), head=head, rows=cells())
