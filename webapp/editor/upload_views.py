"""A draft from a file: uploaded, compared with what it was before, taken over or brought back."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions.draft_contents import restore_content
from engine.actions.draft_uploads import OtherSop, SopFile, take_over, upload_draft
from engine.actions.process_drafts import DraftMoved
from engine.errors import Invalid, Refused, Sentence
from engine.queries.draft_losses import losses_page
from webapp import current
from webapp.editor.area import NO_FILE, Page, blueprint, carried, carried_file, revision, sop_file
from webapp.frame import leave_note
from webapp.incoming import small_number

_DRAFT = "/<key>/drafts/<uuid:draft_id>"


@blueprint.get(f"{_DRAFT}/upload")
def uploading(key: str, draft_id: UUID) -> Page:
    """Ask for a file; show what the draft lost by the last one."""
    return _page(key, draft_id)


@blueprint.post(f"{_DRAFT}/upload")
def upload(key: str, draft_id: UUID) -> Page:
    """Let a file take the place of a draft's content; ask first where it is of another SOP."""
    return _upload(key, draft_id, sop_file())


@blueprint.post(f"{_DRAFT}/upload/another")
def upload_another(key: str, draft_id: UUID) -> Page:
    """Let the file of another SOP that was asked about take the place of a draft's content.

    Where it was chosen once more it may be a third one: that is asked about like the first.
    """
    return _upload(key, draft_id, carried_file(), request.form.get("asked", ""))


def _upload(key: str, draft_id: UUID, file: SopFile | None, wanted: str = "") -> Page:
    if file is None:
        return _page(key, draft_id, (NO_FILE,)), HTTPStatus.UNPROCESSABLE_ENTITY
    engine, actor = current.engine(), current.actor()
    try:
        upload_draft(engine, actor, draft_id, revision(), file, wanted=wanted)
    except OtherSop as other:
        return _ask(other), HTTPStatus.CONFLICT
    except Refused as error:
        return _page(key, draft_id, _sentences(error), file), HTTPStatus.UNPROCESSABLE_ENTITY
    except Invalid as error:
        wrong = tuple(one.sentence for one in error.problems)
        return _page(key, draft_id, wrong, file), HTTPStatus.UNPROCESSABLE_ENTITY
    except DraftMoved as moved:
        return _page(key, draft_id, (moved.sentence,)), HTTPStatus.CONFLICT
    leave_note(
        gettext("“%(file)s” is the draft now. What it was before can be brought back.", file=file.plain_name)
    )
    return _back(key, draft_id)


@blueprint.post(f"{_DRAFT}/upload/take-over")
def taking_over(key: str, draft_id: UUID) -> Page:
    """Take over what the file had lost, from before."""
    elements, files = request.form.getlist("element"), request.form.getlist("file")
    try:
        take_over(current.engine(), current.actor(), draft_id, revision(), elements, files)
    except Refused as error:
        return _page(key, draft_id, _sentences(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except DraftMoved as moved:
        return _page(key, draft_id, (moved.sentence,)), HTTPStatus.CONFLICT
    leave_note(gettext("What was chosen was taken over."))
    return _back(key, draft_id)


@blueprint.post(f"{_DRAFT}/content")
def content(key: str, draft_id: UUID) -> Page:
    """Bring back what a draft was before."""
    kept = request.form.get("kept", type=small_number) or 0
    try:
        restore_content(current.engine(), current.actor(), draft_id, revision(), kept)
    except Refused as error:
        return _page(key, draft_id, _sentences(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except DraftMoved as moved:
        return _page(key, draft_id, (moved.sentence,)), HTTPStatus.CONFLICT
    leave_note(gettext("The draft is as it was before."))
    return _back(key, draft_id)


def _page(key: str, draft_id: UUID, refused: tuple[Sentence, ...] = (), file: SopFile | None = None) -> str:
    found = losses_page(current.engine(), current.actor(), key, draft_id)
    return render_template("editor/upload.html", found=found, page=found.page, refused=refused, file=file)


def _ask(other: OtherSop) -> str:
    return render_template("editor/upload_other.html", other=other, carried=carried(other.file))


def _sentences(refused: Refused) -> tuple[Sentence, ...]:
    several = tuple(dict.fromkeys(str(one.sentence) for one in refused.findings))
    by_words = {str(one.sentence): one.sentence for one in refused.findings}
    return tuple(by_words[one] for one in several) or (refused.sentence,)


def _back(key: str, draft_id: UUID) -> Page:
    return redirect(f"/library/{key}/drafts/{draft_id.hex}/upload", HTTPStatus.SEE_OTHER)
