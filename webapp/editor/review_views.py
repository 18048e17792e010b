"""A version under review: what is said of it, and what is decided."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import BinaryIO, cast
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions import approvals, reinstatement, review_comments, submissions
from engine.actions.approvals import Approval
from engine.actions.files import Upload
from engine.actions.version_standing import NO_VERSION
from engine.errors import Invalid, NotFound, Problem, UploadRefused
from engine.forms.notation import date_of
from engine.ids import new_id
from engine.model.permission import Permission
from engine.model.revision import Signatory
from engine.queries import deciding, past, review
from webapp import current, downloads
from webapp.difference import view
from webapp.editor.area import APPROVAL, Page, attempt, blueprint
from webapp.frame import leave_note
from webapp.wording import day_long

_SIGNATORY = ("post", "name", "nip")
_VERSION = "/<key>/versions/<int:number>"


@blueprint.get(f"{_VERSION}/review")
def review_of(key: str, number: int) -> Page:
    """Show a version with its review."""
    return _page(key, number)


@blueprint.post(f"{_VERSION}/review")
def ask_review(key: str, number: int) -> Page:
    """Ask for the approval of a version that was tried or returned."""
    submissions.ask_approval(current.engine(), current.actor(), key, number)
    leave_note(gettext("Approval was asked for."))
    return _back(key, number)


@blueprint.post(f"{_VERSION}/approval")
def approval(key: str, number: int) -> Page:
    """Approve a version."""
    filled = Approval(
        number=request.form.get("number", ""),
        effective_from=date_of(request.form.get("effective_from", "").strip()),
        paper=_paper(),
        signatory=Signatory(**{name: request.form.get(name, "").strip() for name in _SIGNATORY}),
    )
    try:
        begins = approvals.approve(current.engine(), current.actor(), key, number, filled)
    except Invalid as error:
        return _page(key, number, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except UploadRefused as error:
        problem = Problem(field="paper", label="The signed paper", sentence=error.sentence)
        return _page(key, number, (problem,)), HTTPStatus.UNPROCESSABLE_ENTITY
    _say_approved(number, begins)
    return _back(key, number)


def _say_approved(number: int, begins: date | None) -> None:
    if begins is None:
        words = gettext(
            "Revision %(number)s was approved and is in force: from now on new cases use it.", number=number
        )
    else:
        words = gettext(
            "Revision %(number)s was approved. It is in force from %(day)s.",
            number=number,
            day=day_long(begins),
        )
    leave_note(words, "ok")


@blueprint.get(f"{_VERSION}/approval/paper")
def approval_paper(key: str, number: int) -> Page:
    """Hand out the signed paper of an approval."""
    engine = current.engine()
    row = review.approval_paper(engine, current.actor(), key, number)
    return downloads.attachment(
        engine.blobs.open(row.object), filename=row.filename, media_type=row.media_type, size=row.size
    )


@blueprint.post(f"{_VERSION}/return")
def return_version(key: str, number: int) -> Page:
    """Return a version to its author."""
    try:
        reason = request.form.get("reason", "")
        approvals.return_version(current.engine(), current.actor(), key, number, reason)
    except Invalid as error:
        return _page(key, number, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(
        gettext("Revision %(number)s was returned to its author, with your reason.", number=number), "ok"
    )
    return _back(key, number)


@blueprint.get(f"{_VERSION}/withdrawal")
def withdrawing(key: str, number: int) -> Page:
    """Ask why a version is withdrawn."""
    return _withdrawal(key, number, ())


@blueprint.post(f"{_VERSION}/withdrawal")
def withdrawal(key: str, number: int) -> Page:
    """Withdraw a version."""
    try:
        reason = request.form.get("reason", "")
        approvals.withdraw(current.engine(), current.actor(), key, number, reason)
    except Invalid as error:
        return _withdrawal(key, number, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("Revision %(number)s was withdrawn.", number=number))
    return _back(key, number)


@blueprint.get(f"{_VERSION}/reinstatement")
def reinstating(key: str, number: int) -> Page:
    """Ask why an earlier version is put in force again."""
    return _reinstatement(key, number, ())


@blueprint.post(f"{_VERSION}/reinstatement")
def reinstated(key: str, number: int) -> Page:
    """Put an earlier version in force again."""
    try:
        reason = request.form.get("reason", "")
        reinstatement.reinstate(current.engine(), current.actor(), key, number, reason)
    except Invalid as error:
        return _reinstatement(key, number, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(
        gettext("Revision %(number)s is in force again: from now on new cases use it.", number=number), "ok"
    )
    return _back(key, number)


@blueprint.post(f"{_VERSION}/comments")
def comments(key: str, number: int) -> Page:
    """Say something of a version."""
    element, text = request.form.get("element", ""), request.form.get("text", "")
    try:
        review_comments.comment(current.engine(), current.actor(), key, number, element, text, attempt())
    except Invalid as error:
        return _page(key, number, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(key, number)


@blueprint.post(f"{_VERSION}/comments/<uuid:comment_id>/settlement")
def settlement(key: str, number: int, comment_id: UUID) -> Page:
    """Mark a comment as settled."""
    review_comments.settle(current.engine(), current.actor(), key, number, comment_id)
    return _back(key, number)


def _page(key: str, number: int, problems: tuple[Problem, ...] = ()) -> str:
    found = deciding.deciding_page(current.engine(), current.actor(), key, number)
    page = found.page
    return render_template(
        "editor/review.html",
        page=page,
        same=found.same,
        changes=view(found.difference, drawn=False) if found.difference else None,
        problems=problems,
        typed=request.form or _printed_first(),
        attempt=new_id().hex,
        kept=past.kept_in(current.engine(), current.actor(), page.version.id),
    )


def _printed_first() -> dict[str, str]:
    """Give what the approval's form holds in the address, where its paper to be signed was printed first."""
    return {name: text for name, text in request.args.items() if name in APPROVAL}


def _withdrawal(key: str, number: int, problems: tuple[Problem, ...]) -> str:
    actor = current.actor()
    if not (actor.may(Permission.REVISE) or actor.may(Permission.APPROVE)):
        raise NotFound(NO_VERSION)
    page = review.review_page(current.engine(), actor, key, number)
    return render_template(
        "editor/withdrawal.html", page=page, problems=problems, reason=request.form.get("reason", "")
    )


def _reinstatement(key: str, number: int, problems: tuple[Problem, ...]) -> str:
    page = review.review_page(current.engine(), current.actor(), key, number)
    if not page.may_reinstate:
        raise NotFound(NO_VERSION)
    return render_template(
        "editor/reinstatement.html", page=page, problems=problems, reason=request.form.get("reason", "")
    )


def _back(key: str, number: int) -> Page:
    return redirect(f"/library/{key}/versions/{number}/review", HTTPStatus.SEE_OTHER)


def _paper() -> Upload | None:
    file = request.files.get("paper")
    if file is None or not file.filename:
        return None
    return Upload(field="paper", filename=file.filename, stream=cast("BinaryIO", file.stream))
