"""The open questions of a draft, with what each is about and which answers can be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.bpmn.answer_effects import Effect, Effects, Place
from engine.bpmn.questions import possible_answers, questions_in
from engine.bpmn.working_time import read_standard_time
from engine.core import Engine
from engine.errors import Refused
from engine.model.actor import Actor
from engine.model.definition import StandardTime
from engine.model.process_draft import ProcessDraft
from engine.model.question import Question
from engine.queries.process_drafts import DraftPage, draft_page


@dataclass(frozen=True, kw_only=True)
class QuestionsPage:
    """A draft with its questions in their own order, so that an answered one stays where it was.

    ``possible`` are answers that can be given.
    """

    page: DraftPage
    questions: tuple[Question, ...]
    possible: frozenset[tuple[str, str]]  # keys of question and answer
    given: Mapping[str, StandardTime]  # what was typed with an answer, by the question's key
    places: Mapping[str, tuple[Place, ...]]  # what each is about, by its key
    effects: Mapping[tuple[str, str], tuple[Effect, ...]]  # what answers change, as ``possible``


def questions_page(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> QuestionsPage:
    """Read the questions of a draft in any state."""
    page = draft_page(engine, actor, key, draft_id)
    questions = questions_of(page.draft)
    drawn = Effects(page.draft.bpmn.encode()) if questions else None
    return QuestionsPage(
        page=page,
        questions=questions,
        possible=possible_answers(page.draft.bpmn.encode(), questions) if questions else frozenset(),
        given={one.key: time for one in questions if (time := read_standard_time(one.given)) is not None},
        places={one.key: drawn.places(one) for one in questions if drawn is not None},
        effects={
            (one.key, answer.key): drawn.of(one, answer)
            for one in questions
            for answer in one.answers
            if drawn is not None
        },
    )


def questions_of(draft: ProcessDraft) -> tuple[Question, ...]:
    """Read the questions of a draft; none of one that cannot be read."""
    try:
        return questions_in(draft.bpmn.encode())
    except Refused:
        return ()
