"""What is typed and chosen in a task's form is kept: by itself, by hand, and before any act beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from flask import jsonify
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.actions import drafts
from engine.actions.drafts import Saved
from engine.errors import Conflict, Forbidden, Invalid, Problem, UploadRefused
from engine.forms.definition import Raw
from engine.queries.task_form import ASIDE, DONE_ON, TaskForm
from engine.queries.task_page import task_page
from webapp import current, wording
from webapp.frame import leave_note
from webapp.inbox.acts import Page, acted, file_problem, show
from webapp.inbox.refusing import changed_elsewhere, refused
from webapp.inbox.submitted import Submitted, act_field, submitted, uploads
from webapp.inbox.task_view import Trouble
from webapp.language import gettext

GONE_BACK_TO = "gone-back"  # what the script of the form says then (assets/js/forms.js)
_LINKED = Markup('{} <a href="{}">{}</a>')
View = Callable[[UUID], Page]
# Where each act is typed. The fields of all of them may stand in one form: no two have the same name.
_TYPED = {"pause": "reason", "return": "why", "comments": "text", "documents": "name", "suggestion": "better"}


def save(task_id: UUID, sent: Submitted) -> Page:
    """Save the draft by hand."""
    problems = _stage_if_open(task_id, sent)
    saved = drafts.save(
        current.engine(), current.actor(), task_id, sent.draft, by_hand=True, opened=sent.opened
    )
    if saved.elsewhere and not saved.closed:
        return changed_elsewhere(task_id, sent, saved.elsewhere)
    if problems:
        return refused(task_id, sent, problems)
    if saved.closed:
        tell(task_id, saved)
        return acted(task_id)
    return acted(task_id, gettext("The draft is saved. You can go on with it on any device."))


def kept_for_preview(task_id: UUID, sent: Submitted) -> Page | None:
    """Keep what is typed and chosen, to be looked at; a page where that is not possible."""
    problems = _stage_if_open(task_id, sent)
    saved = drafts.save(
        current.engine(), current.actor(), task_id, sent.draft, by_hand=False, opened=sent.opened
    )
    if saved.closed:
        tell(task_id, saved)
        return acted(task_id)
    if saved.elsewhere:
        return changed_elsewhere(task_id, sent, saved.elsewhere)
    return refused(task_id, sent, problems) if problems else None


def autosave(task_id: UUID, sent: Submitted) -> Response:
    """Save the draft while somebody types; 409 where it was changed elsewhere and this was kept beside it."""
    # A page that was left by sending it, and gone back to, says so: what it saves was typed after that.
    itself = not act_field(GONE_BACK_TO)
    saved = drafts.save(
        current.engine(),
        current.actor(),
        task_id,
        sent.draft,
        by_hand=False,
        opened=sent.opened,
        itself=itself,
    )
    if saved.elsewhere and not saved.closed:
        answer = jsonify(elsewhere=wording.moment_short(saved.elsewhere))
        answer.status_code = HTTPStatus.CONFLICT
        return answer
    return jsonify(revision=saved.revision, saved=wording.clock(saved.at), closed=saved.closed)


def beside(act: str) -> Callable[[View], View]:
    """Make a view of an act beside the form: what is typed in the form is kept first.

    Where something is wrong with the act it answers with the task's page, everything as it was typed.
    """

    def kept_first(view: View) -> View:
        @wraps(view)
        def answer(task_id: UUID) -> Page:
            sent = submitted()
            page = keep(task_id, sent)
            if page is not None:
                return page
            try:
                return view(task_id)
            except (Invalid, UploadRefused) as error:
                found = error.problems if isinstance(error, Invalid) else (file_problem(act, error),)
            typed = act_field(_TYPED.get(act, ""))
            chosen = act_field("step")
            trouble = Trouble(act=act, problems=found, typed=typed, chosen=chosen, attempt=sent.attempt)
            return show(task_id, sent.wanted, trouble, HTTPStatus.UNPROCESSABLE_ENTITY)

        return answer

    return kept_first


def keep(task_id: UUID, sent: Submitted) -> Page | None:
    """Keep what was typed into the task's form before an act beside it; a page where a file is refused.

    The buttons of those acts send the form along, so that leaving the page loses nothing. Where it is not
    in the form afterwards the next page says where it is.
    """
    if sent.opened is None:
        return None
    engine, actor = current.engine(), current.actor()
    problems = _stage_if_open(task_id, sent)
    page = task_page(engine, actor, task_id)
    if page.form is None or _is_changed(page.form, sent):
        tell(task_id, drafts.save(engine, actor, task_id, sent.draft, by_hand=False, opened=sent.opened))
    return refused(task_id, sent, problems) if problems else None


def tell(task_id: UUID, saved: Saved) -> None:
    """Say on the next page where what was typed is, where it is not in the task's form."""
    at = f"/tasks/{task_id.hex}"
    if saved.closed:
        words = gettext("The form of this task is no longer open for you. What stood in it is kept:")
        leave_note(_LINKED.format(words, f"{at}#typed", gettext("What you typed")), "back")
    elif saved.elsewhere:
        words = gettext(
            "You changed the draft of this task on another page on %(at)s. What stood in the form of the page"
            " you came from is kept beside it:",
            at=wording.moment_short(saved.elsewhere),
        )
        way = f"{at}?draft={ASIDE}"
        leave_note(_LINKED.format(words, way, gettext("Fill the form from it")), "back")


def _stage_if_open(task_id: UUID, sent: Submitted) -> tuple[Problem, ...]:
    """Keep the files that were chosen; where the task was closed or taken the next page names them."""
    try:
        return stage(task_id, sent)
    except (Conflict, Forbidden):  # what was typed is kept all the same
        if task_page(current.engine(), current.actor(), task_id).form is not None:
            raise  # the task is open for them, and it is something else
        files = ", ".join(upload.filename for upload in uploads())
        leave_note(
            gettext("Not taken, for the task is no longer open for you: %(files)s.", files=files), "back"
        )
        return ()


def stage(task_id: UUID, sent: Submitted, *, told: bool = True) -> tuple[Problem, ...]:
    """Keep the files that were chosen; gives what is wrong with those that may not be kept.

    Without ``told`` a refusal is left to the act that follows to be put on record.
    """
    problems, engine, actor = [], current.engine(), current.actor()
    for upload in uploads():
        try:
            drafts.stage(engine, actor, task_id, upload, sent.draft, sent.opened, told=told)
        except UploadRefused as error:
            problems.append(file_problem(upload.field, error))
    return tuple(problems)


def _is_changed(form: TaskForm, sent: Submitted) -> bool:
    """Tell whether anything was typed: else an act would leave a draft that nobody wrote."""
    fixed = {field.key for field in form.form.inputs if field.readonly} if form.form else set()

    def plain(raw: Raw) -> dict[str, list[str]]:
        texts = {name: [text.replace("\r\n", "\n") for text in several] for name, several in raw.items()}
        return {
            name: several
            for name, several in texts.items()
            if any(several) and name.partition(".")[0] not in fixed
        }

    day = sent.draft.get(DONE_ON, [""])[0]
    return plain(sent.fields) != plain(form.raw) or day != form.done_on
