"""The page of a task in words: what the templates draw, and nothing they would have to work out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from engine.errors import Problem
from engine.forms.definition import FormDefinition, Raw
from engine.ids import new_id
from engine.model.task import TaskState
from engine.queries.inbox import InboxFilter
from engine.queries.task_form import OtherDraft, TaskForm
from engine.queries.task_page import TaskPage
from webapp import current, wording
from webapp.answers import Answer, answers
from webapp.drawing.marks import MarkState
from webapp.drawing.strip import Strip, draw_strip
from webapp.due import Due, step_due
from webapp.forms.drawing import draw_form, problem_links
from webapp.forms.views import FormView, ProblemLink
from webapp.inbox.facts import Fact, facts, waits_to_start, why_reading
from webapp.inbox.filters import address, written
from webapp.inbox.notes import NoteLine, note_lines
from webapp.inbox.papers import PaperView, SlotView, needed_view, paper_view, slot_view, staged_view
from webapp.language import gettext
from webapp.rendering import sentence


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What stood in the way of the form that was sent, with everything as it was typed.

    ``act`` names the form: completion, pause, assignment, preparation, return, comments, documents.
    ``failure`` is a sentence for what no field is to blame for.
    """

    act: str = "completion"
    problems: Sequence[Problem] = ()
    fields: Raw | None = None
    done_on: str = ""
    typed: str = ""
    chosen: str = ""
    failure: str = ""
    elsewhere: datetime | None = None  # when the draft was changed from another page
    is_other: bool = False
    attempt: UUID | None = None

    def of(self, field: str) -> str:
        """Say what is wrong with a field."""
        return " ".join(sentence(one.sentence) for one in self.problems if one.field == field)


NO_TROUBLE = Trouble()


@dataclass(frozen=True, kw_only=True)
class OtherView:
    """A draft beside the one that is shown."""

    address: str
    words: str


@dataclass(frozen=True, kw_only=True)
class FormPart:
    """The form of an open task, ready to draw."""

    view: FormView | None
    slots: tuple[SlotView, ...]
    answers: tuple[Answer, ...]
    saved: str  # "Draf tersimpan pukul 09.28"; empty while nothing is saved
    saved_by: str
    others: tuple[OtherView, ...]
    done_on: str
    revision: int
    is_other: bool
    in_side: bool  # a review: the form stands beside what is read
    is_wide: bool  # it has a table that needs the whole width

    @property
    def narrow_first(self) -> int:
        """Count the parts before the first such table: they stand beside the side column."""
        sections = self.view.sections if self.view else ()
        broad = (n for n, one in enumerate(sections) if one.is_broad)
        return next(broad, len(sections))


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """Everything the page shows."""

    page: TaskPage
    back: str  # the list it was opened from
    query: str  # the filter of that list
    strip: Strip
    due: Due | None
    facts: tuple[Fact, ...]
    papers: tuple[PaperView, ...]
    left: tuple[PaperView, ...]
    form: FormPart | None
    notes: tuple[NoteLine, ...]
    reviewed: PaperView | None
    reading: str  # why there is no form
    on_trial: bool
    problems: tuple[ProblemLink, ...]
    trouble: Trouble
    attempt: str  # of this page: what its buttons do, they do once

    @property
    def closed_by(self) -> str:
        """Name who completed it."""
        by = self.page.task.completed_by
        return self.page.names.get(by, "") if by else ""


