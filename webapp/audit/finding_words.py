"""Findings of audits in words, and as a table for a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.finding import FindingState, FollowUp
from engine.queries.findings import FindingRow
from webapp.language import gettext
from webapp.workbooks import Cell, Sheet


def state_words() -> dict[FindingState, str]:
    """Say how far a finding has come."""
    return {
        FindingState.DRAFT: gettext("Draft of the team"),
        FindingState.DELIVERED: gettext("Delivered"),
        FindingState.ANSWERED: gettext("Answered"),
        FindingState.FOLLOWED_UP: gettext("Followed up"),
        FindingState.CLOSED: gettext("Closed"),
    }


def follow_up_words() -> dict[FollowUp, str]:
    """Say how far what was recommended is done."""
    return {
        FollowUp.NOT_YET: gettext("Not done yet"),
        FollowUp.PARTLY: gettext("Partly done"),
        FollowUp.DONE: gettext("All done"),
    }


def finding_sheet(rows: Sequence[FindingRow]) -> Sheet:
    """Make a table of findings, a row each."""
    elements = ("title", "condition", "criteria", "cause", "effect", "recommendation")
    head = (
        gettext("Number"),
        gettext("Letter of assignment"),
        gettext("Status"),
        gettext("Title"),
        gettext("Condition found"),
        gettext("Criteria"),
        gettext("Cause"),
        gettext("Effect"),
        gettext("Recommendation"),
        gettext("Answer of the office"),
        gettext("Follow-up"),
        gettext("What was done"),
        gettext("Conclusion"),
        gettext("Prepared by"),
        gettext("Reviewed by"),
    )
    states, done = state_words(), follow_up_words()

    def cells() -> Iterator[tuple[Cell, ...]]:
        for one in rows:
            yield (
                one.number,
                one.letter,
                states[one.state],
                *(getattr(one.elements, name) for name in elements),
                one.answer,
                done[one.follow_up] if one.follow_up else "",
                one.follow_up_text,
                one.conclusion,
                one.prepared.who,
                one.reviewed.who if one.reviewed else "",
            )

    return Sheet(title=gettext("Findings"), head=head, rows=cells())
