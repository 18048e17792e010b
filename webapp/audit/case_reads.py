"""Who read which case, as a list and a workbook."""

from __future__ import annotations

from flask import render_template

from engine.queries import case_reads as pages
from engine.queries.case_reads import CaseRead
from webapp import current, wording
from webapp.audit.area import Page, blueprint
from webapp.language import gettext
from webapp.workbooks import Sheet, is_wanted, workbook

_MOST_ROWS = 20_000  # as a workbook


@blueprint.get("/record/reads")
def read_list() -> Page:
    """List who read which case, and when the last time."""
    if is_wanted():
        rows = pages.case_reads(current.engine(), current.actor(), _MOST_ROWS)
        return workbook(gettext("reads"), [_sheet(rows)])
    rows = pages.case_reads(current.engine(), current.actor())
    return render_template("audit/reads.html", rows=rows, most=pages.MOST)


def _sheet(rows: list[CaseRead]) -> Sheet:
    head = (
        gettext("Case"),
        gettext("Title"),
        gettext("Read by"),
        gettext("Pages of it"),
        gettext("The last time"),
    )
    told = ((one.number, one.title, one.who, one.pages, wording.local(one.last)) for one in rows)
    return Sheet(title=gettext("Reads"), head=head, rows=told)
