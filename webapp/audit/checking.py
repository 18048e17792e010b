"""Whether a case is what its events lead to: it is rebuilt while the page is made."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from engine.record.case_check import check_case
from webapp import current
from webapp.audit.area import Page, blueprint


@blueprint.get("/cases/<uuid:case_id>/check")
def check(case_id: UUID) -> Page:
    """Rebuild a case from its record and say whether the stored one is the same."""
    found = check_case(current.engine(), current.actor(), case_id)
    return render_template("audit/check.html", found=found, facts=found.facts, answer=found.answer)
