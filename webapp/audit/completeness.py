"""What should be there and is not."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request

from engine.errors import say
from engine.model.event import Scope
from engine.queries import completeness as pages
from engine.queries.completeness import Completeness
from engine.queries.completeness_gaps import Counted, Gap
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.incoming import small_number
from webapp.language import gettext
from webapp.workbooks import Sheet, is_wanted, workbook


@blueprint.get("/completeness")
def completeness() -> Page:
    """Show what a year lacks: numbers, years and units without a case, gaps in what is counted."""
    year = request.args.get("year", type=small_number)
    found = pages.completeness(current.engine(), current.actor(), year)
    if is_wanted():
        return workbook(f"kelengkapan-{found.year}", _sheets(found))
    return render_template("audit/completeness.html", page=found)


def gap_subject(gap: Gap) -> str:
    """Say whose sequence has a gap."""
    words = {
        Scope.INSTANCE: gettext("Case %(name)s", name=gap.name),
        Scope.OFFICE: gettext("The office's own record"),
        Scope.LIBRARY: gettext("Record of the SOP %(name)s", name=gap.name),
    }
    return words[gap.scope]


_AUDITS = {
    Counted.FINDINGS: say("Findings"),
    Counted.INQUIRIES: say("Questions to the office"),
    Counted.SAMPLES: say("Samples"),
    Counted.LETTERS: say("Letters of assignment"),
}


def gap_words(gap: Gap) -> str:
    """Say what a sequence lacks."""
    if gap.of in _AUDITS:
        return gettext(
            "%(what)s: the record tells of %(expected)s, but there are %(found)s.",
            what=gettext(_AUDITS[gap.of].template),
            expected=gap.expected,
            found=gap.found,
        )
    if gap.of is Counted.DOCUMENTS:
        return gettext(
            "The last document has number %(expected)s, but there are %(found)s.",
            expected=gap.expected,
            found=gap.found,
        )
    return gettext(
        "The last event should have number %(expected)s, but there are %(found)s.",
        expected=gap.expected,
        found=gap.found,
    )


def _sheets(found: Completeness) -> Iterator[Sheet]:
    yield Sheet(
        title=gettext("Numbers of cases"),
        head=(gettext("SOP"), gettext("Numbers given"), gettext("Cases"), gettext("Without a case")),
        rows=((one.sop, one.given, one.cases, ", ".join(one.missing)) for one in found.numbers),
    )
    yield Sheet(
        title=gettext("Years"),
        head=(gettext("SOP"), gettext("In use since"), gettext("Years without a case")),
        rows=((one.sop, one.since, ", ".join(map(str, one.without))) for one in found.sops),
    )
    yield Sheet(
        title=gettext("Units"),
        head=(gettext("Unit"), gettext("People"), gettext("Cases started")),
        rows=((one.unit, one.people, one.cases) for one in found.units),
    )
    yield Sheet(
        title=gettext("Gaps"),
        head=(gettext("Where"), gettext("What is missing")),
        rows=((gap_subject(one), gap_words(one)) for one in found.gaps),
    )


blueprint.add_app_template_filter(gap_subject, "gap_subject")
blueprint.add_app_template_filter(gap_words, "gap_words")
