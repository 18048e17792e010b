"""The monitoring and evaluation form as tables: the same on the page, on paper and in a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.assessment import Proposal
from engine.queries.evaluation import EvaluationPage, StepAssessed
from webapp import wording
from webapp.audit.evaluation_words import ground_words, notes_of, questions, rule
from webapp.audit.tables import Cell, Column, Table, count, text
from webapp.language import gettext
from webapp.workbooks import Sheet

BLANK = Cell(words="", value="")  # to be filled by hand


@dataclass(frozen=True, kw_only=True)
class EvaluationView:
    """The form. ``rule`` are sentences: how an assessment is proposed."""

    monitoring: Table
    questions: Table
    rule: tuple[str, ...]
    elsewhere: str  # a sentence, or empty
    about: tuple[tuple[str, str], ...]  # what the form is of
    conclusion: tuple[tuple[str, str], ...]  # what is to be written by hand

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Give the form as a workbook: what it is of, both tables, the conclusion to fill in, the rule."""
        form, rule_ = gettext("The form"), gettext("How it is proposed")
        head = [form, ""]
        notes = [one for one in (*self.rule, self.elsewhere) if one]
        return (
            Sheet(title=form, head=head, rows=([label, words] for label, words in self.about)),
            self.monitoring.sheet,
            self.questions.sheet,
            Sheet(
                title=gettext("Conclusion"), head=[gettext("Conclusion"), ""], rows=map(list, self.conclusion)
            ),
            Sheet(title=rule_, head=[rule_], rows=([one] for one in notes)),
        )


def view_of(page: EvaluationPage) -> EvaluationView:
    """Put the form into words."""
    return EvaluationView(
        monitoring=_monitoring(page),
        questions=_questions(page),
        rule=rule(),
        elsewhere=_elsewhere(page),
        about=_about(page),
        conclusion=_conclusion(),
    )


def _about(page: EvaluationPage) -> tuple[tuple[str, str], ...]:
    asked = page.scope.asked
    period = f"{wording.day_written(asked.since)} – {wording.day_written(asked.until)}"
    return (
        (gettext("SOP"), page.scope.name),
        (gettext("SOP number"), page.sop_number or "–"),
        (gettext("Revision"), str(page.number)),
        (gettext("Assessed period"), period),
    )


def _conclusion() -> tuple[tuple[str, str], ...]:
    well, not_well = gettext("Runs well"), gettext("Does not run well")
    return (
        (gettext("The SOP as a whole"), f"☐ {well}   ☐ {not_well}"),
        (
            gettext("Follow-up"),
            "   ".join(f"☐ {word}" for word in (gettext("Maintained"), gettext("Revised"))),
        ),
        (gettext("General notes"), ""),
        (gettext("Assessor, date and signature"), ""),
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
