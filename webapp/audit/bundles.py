"""The evidence of a case as one file, and the check that goes with it."""

from __future__ import annotations

import os
from http import HTTPStatus
from uuid import UUID

from flask import abort, redirect, render_template, url_for

from engine.actions.takeouts import ask_for_bundle
from engine.errors import Conflict
from engine.queries.evidence import bundle_asked
from engine.record.bundle import CHECKS, EVENT_CHECK, make, sheets_of, shipped
from webapp import current, downloads
from webapp.audit.area import Page, blueprint
from webapp.audit.takeouts import asked_for
from webapp.frame import leave_note
from webapp.rendering import sentence
from webapp.workbooks import sent, workbook

AT_ONCE = 300  # events of a case whose evidence is made while its reader waits: some six seconds


@blueprint.get("/cases/<uuid:case_id>/bundle")
def bundle(case_id: UUID) -> Page:
    """Say what the evidence of a case holds, and how it is checked."""
    found = bundle_asked(current.engine(), current.actor(), case_id)
    return render_template(
        "audit/bundle.html", page=found, facts=found.facts, is_later=found.events > AT_ONCE
    )


@blueprint.get("/cases/<uuid:case_id>/workbook")
def case_workbook(case_id: UUID) -> Page:
    """Give what the report of a case says as tables."""
    number, sheets = sheets_of(current.engine(), current.actor(), case_id)
    return workbook(number.replace("/", "-"), sheets)


@blueprint.post("/cases/<uuid:case_id>/bundle")
def make_bundle(case_id: UUID) -> Page:
    """Make the evidence and hand it out, that of a long case later; that it was taken is on record."""
    engine, actor = current.engine(), current.actor()
    try:
        if bundle_asked(engine, actor, case_id).events > AT_ONCE:
            ask_for_bundle(engine, actor, case_id)
            return asked_for()
        made = make(engine, actor, case_id)
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
        return redirect(url_for("audit.bundle", case_id=case_id), HTTPStatus.SEE_OTHER)
    made.file.seek(0, os.SEEK_END)
    return sent(made.file, filename=made.name, media_type="application/zip")


@blueprint.get("/checks/<name>")
def bundle_check(name: str) -> Page:
    """Hand out the check by itself: for who wants it from here, and not from a bundle."""
    if name not in {*CHECKS, EVENT_CHECK}:
        abort(HTTPStatus.NOT_FOUND)
    kind = "text/html" if name.endswith(".html") else "text/x-python"
    return downloads.attachment(shipped(name), filename=name, media_type=kind)
