"""What a revision changes: of a draft, and between any two revisions."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask_babel import gettext

from engine.model.process_draft import DraftState, ProcessDraft
from engine.queries import differences, open_cases, past
from engine.queries.open_cases import OpenCases
from engine.queries.past import PastPage
from webapp import current
from webapp.difference import edition_words, view
from webapp.editor.area import Page, blueprint
from webapp.incoming import small_number


@blueprint.get("/<key>/drafts/<uuid:draft_id>/difference")
def difference(key: str, draft_id: UUID) -> Page:
    """Show what a draft changes of the revision it would replace."""
    old = request.args.get("old", type=small_number)
    found = differences.of_draft(current.engine(), current.actor(), key, draft_id, old)
    draft, changed = found.page.draft, found.difference
    heading = gettext("What the draft changes")
    if changed is not None:
        heading = gettext("What the draft changes of %(old)s", old=_in_text(edition_words(changed.old)))
    return render_template(
        "editor/difference.html",
        key=key,
        name=draft.name,
        heading=heading,
        back=f"/library/{key}/drafts/{draft.id.hex}",
        back_words=f"{gettext('Draft')}: {draft.name}",
        page=found.page,
        view=None if changed is None else view(changed),
        against=found.against,
        warned=found.warned,
        address=f"/library/{key}/drafts/{draft.id.hex}/difference?old=",
        cases=_open_cases(key, draft),
        past=_past(key, draft),
    )


def _open_cases(key: str, draft: ProcessDraft) -> OpenCases | None:
    """Give what the draft means for open cases; None of one that is closed, or of an SOP that is new."""
    if draft.state is not DraftState.OPEN or draft.base is None:
        return None
    return open_cases.for_draft(current.engine(), current.actor(), key, draft.id)


def _past(key: str, draft: ProcessDraft) -> PastPage | None:
    """Give how past cases fared in the draft when it was last tried on them."""
    if draft.state is not DraftState.OPEN or draft.base is None:
        return None
    return past.past_page(current.engine(), current.actor(), key, draft.id)


@blueprint.get("/<key>/compare")
def compare(key: str) -> Page:
    """Show what two revisions differ in; the newest and the one before where none are named."""
    old, new = (request.args.get(name, type=small_number) for name in ("old", "new"))
    found = differences.compared(current.engine(), current.actor(), key, old, new)
    name = found.difference.name
    heading = gettext("What changes from revision %(old)s to revision %(new)s", old=found.old, new=found.new)
    return render_template(
        "editor/difference.html",
        key=key,
        name=name,
        heading=heading,
        back=f"/library/{key}/versions",
        back_words=name,
        others=found.revisions,
        old=found.old,
        new=found.new,
        view=view(found.difference),
        against=found.against,
        warned=found.warned,
        address=f"/library/{key}/compare?new={found.new}&old=",
    )


def _in_text(words: str) -> str:
    return words[:1].lower() + words[1:]
