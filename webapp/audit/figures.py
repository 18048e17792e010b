"""Figures of an SOP in a period: how long, how often, how well, and where it differed from the SOP."""

from __future__ import annotations

from functools import partial

from flask import render_template, request

from engine.errors import NotFound
from engine.model.unseen import NO_PAGE
from engine.queries import figures as queries
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import PAGE, DeviationKind, deviations_page
from engine.queries.figures_rework import rework_page
from webapp import current, workbooks
from webapp.audit.area import Page, blueprint
from webapp.audit.figures_asked import address_of, asked_for
from webapp.audit.figures_drawn import ways_view
from webapp.audit.figures_large import unless_large
from webapp.audit.figures_lists import deviations_table, reasons_table
from webapp.audit.figures_view import view_of
from webapp.audit.figures_words import kind_meaning, kind_words
from webapp.incoming import small_number
from webapp.language import gettext
from webapp.unread import unread_sheets, unread_words

_MOST_ROWS = 20_000  # of a list as a workbook


@blueprint.get("/figures")
@unless_large
def figures() -> Page:
    """Show the figures of an SOP and period."""
    asked = _asked()
    if not asked.sop:
        return render_template("audit/figures_none.html")
    page = queries.figures_page(current.engine(), current.actor(), asked)
    view = view_of(page, asked)
    unread = page.rework.unread if page.rework else ()
    if workbooks.is_wanted():
        sheets = [*(one.sheet for one in view.tables), *unread_sheets(unread)]
        return workbooks.workbook(_name(asked, gettext("figures")), sheets)
    return render_template(
        "audit/figures.html",
        page=page,
        asked=asked,
        view=view,
        address_of=address_of,
        unread=unread_words(unread),
    )


@blueprint.get("/figures/deviations/<kind>")
@unless_large
def deviations(kind: str) -> Page:
    """List the deviations of a class."""
    if kind not in set(DeviationKind):
        raise NotFound(NO_PAGE)
    wanted, asked = DeviationKind(kind), _asked()
    number = max(1, request.args.get("page", default=1, type=small_number))
    if workbooks.is_wanted():
        page = deviations_page(current.engine(), current.actor(), asked, wanted, most=_MOST_ROWS)
        sheets = [deviations_table(wanted, page.rows).sheet, *unread_sheets(page.unread)]
        return workbooks.workbook(_name(asked, kind_words(wanted)), sheets)
    page = deviations_page(current.engine(), current.actor(), asked, wanted, number)
    return render_template(
        "audit/deviations.html",
        page=page,
        asked=asked,
        heading=kind_words(wanted),
        meaning=kind_meaning(wanted),
        table=deviations_table(wanted, page.rows),
        address_of=partial(address_of, asked, "audit.deviations", kind=kind),
        back=address_of(asked),
        first=(number - 1) * PAGE + 1,
        unread=unread_words(page.unread),
    )


@blueprint.get("/figures/rework")
@unless_large
def rework() -> Page:
    """List why steps were done again."""
    asked = _asked()
    page = rework_page(current.engine(), current.actor(), asked)
    table = reasons_table(page.rework.reasons)
    if workbooks.is_wanted():
        sheets = [table.sheet, *unread_sheets(page.rework.unread)]
        return workbooks.workbook(_name(asked, table.caption), sheets)
    return render_template(
        "audit/rework.html",
        page=page,
        asked=asked,
        table=table,
        address_of=address_of,
        unread=unread_words(page.rework.unread),
    )


@blueprint.get("/figures/ways")
@unless_large
def ways() -> Page:
    """Show the ways that cases took."""
    asked = _asked()
    page = queries.ways_page(current.engine(), current.actor(), asked)
    view = ways_view(page.variants, page.day_length)
    if workbooks.is_wanted():
        return workbooks.workbook(_name(asked, view.table.caption), [view.table.sheet])
    return render_template("audit/ways.html", page=page, asked=asked, view=view, address_of=address_of)


def _asked() -> FiguresAsked:
    return asked_for(request.args, partial(queries.usual_sop, current.engine(), current.actor()))


def _name(asked: FiguresAsked, subject: str) -> str:
    """Name a file."""
    return f"{asked.sop} {subject} {asked.since} {asked.until}"
