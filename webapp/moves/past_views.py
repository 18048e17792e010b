"""The past through a draft: the answers on record, played through it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request

from engine.actions import batches
from engine.ids import parse_id
from engine.queries import past
from webapp import current
from webapp.moves.area import Page, blueprint


@blueprint.get("/<key>/drafts/<uuid:draft_id>/past")
def of_past(key: str, draft_id: UUID) -> Page:
    """Show how the answers on record fare in a draft."""
    return render_template(
        "moves/past.html", page=past.past_page(current.engine(), current.actor(), key, draft_id)
    )


@blueprint.post("/<key>/drafts/<uuid:draft_id>/past")
def play_past(key: str, draft_id: UUID) -> Page:
    """Let the answers on record be played through a draft."""
    past.past_page(current.engine(), current.actor(), key, draft_id)
    batches.replay_draft(current.engine(), current.actor(), draft_id)
    return redirect(_address(key, draft_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<key>/kept-cases/<uuid:case_id>")
def keep_case(key: str, case_id: UUID) -> Page:
    """Let every later draft be tried on a case, or no longer."""
    wanted = request.form.get("keep") == "yes"
    batches.keep_case(current.engine(), current.actor(), case_id, wanted=wanted)
    draft = parse_id(request.form.get("draft", ""))
    return redirect(f"/library/{key}" if draft is None else _address(key, draft), HTTPStatus.SEE_OTHER)


def _address(key: str, draft_id: UUID) -> str:
    return f"/library/{key}/drafts/{draft_id.hex}/past"
