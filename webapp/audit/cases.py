"""The cases that can be replayed, found by what an auditor knows of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.model.instance import InstanceStatus
from engine.queries.replay_cases import CaseFound, CasesFound, CasesSought, cases_found
from engine.queries.unread import Unread
from webapp import current, wording
from webapp.audit.area import Page, blueprint
from webapp.incoming import day_of, small_number
from webapp.language import gettext, ngettext
from webapp.standing import status_words
from webapp.unread import unread_words
from webapp.workbooks import Cell, Sheet, is_wanted, workbook

_LONGEST = 120
_MOST_ROWS = 20_000  # as a workbook


@blueprint.get("")
def home() -> Page:
    """Begin with the cases."""
    return redirect(url_for("audit.case_list"), HTTPStatus.SEE_OTHER)


@blueprint.get("/cases")
def case_list() -> Page:
    """List the cases that fit what is known."""
    sought = _sought(request.args)
    if is_wanted():
        return workbook(gettext("cases"), [_sheet(sought)])
    found = cases_found(current.engine(), current.actor(), sought)
    return render_template("audit/cases.html", list=_drawn(found, sought))


def _sheet(sought: CasesSought) -> Sheet:
    head = (
        *(gettext("Number"), gettext("Title"), gettext("SOP"), gettext("Revision"), gettext("Status")),
        *(gettext("Started"), gettext("Ended"), gettext("Events")),
    )
    return Sheet(title=gettext("Cases"), head=head, rows=_rows(sought, len(head)))


def _rows(sought: CasesSought, width: int) -> Iterator[tuple[Cell, ...]]:
    """Give a row for each case; where there are more than the workbook takes, the last row says so."""
    unread: list[Unread] = []
    for place, one in enumerate(_all(replace(sought, after=""), unread)):
        if place == _MOST_ROWS:
            more = gettext("More cases fit: these are the first %(count)s. Narrow the search.", count=place)
            yield (more, *("",) * (width - 1))
            return
        yield (
            *(one.number, one.title, one.sop, one.version, status_words(one.status)),
            wording.local(one.started_at),
            wording.local(one.ended_at) if one.ended_at else "",
            one.events,
        )
    yield from ((words, *("",) * (width - 1)) for words in unread_words(unread))


def _all(sought: CasesSought, unread: list[Unread]) -> Iterator[CaseFound]:
    """Give all cases that are sought, page after page; adds what could not be read."""
    found = cases_found(current.engine(), current.actor(), sought)
    yield from found.rows
    while found.after:
        unread += found.unread
        found = cases_found(current.engine(), current.actor(), replace(sought, after=found.after))
        yield from found.rows
    unread += found.unread


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """The page: what is sought, as typed; the cases; what the choices are, and where else to look."""

    sought: CasesSought
    found: CasesFound
    sops: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    next: str
    first: str
    looked_through: str
    unread: list[str]
    workbook: str


def _drawn(found: CasesFound, sought: CasesSought) -> CaseList:
    asked = {
        "q": sought.text,
        "value": sought.value,
        "since": sought.since.isoformat() if sought.since else "",
        "until": sought.until.isoformat() if sought.until else "",
        "sop": sought.sop,
        "version": sought.version,
        "status": sought.status.value if sought.status else "",
    }
    here: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return CaseList(
        sought=sought,
        found=found,
        sops=(("", gettext("All SOPs")), *found.sops),
        states=(("", gettext("All cases")), *((one.value, status_words(one)) for one in InstanceStatus)),
        next=url_for("audit.case_list", **here, after=found.after) if found.after else "",
        workbook=url_for("audit.case_list", **here, format="xlsx"),
        first=url_for("audit.case_list", **here) if sought.after else "",
        looked_through=_looked_through(found) if sought.value else "",
        unread=unread_words(found.unread),
    )


def _looked_through(found: CasesFound) -> str:
    if not found.after:
        return ""
    return ngettext(
        "%(num)s case was looked through; older ones are on the next page.",
        "%(num)s cases were looked through; older ones are on the next page.",
        found.looked_through,
    )


def _sought(args: Mapping[str, str]) -> CasesSought:
    """Read what is known of a case: what cannot be read is not asked for, wrongly ordered days are turned."""
    status = args.get("status", "")
    since, until = day_of(args.get("since", "")), day_of(args.get("until", ""))
    if since and until and since > until:
        since, until = until, since
    return CasesSought(
        text=_text(args, "q"),
        value=_text(args, "value"),
        since=since,
        until=until,
        sop=_text(args, "sop"),
        version=_number(args.get("version", "")),
        status=InstanceStatus(status) if status in set(InstanceStatus) else None,
        after=_text(args, "after"),
    )


def _text(args: Mapping[str, str], name: str) -> str:
    return " ".join(args.get(name, "").split())[:_LONGEST]


def _number(text: str) -> int | None:
    try:
        return small_number(text)
    except ValueError:
        return None
