"""Large files that the reader asked for: how far each is, and the file once it is ready."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, url_for

from engine.actions import takeouts as actions
from engine.model.event_log import LogFormat
from engine.model.takeout import KEPT, Takeout, TakeoutKind, TakeoutState
from engine.queries.takeouts import takeouts_of
from engine.record.event_logs.formats import SHAPES
from webapp import current, wording
from webapp.audit.area import Page, blueprint
from webapp.downloads import attachment
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.workbooks import Sheet, is_wanted, workbook


@blueprint.get("/takeouts")
def takeouts() -> Page:
    """List them."""
    found = takeouts_of(current.engine(), current.actor())
    if is_wanted():
        return workbook(gettext("your-files"), [_sheet(found)])
    return render_template(
        "audit/takeouts.html",
        takeouts=found,
        running=any(one.state is TakeoutState.MAKING for one in found),
    )


def _sheet(found: Sequence[Takeout]) -> Sheet:
    head = (
        gettext("What it is"),
        gettext("Asked for"),
        gettext("State"),
        gettext("Name of the file"),
        gettext("Size (bytes)"),
        gettext("To be had until"),
    )
    rows = (
        (
            takeout_title(one),
            wording.local(one.asked_at),
            _state(one),
            one.filename,
            one.size or None,
            wording.local(one.ended_at + KEPT) if one.ended_at else None,
        )
        for one in found
    )
    return Sheet(title=gettext("Your files"), head=head, rows=rows)


def _state(one: Takeout) -> str:
    if one.problem:
        return sentence(one.problem)
    return takeout_progress(one) if one.state is TakeoutState.MAKING else gettext("Ready")


@blueprint.get("/takeouts/<uuid:takeout_id>/file")
def takeout_file(takeout_id: UUID) -> Page:
    """Hand one out; that it was taken is on record first."""
    found = actions.hand_out(current.engine(), current.actor(), takeout_id)
    content = current.engine().blobs.open(found.object or "")
    return attachment(content, filename=found.filename, media_type=_media_type(found), size=found.size)


@blueprint.post("/takeouts/<uuid:takeout_id>/drop")
def drop_takeout(takeout_id: UUID) -> Page:
    """Remove one."""
    actions.drop(current.engine(), current.actor(), takeout_id)
    return redirect(url_for("audit.takeouts"), HTTPStatus.SEE_OTHER)


def asked_for() -> Page:
    """Lead to the page where somebody sees how far it is."""
    return redirect(url_for("audit.takeouts"), HTTPStatus.SEE_OTHER)


def _media_type(found: Takeout) -> str:
    if found.kind is TakeoutKind.BUNDLE:
        return "application/zip"
    return SHAPES[LogFormat(found.asked["format"])].media_type


def takeout_title(found: Takeout) -> str:
    """Say what a file is."""
    if found.kind is TakeoutKind.BUNDLE:
        return gettext("Evidence bundle of case %(number)s", number=found.asked["number"])
    return gettext("Event log (%(format)s)", format=SHAPES[LogFormat(found.asked["format"])].ending)


def takeout_progress(found: Takeout) -> str:
    """Say how far it is."""
    if not found.total:
        return gettext("Waiting for its turn.")
    values = {"done": wording.number(found.done), "total": wording.number(found.total)}
    if found.kind is TakeoutKind.BUNDLE:
        return gettext("Writing papers: %(done)s of %(total)s.", **values)
    return gettext("Writing events: %(done)s of %(total)s.", **values)


def takeout_until(found: Takeout) -> str:
    """Say until when it can be had."""
    return wording.moment_short(found.ended_at + KEPT) if found.ended_at else ""


blueprint.add_app_template_filter(takeout_title)
blueprint.add_app_template_filter(takeout_progress)
blueprint.add_app_template_filter(takeout_until)
