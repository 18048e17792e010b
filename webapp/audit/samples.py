"""Samples of cases: drawn, looked at case by case, concluded, reviewed, and taken away as one file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for

from engine.actions import samples as acts
from engine.actions.samples import SampleForm
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from engine.ids import parse_id
from engine.model.sampling import SampleState, Verdict
from engine.model.unseen import NO_SAMPLE
from engine.queries import samples as pages
from engine.queries.samples import SamplePage, SampleRow
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.samples_typed import seen_as, typed_of
from webapp.frame import leave_note
from webapp.incoming import small_number
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.workbooks import Sheet, is_wanted, workbook

_FIELDS = ("assignment", "title", "size", "sop", "since", "until", "seed")


def state_words(state: SampleState) -> str:
    """Say how far a sample has come."""
    return {
        SampleState.DRAWN: gettext("Being looked at"),
        SampleState.CONCLUDED: gettext("Concluded, waits for review"),
        SampleState.REVIEWED: gettext("Reviewed"),
    }[state]


def verdict_words(verdict: Verdict) -> str:
    """Say what was found in a case."""
    return {
        Verdict.OPEN: gettext("Not looked at yet"),
        Verdict.IN_ORDER: gettext("In order"),
        Verdict.EXCEPTION: gettext("Exception"),
    }[verdict]


blueprint.add_app_template_filter(state_words, "sample_state")
blueprint.add_app_template_filter(verdict_words, "sample_verdict")
blueprint.add_app_template_global(seen_as)


@blueprint.get("/samples")
def sample_list() -> Page:
    """List the samples of the reader's teams."""
    rows = pages.sample_list(current.engine(), current.actor())
    if is_wanted():
        return workbook(gettext("samples"), [_list_sheet(rows)])
    return render_template("audit/samples.html", rows=rows)


@blueprint.get("/samples/new")
def new_sample() -> Page:
    """Show the form of a new sample."""
    return _form({}, ())


@blueprint.post("/samples")
def draw_sample() -> Page:
    """Draw a sample."""
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    form = SampleForm(
        title=typed["title"],
        size=request.form.get("size", type=small_number),
        sop=parse_id(typed["sop"]),
        since=_day(typed["since"]),
        until=_day(typed["until"]),
        seed=typed["seed"],
    )
    letter = parse_id(typed["assignment"])
    if letter is None:
        raise NotFound(NO_SAMPLE)
    try:
        made = acts.take(current.engine(), current.actor(), letter, form)
    except Invalid as error:
        return _form(typed, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The sample is drawn. Whoever knows its seed draws the same."))
    return redirect(url_for("audit.sample", sample_id=made), HTTPStatus.SEE_OTHER)


@blueprint.get("/samples/<uuid:sample_id>")
def sample(sample_id: UUID) -> Page:
    """Show a sample with its cases."""
    found = pages.sample_page(current.engine(), current.actor(), sample_id)
    if is_wanted():
        return workbook(gettext("sample"), _sheets(found))
    return show_sample(found, ())


@blueprint.post("/samples/<uuid:sample_id>/review")
def review_sample(sample_id: UUID) -> Page:
    """Accept the working papers, or give them back."""
    form = request.form
    revision, accepted = form.get("revision", 0, type=small_number), form.get("accepted") == "yes"

    try:
        acts.review(
            current.engine(),
            current.actor(),
            sample_id,
            revision,
            accepted=accepted,
            text=form.get("review", ""),
        )
    except Invalid as error:
        found = pages.sample_page(current.engine(), current.actor(), sample_id)
        return show_sample(found, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Forbidden) as error:
        leave_note(sentence(error.sentence), "error")
    else:
        leave_note(
            gettext("The working papers are accepted.")
            if accepted
            else gettext("The working papers are given back.")
        )
    return redirect(url_for("audit.sample", sample_id=sample_id), HTTPStatus.SEE_OTHER)


def show_sample(found: SamplePage, problems: Collection[Problem], safe: str = "") -> str:
    """Show a sample; what the reader has just typed stands in the place of what is stored."""
    return render_template(
        "audit/sample.html",
        page=found,
        row=found.row,
        problems=problems,
        safe=safe,
        typed=typed_of(request.form),
        verdicts=[(one.value, verdict_words(one)) for one in Verdict],
    )


def _form(typed: dict[str, str], problems: Collection[Problem]) -> str:
    offered = pages.drawing_page(current.engine(), current.actor())
    return render_template(
        "audit/sample_new.html",
        letters=[(letter.hex, number) for letter, number in offered.letters],
        sops=[("", gettext("Every SOP")), *((sop.hex, name) for sop, name in offered.sops)],
        typed=typed,
        problems=problems,
    )


def _day(text: str) -> date | None:
    """Read a day as a browser's field or a person writes it; nonsense is none."""
    for order in (text, "-".join(reversed(text.strip().split("-")))):
        try:
            return date.fromisoformat(order.strip())
        except ValueError:
            continue
    return None


def _list_sheet(rows: Iterable[SampleRow]) -> Sheet:
    head = (
        *(gettext("Title"), gettext("Letter of assignment"), gettext("SOP"), gettext("Status")),
        *(gettext("Drawn from so many cases"), gettext("Drawn"), gettext("Looked at")),
        *(gettext("Exceptions"), gettext("Prepared by"), gettext("Reviewed by"), gettext("Seed")),
    )
    facts = (
        (
            *(one.title, one.letter, one.sop or gettext("Every SOP"), state_words(one.state)),
            *(one.population, one.size, one.looked_at),
            *(one.exceptions, one.prepared_by, one.reviewed_by, one.seed),
        )
        for one in rows
    )
    return Sheet(title=gettext("Samples"), head=head, rows=facts)


def _sheets(found: SamplePage) -> Iterator[Sheet]:
    row = found.row
    facts = (
        (gettext("Title"), row.title),
        (gettext("Letter of assignment"), row.letter),
        (gettext("SOP"), row.sop or gettext("Every SOP")),
        (gettext("Started from"), row.since),
        (gettext("Started until"), row.until),
        (gettext("Seed"), row.seed),
        (gettext("Drawn from so many cases"), row.population),
        (gettext("SHA-256 of their numbers"), row.population_digest),
        (gettext("Drawn"), row.size),
        (gettext("Exceptions"), row.exceptions),
        (gettext("Prepared by"), row.prepared_by),
        (gettext("Conclusion"), row.conclusion),
        (gettext("Reviewed by"), row.reviewed_by),
        (gettext("What the reviewer said"), row.review),
    )
    yield Sheet(title=gettext("Sample"), head=(gettext("What"), gettext("Value")), rows=facts)
    head = ("#", gettext("Case"), gettext("Title"), gettext("SOP"), gettext("Result"), gettext("Note"))
    yield Sheet(
        title=gettext("Working papers"),
        head=(*head, gettext("Noted by")),
        rows=(
            (one.place, one.number, one.title, one.sop, verdict_words(one.verdict), one.note, one.noted_by)
            for one in found.cases
        ),
    )
