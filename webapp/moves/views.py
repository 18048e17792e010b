"""Open cases held against a draft or revision, moved to it in batches, and taken back."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions import batches
from engine.actions.batches import Chosen
from engine.actions.move_choices import keep_choice
from engine.errors import Invalid, NotFound, Problem
from engine.ids import parse_id
from engine.model.batch import BatchState
from engine.queries import case_moves, open_cases
from engine.queries.open_case_group import group_page
from engine.queries.open_cases import OpenCases
from webapp import current
from webapp.frame import leave_note
from webapp.moves import past_views  # noqa: F401 - its routes
from webapp.moves.area import Page, blueprint

__all__ = ["blueprint"]

_MAPPED = "map."  # before the element, in the name of a field
_MOST_MAPPED = 200


@blueprint.get("/<key>/drafts/<uuid:draft_id>/cases")
def of_draft(key: str, draft_id: UUID) -> Page:
    """Show what a draft means for open cases."""
    return _page(open_cases.for_draft(current.engine(), current.actor(), key, draft_id))


@blueprint.post("/<key>/drafts/<uuid:draft_id>/cases")
def look_at_draft(key: str, draft_id: UUID) -> Page:
    """Let a draft be held against the open cases."""
    open_cases.for_draft(current.engine(), current.actor(), key, draft_id)
    batches.survey_draft(current.engine(), current.actor(), draft_id, _mapping())
    return redirect(f"/library/{key}/drafts/{draft_id.hex}/cases", HTTPStatus.SEE_OTHER)


@blueprint.get("/<key>/versions/<int:number>/cases")
def of_version(key: str, number: int) -> Page:
    """Show what a revision means for the cases that run on others."""
    return _page(open_cases.for_version(current.engine(), current.actor(), key, number))


@blueprint.post("/<key>/versions/<int:number>/cases")
def look_at_version(key: str, number: int) -> Page:
    """Let a revision be held against the open cases."""
    batches.survey_version(current.engine(), current.actor(), key, number, _mapping())
    return redirect(f"/library/{key}/versions/{number}/cases", HTTPStatus.SEE_OTHER)


@blueprint.get("/<key>/versions/<int:number>/cases/<group>")
def of_group(key: str, number: int, group: str) -> Page:
    """List the cases of a group, to be chosen one by one."""
    return _group(key, number, group, frozenset())


@blueprint.post("/<key>/versions/<int:number>/moves")
def move(key: str, number: int) -> Page:
    """Let the chosen cases be moved."""
    engine, actor = current.engine(), current.actor()
    chosen = Chosen(
        survey=_survey(),
        groups=frozenset(request.form.getlist("group")),
        reason=request.form.get("reason", ""),
        cases=_cases(),
    )
    try:
        batch = batches.move_cases(engine, actor, key, number, chosen)
    except Invalid as error:
        if chosen.cases is not None:
            group = "".join(chosen.groups)
            return _group(key, number, group, chosen.cases, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
        page = open_cases.for_version(engine, actor, key, number)
        return _page(page, error.problems, chosen.groups), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/library/{key}/moves/{batch.hex}", HTTPStatus.SEE_OTHER)


@blueprint.post("/<key>/moves/choice")
def choose(key: str) -> Page:
    """Keep which cases are to be moved once it is in force."""
    engine = current.engine()
    groups = frozenset(request.form.getlist("group"))
    survey = keep_choice(engine, current.actor(), key, _survey(), groups)
    leave_note(gettext("Your choice is kept. It stands on this page again when the revision is in force."))
    if survey.draft is not None:
        return redirect(f"/library/{key}/drafts/{survey.draft.hex}/cases", HTTPStatus.SEE_OTHER)
    assert survey.version is not None  # noqa: S101 - one of both
    number = engine.versions.get(survey.version).number
    return redirect(f"/library/{key}/versions/{number}/cases", HTTPStatus.SEE_OTHER)


@blueprint.get("/<key>/moves/<uuid:batch_id>")
def work(key: str, batch_id: UUID) -> Page:
    """Show how far the moving of cases is, and what came of it."""
    found = case_moves.work(current.engine(), current.actor(), key, batch_id)
    return render_template("moves/work.html", work=found, running=found.batch.state is BatchState.RUNNING)


@blueprint.post("/<key>/moves/<uuid:batch_id>/undo")
def undo(key: str, batch_id: UUID) -> Page:
    """Let what a batch moved be taken back."""
    case_moves.work(current.engine(), current.actor(), key, batch_id)
    back = batches.undo_cases(current.engine(), current.actor(), batch_id)
    return redirect(f"/library/{key}/moves/{back.hex}", HTTPStatus.SEE_OTHER)


def _page(page: OpenCases, problems: tuple[Problem, ...] = (), chosen: frozenset[str] | None = None) -> str:
    return render_template(
        "moves/cases.html",
        page=page,
        problems=problems,
        reason=request.form.get("reason", ""),
        chosen=page.with_reason_to_move if chosen is None else chosen,
    )


def _group(
    key: str, number: int, group: str, chosen: frozenset[UUID], problems: tuple[Problem, ...] = ()
) -> str:
    return render_template(
        "moves/group.html",
        found=group_page(current.engine(), current.actor(), key, number, group),
        chosen=chosen,
        problems=problems,
        reason=request.form.get("reason", ""),
    )


def _cases() -> frozenset[UUID] | None:
    """Read which cases were chosen one by one; None where whole groups were."""
    if "one_by_one" not in request.form:
        return None
    return frozenset(one for one in map(parse_id, request.form.getlist("case")) if one is not None)


def _survey() -> UUID:
    found = parse_id(request.form.get("survey", ""))
    if found is None:
        raise NotFound(batches.NO_BATCH)
    return found


def _mapping() -> dict[str, str]:
    """Read which open step becomes which; what is left empty stays."""
    sent = list(request.form.items())[:_MOST_MAPPED]
    return {name.removeprefix(_MAPPED): to for name, to in sent if name.startswith(_MAPPED) and to}
