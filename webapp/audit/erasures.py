"""What was erased on legal demand, as a list and a workbook."""

from __future__ import annotations

from flask import render_template

from engine.queries import erasures as pages
from engine.queries.erasures import ErasureRow
from webapp import current, wording
from webapp.audit.area import Page, blueprint
from webapp.language import gettext
from webapp.workbooks import Sheet, is_wanted, workbook

_MOST_ROWS = 20_000  # as a workbook


@blueprint.get("/record/erasures")
def erasure_list() -> Page:
    """List what was erased: when, by whom, on which letter."""
    if is_wanted():
        rows = pages.erasures(current.engine(), current.actor(), _MOST_ROWS)
        return workbook(gettext("erasures"), [_sheet(rows)])
    rows = pages.erasures(current.engine(), current.actor())
    return render_template("audit/erasures.html", rows=rows, most=pages.MOST)


def _sheet(rows: list[ErasureRow]) -> Sheet:
    head = (
        gettext("Case"),
        gettext("When"),
        gettext("Erased by"),
        gettext("Letter"),
        gettext("Reason"),
        gettext("Entries"),
        gettext("Documents"),
        gettext("Title erased"),
        gettext("Event"),
    )
    told = (
        (
            one.number or gettext("Record of the office"),
            wording.local(one.at),
            one.by,
            one.letter,
            one.reason,
            one.entries,
            one.documents,
            gettext("yes") if one.title else gettext("no"),
            one.seq,
        )
        for one in rows
    )
    return Sheet(title=gettext("Erasures"), head=head, rows=told)
