"""What one is to know before a draft is submitted: what is wrong or open, who decides, what is the same."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.instance import VersionState
from engine.model.permission import RoleKind
from engine.model.process_draft import ProcessDraft
from engine.model.question import Question
from engine.queries.differences import of_draft
from engine.queries.draft_findings import DraftFinding, Severity, findings
from engine.queries.holders import posts_of
from engine.queries.open_questions import questions_of
from engine.queries.process_drafts import DraftPage, colleagues, draft_page, package_of
from engine.queries.suggestions import Suggestion, to_be_done
from engine.storage import process_drafts, versions


@dataclass(frozen=True, kw_only=True)
class SubmittingPage:
    """A draft that is about to be submitted."""

    page: DraftPage
    errors: tuple[DraftFinding, ...]  # keep it from being submitted
    warnings: tuple[DraftFinding, ...]
    questions: tuple[Question, ...]  # nobody has answered
    suggestions: tuple[Suggestion, ...]  # accepted, and not noted in any draft as done
    approvers: tuple[str, ...]  # posts of who can approve it
    people: tuple[tuple[UUID, str, str], ...]  # who can be asked to try it
    same: int | None  # a revision that is exactly this: it cannot be submitted
    again: int | None  # one that was returned, and would be asked for again as it is
    unchanged: int | None  # the revision it would replace, where it changes nothing of it


def submitting_page(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> SubmittingPage:
    """Look at a draft, and at its files, once more."""
    page = draft_page(engine, actor, key, draft_id)
    draft = page.draft
    files = package_of(draft)
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        before = versions.find_digest(connection, draft.process, files.digest)
        authors = process_drafts.authors_of_draft(connection, draft)
        approvers = posts_of(connection, actor.office, RoleKind.APPROVER, day, but=authors)
    returned = before is not None and before[2] == VersionState.RETURNED
    linted = findings(engine, actor.office, files).findings
    errors = tuple(one for one in linted if one.severity is Severity.ERROR)
    return SubmittingPage(
        page=page,
        errors=errors,
        warnings=tuple(one for one in linted if one.severity is Severity.WARNING),
        questions=tuple(one for one in questions_of(draft) if one.is_open),
        suggestions=tuple(one for one in to_be_done(engine, actor, key) if one.draft is None),
        approvers=approvers,
        people=colleagues(engine, actor),
        same=before[1] if before and not returned else None,
        again=before[1] if before and returned else None,
        unchanged=None if errors or before else _unchanged(engine, actor, draft),
    )


def _unchanged(engine: Engine, actor: Actor, draft: ProcessDraft) -> int | None:
    difference = of_draft(engine, actor, draft.key, draft.id).difference
    return difference.old.number if difference and not difference.changes else None
