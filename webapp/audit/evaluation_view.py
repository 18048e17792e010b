"""The monitoring and evaluation form as tables: the same on the page, on paper and in a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.assessment import Proposal
from engine.queries.evaluation import EvaluationPage, StepAssessed
from webapp.audit.evaluation_words import ground_words, notes_of, questions, rule
from webapp.audit.tables import Cell, Column, Table, count, text
from webapp.language import gettext

BLANK = Cell(words="", value="")  # to be filled by hand


@dataclass(frozen=True, kw_only=True)
class EvaluationView:
    """The form. ``rule`` are sentences: how an assessment is proposed."""

    monitoring: Table
    questions: Table
    rule: tuple[str, ...]
    elsewhere: str  # a sentence, or empty


def view_of(page: EvaluationPage) -> EvaluationView:
    """Put the form into words."""
    return EvaluationView(
        monitoring=_monitoring(page), questions=_questions(page), rule=rule(), elsewhere=_elsewhere(page)
    )


def _monitoring(page: EvaluationPage) -> Table:
    return Table(
        key="monitoring",
        caption=gettext("Table 7 Monitoring of how the SOP is carried out"),
        columns=(
            Column(label=gettext("No."), is_number=True),
            Column(label=gettext("What is to be done")),
            Column(label=gettext("Runs well")),
            Column(label=gettext("Does not run well")),
            Column(label=gettext("Notes of the assessment")),
            Column(label=gettext("Action to be taken")),
            Column(label=gettext("Assessor's initials")),
        ),
        rows=tuple(_step(one, page.day_length) for one in page.steps),
    )


def _step(one: StepAssessed, day_length: int) -> tuple[Cell, ...]:
    why = ground_words(one)
    against = gettext("✓ proposed: %(why)s", why=why) if why else ""
    return (
        count(one.figures.number or 0),
        text(one.figures.name),
        text(gettext("✓ proposed")) if one.proposal is Proposal.WELL else BLANK,
        text(against) if one.proposal is Proposal.NOT_WELL else BLANK,
        text(notes_of(one, day_length)),
        BLANK,
        BLANK,
    )


def _questions(page: EvaluationPage) -> Table:
    return Table(
        key="evaluation",
        caption=gettext("Evaluation of the SOP"),
        columns=(
            Column(label=gettext("No."), is_number=True),
            Column(label=gettext("What is evaluated")),
            Column(label=gettext("Yes")),
            Column(label=gettext("No")),
            Column(label=gettext("What the figures say")),
            Column(label=gettext("Notes of the evaluation")),
        ),
        rows=tuple(
            (count(number), text(question), BLANK, BLANK, _said(answer(page)), BLANK)
            for number, (question, answer) in enumerate(questions(), 1)
        ),
    )


def _said(words: str) -> Cell:
    return text(words) if words else BLANK


def _elsewhere(page: EvaluationPage) -> str:
    if not page.elsewhere:
        return ""
    return gettext(
        "Steps of other revisions that were done in this period are not assessed: %(named)s.",
        named=", ".join(page.elsewhere),
    )
