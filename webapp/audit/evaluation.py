"""The monitoring and evaluation form of PermenPAN-RB 35/2012, filled from an SOP's figures."""

from __future__ import annotations

from functools import partial

from flask import render_template, request

from engine.queries.evaluation import evaluation_page
from engine.queries.figures import usual_sop
from webapp import current, workbooks
from webapp.audit.area import Page, blueprint
from webapp.audit.evaluation_view import view_of
from webapp.audit.figures_asked import address_of, asked_for
from webapp.audit.figures_large import unless_large
from webapp.language import gettext
from webapp.unread import unread_sheets, unread_words


@blueprint.get("/figures/evaluation")
@unless_large
def evaluation() -> Page:
    """Show the form, to be printed and completed by hand."""
    asked = asked_for(request.args, partial(usual_sop, current.engine(), current.actor()))
    if not asked.sop:
        return render_template("audit/figures_none.html")
    page = evaluation_page(current.engine(), current.actor(), asked)
    view = view_of(page)
    if workbooks.is_wanted():
        subject = gettext("monitoring and evaluation")
        name = f"{asked.sop} {subject} {asked.since} {asked.until}"
        return workbooks.workbook(name, [*view.sheets, *unread_sheets(page.unread)])
    return render_template(
        "audit/evaluation.html",
        page=page,
        asked=page.scope.asked,
        view=view,
        address_of=address_of,
        unread=unread_words(page.unread),
    )
