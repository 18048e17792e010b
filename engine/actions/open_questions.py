"""Open questions answered in a draft: the draft is drawn anew as the answer says."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.actions.draft_contents import draft_at, replace_content
from engine.actions.process_drafts import must_revise
from engine.bpmn.questions import answered, is_possible, questions_in
from engine.bpmn.working_time import read_standard_time
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, Sentence, say
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.process_draft import Replacing
from engine.model.question import OTHERWISE, Question


@dataclass(frozen=True, kw_only=True)
class Answering:
    """What was chosen, and what was typed with it where the answer asks: a standard time as ISO 8601."""

    answer: str
    given: str = ""


def answer_question(
    engine: Engine, actor: Actor, draft_id: UUID, revision: int, key: str, answering: Answering
) -> None:
    """Answer an open question of a draft; an answer given before may be changed."""
    must_revise(actor)
    with engine.store.transaction() as connection:
        draft = draft_at(connection, actor, draft_id, revision)
        content = draft.bpmn.encode()
        question = next((one for one in questions_in(content) if one.key == key), None)
        if question is None:
            raise NotFound(say("This question does not stand in the draft."))
        given = _checked(question, answering)
        if not is_possible(content, question, answering.answer):
            raise Conflict(
                say("What this answer changes is not in the diagram any more. Settle it by drawing instead.")
            )
        columns = {"bpmn": answered(content, question, answering.answer, given).decode()}
        about = {
            "question": key,
            "before": question.answered,
            "answer": answering.answer,
            "given": given,
            "text": question.text,
        }
        replace_content(
            engine,
            connection,
            actor,
            draft,
            columns,
            why=Replacing.ANSWER,
            file=question.text,
            about=about,
            kind=EventKind.QUESTION_ANSWERED,
        )


def _checked(question: Question, answering: Answering) -> str:
    """Give what counts of what was typed, or raise Invalid."""
    answer = question.answer(answering.answer)
    if answer is None and answering.answer != OTHERWISE:
        raise _invalid("answer", say("Choose an answer."))
    if answer is None or not answer.asks:
        return ""
    if read_standard_time(answering.given) is None:
        raise _invalid("given", say("Write the time as a whole number, at least 1."))
    return answering.given


def _invalid(field: str, sentence: Sentence) -> Invalid:
    return Invalid((Problem(field=field, label=field, sentence=sentence),))
