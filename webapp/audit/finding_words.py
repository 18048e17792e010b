"""Findings of audits in words, and as a table for a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date

from engine.model.finding import FindingState, FollowUp
from engine.queries.finding_details import FindingDetails
from engine.queries.finding_statements import Statement
from engine.queries.findings import Done, FindingRow
from webapp import current
from webapp.audit.figures_subject import subjects
from webapp.language import gettext
from webapp.wording import day
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


def finding_sheet(rows: Sequence[FindingRow], details: FindingDetails) -> Sheet:
    """Make a table of findings, a row each, with days in the office's zone."""
    head = (
        *(gettext("Number"), gettext("Letter of assignment"), gettext("Status"), gettext("Title")),
        *(gettext("Condition found"), gettext("Criteria"), gettext("Cause"), gettext("Effect")),
        *(gettext("Recommendation"), gettext("Cases and events"), gettext("Figures")),
        *(gettext("Answer of the office"), gettext("Follow-up"), gettext("What was done")),
        *(gettext("Conclusion"), gettext("Prepared by"), gettext("Prepared on")),
        *(gettext("Reviewed by"), gettext("Reviewed on"), gettext("Delivered on")),
        *(gettext("The office answered on"), gettext("Followed up on"), gettext("Closed on")),
    )
    states, done = state_words(), follow_up_words()

    def cells() -> Iterator[tuple[Cell, ...]]:
        for one in rows:
            said = details.statements.get(one.id, [])
            yield (
                *(one.number, one.letter, states[one.state], *asdict(one.elements).values()),
                "\n".join(details.cases.get(one.id, ())),
                "\n".join(_figures(details, one)),
                "\n".join(_said(it) for it in said if it.is_answer),
                done[one.follow_up] if one.follow_up else "",
                "\n".join(_said(it) for it in said if not it.is_answer),
                *(one.conclusion, one.prepared.who, _day(one.prepared)),
                *(one.reviewed.who if one.reviewed else "", _day(one.reviewed), _day(one.delivered)),
                *(_day(one.answered), _day(one.followed_up), _day(one.closed)),
            )

    return Sheet(title=gettext("Findings"), head=head, rows=cells())


def _figures(details: FindingDetails, one: FindingRow) -> list[str]:
    return [
        f"{name}: {meant}" for _at, name, meant in subjects(details.figures.get(one.id, ()), details.sops)
    ]


def _said(one: Statement) -> str:
    done = f"{follow_up_words()[one.status]}: " if one.status else ""
    return f"{one.who}, {day(one.at)}: {done}{one.text}"


def _day(done: Done | None) -> date | None:
    return None if done is None else done.at.astimezone(current.zone_info()).date()