def task_view(page: TaskPage, wanted: InboxFilter, trouble: Trouble = NO_TROUBLE) -> TaskView:
    """Put the page of a task in words."""
    query = written(wanted)
    case = page.task.instance
    is_open = page.task.state is TaskState.OPEN
    raw = trouble.fields if trouble.fields is not None else page.form.raw if page.form else {}
    form = page.form.form if page.form else None
    strip_at = page.task.element if is_open else None
    notes = page.notes
    return TaskView(
        page=page,
        back=address("/tasks", query),
        query=query,
        strip=draw_strip(
            page.version.definition.lanes,
            page.version.definition.steps,
            {stand.element: MarkState(stand.state) for stand in page.stands},
            strip_at,
            page.ahead,
        ),
        due=step_due(page.task, page.task.office, waits_to_start=waits_to_start(page)) if is_open else None,
        facts=tuple(facts(page)),
        papers=tuple(needed_view(one, case) for one in page.needed),
        left=tuple(paper_view(one, case) for one in page.left),
        form=_form_part(page, page.form, trouble, query) if page.form else None,
        notes=note_lines(notes.text, form, raw) if notes else (),
        reviewed=paper_view(notes.reviewed, case) if notes and notes.reviewed else None,
        reading=why_reading(page) if is_open and page.form is None else "",
        on_trial=page.seen.on_trial,
        problems=_problems(form, raw, trouble),
        trouble=trouble,
        attempt=(trouble.attempt or new_id()).hex,
    )


def _problems(form: FormDefinition | None, raw: Raw, trouble: Trouble) -> tuple[ProblemLink, ...]:
    if trouble.act == "completion":
        return problem_links(form, raw, trouble.problems)
    said = (" ".join(sentence(one.sentence) for one in trouble.problems),) if trouble.problems else ()
    return tuple(ProblemLink(anchor=f"{trouble.act}-field", text=words) for words in said)


def _form_part(page: TaskPage, found: TaskForm, trouble: Trouble, query: str) -> FormPart:
    mine = trouble.act == "completion"
    raw = trouble.fields if mine and trouble.fields is not None else found.raw
    form = found.form
    view = _draw(page, found, raw, trouble) if form else None
    decision = form.decision if form else None
    roles = current.actor().role_keys
    given = answers(page.step, page.version.definition, decision, roles, is_last=page.is_last)
    if decision is None and page.subject and page.subject.approves:
        given = tuple(replace(one, words=gettext("Approve this SOP")) for one in given)
    return FormPart(
        view=view,
        slots=tuple(
            slot_view(slot, page.task.id, trouble.of(slot.field) if mine else "") for slot in found.slots
        ),
        answers=given if page.rights.work else (),
        saved=wording.draft_saved(found.saved_at),
        saved_by=found.saved_by,
        others=tuple(_other(one, page.task.id, query) for one in found.others),
        revision=found.revision,
        is_other=bool(trouble.elsewhere) or trouble.is_other
        if trouble.fields is not None
        else found.is_other,
        done_on=(trouble.done_on if mine else "")
        or found.done_on
        or wording.day(current.engine().clock.now()),
        in_side=form is not None and form.decision is not None and not form.lists,
        is_wide=view is not None and any(one.is_broad for one in view.sections),
    )


def _other(one: OtherDraft, task: UUID, query: str) -> OtherView:
    """Offer another draft by whose it is and when it was saved."""
    at = wording.moment_short(one.saved_at)
    if one.by:
        words = gettext("Fill the form from the draft of %(who)s, saved on %(at)s", who=one.by, at=at)
    elif one.aside:
        words = gettext("Fill the form from your draft that was put aside on %(at)s", at=at)
    else:
        words = gettext("Fill the form from your own draft, saved on %(at)s", at=at)
    return OtherView(address=f"/tasks/{task.hex}?{query}{'&' if query else ''}draft={one.key}", words=words)


def _draw(page: TaskPage, found: TaskForm, raw: Raw, trouble: Trouble) -> FormView | None:
    if found.form is None:
        return None
    staged = {
        key: tuple(staged_view(row, page.task.id) for row in rows) for key, rows in found.staged.items()
    }
    return draw_form(
        found.form,
        raw,
        options=found.options,
        problems=trouble.problems if trouble.act == "completion" else (),
        staged=staged,
        earlier=found.earlier,
        earlier_round=max(1, page.task.round - 1),
    )
