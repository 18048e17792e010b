"""The list of cases as its template draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.model.job import REVISION
from engine.model.permission import Permission
from engine.queries.cases import CaseRow, CasesPage
from engine.queries.cases_asked import CasesAsked, Tab
from webapp import current
from webapp.due import Due, step_due
from webapp.language import gettext
from webapp.standing import held_by, named_round, status_words

_LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class StandsAt:
    """One open step of a case."""

    step: str
    due: Due
    holder: str


@dataclass(frozen=True, kw_only=True)
class ListedCase:
    """A row. ``ended`` is a status in words where nothing is open any more."""

    id: UUID
    number: str
    title: str
    trial: bool
    steps: tuple[StandsAt, ...]
    ended: str
    waits: str  # for what, where nobody has a task of it
    stopped: bool
    finished: bool
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """The page: tabs are (address, words, count, here)."""

    asked: CasesAsked
    tabs: tuple[tuple[str, str, int | None, bool], ...]
    rows: tuple[ListedCase, ...]
    sops: tuple[tuple[str, str], ...]
    next: str
    first: str
    cleared: str


def asked_for(args: Mapping[str, str], actor: Actor) -> CasesAsked:
    """Read what somebody wants to see; who only supervises begins with what runs."""
    usual = Tab.FOLLOWED if actor.may(Permission.WORK) or not _supervises(actor) else Tab.RUNNING
    tab = args.get("tab", "")
    return CasesAsked(
        tab=Tab(tab) if tab in set(Tab) else usual,
        text=" ".join(args.get("q", "").split())[:_LONGEST],
        sop=args.get("sop", "")[:_LONGEST],
        after=args.get("after", ""),
    )


def draw_list(page: CasesPage, asked: CasesAsked) -> CaseList:
    """Put a page of cases into rows, with the addresses around it."""
    words = {
        Tab.FOLLOWED: gettext("I follow"),
        Tab.RUNNING: gettext("Running"),
        Tab.LATE: gettext("Overdue"),
        Tab.FINISHED: gettext("Finished"),
        Tab.CANCELLED: gettext("Cancelled"),
    }
    text, sop = asked.text or None, asked.sop or None
    tabs = tuple(
        (url_for("cases.case_list", tab=tab.value, q=text, sop=sop), said, None, tab is asked.tab)
        for tab, said in words.items()
    )
    here: dict[str, Any] = {"tab": asked.tab.value, "q": text, "sop": sop}
    return CaseList(
        asked=asked,
        tabs=tabs,
        rows=tuple(_row(row) for row in page.rows),
        sops=(("", gettext("All SOPs")), *page.sops),
        next=url_for("cases.case_list", **here, after=page.after) if page.after else "",
        first=url_for("cases.case_list", **here) if asked.after else "",
        cleared=url_for("cases.case_list", tab=asked.tab.value),
    )


def _row(row: CaseRow) -> ListedCase:
    office = current.actor().office
    running = row.status is InstanceStatus.RUNNING
    return ListedCase(
        id=row.id,
        number=row.number,
        title=row.title,
        trial=row.trial,
        steps=tuple(
            StandsAt(
                step=named_round(step.name, step.round),
                due=step_due(step, office, waits_to_start=step.waits_to_start),
                holder=held_by(step.holder, step.role_label),
            )
            for step in row.steps
        ),
        ended="" if running else status_words(row.status),
        waits="" if row.steps else _waits(row),
        stopped=row.stopped,
        finished=row.status is InstanceStatus.FINISHED,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _supervises(actor: Actor) -> bool:
    return actor.may(Permission.SUPERVISE_CASES)


def _waits(row: CaseRow) -> str:
    if row.stopped:
        return ""
    if row.asks == REVISION:
        return gettext("Alur's turn")
    return gettext("Waits for another system") if row.asks else gettext("Waits for a message or a set time")
