"""Figures of an SOP in a period: how long, how often, how well, and where it differed from the SOP."""

from __future__ import annotations

from functools import partial

from flask import render_template, request

from engine.queries import figures as queries
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.figures_asked import address_of, asked_for
from webapp.audit.figures_view import view_of


@blueprint.get("/figures")
def figures() -> Page:
    """Show the figures of an SOP and period."""
    engine, actor = current.engine(), current.actor()
    asked = asked_for(request.args, partial(queries.usual_sop, engine, actor))
    if not asked.sop:
        return render_template("audit/figures_none.html")
    page = queries.figures_page(engine, actor, asked)
    return render_template(
        "audit/figures.html", page=page, asked=asked, view=view_of(page), address_of=address_of
    )
