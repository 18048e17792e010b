"""What figures say for the monitoring and evaluation form, in words."""

from __future__ import annotations

from collections.abc import Callable

from engine.model.assessment import IN_TIME, OFTEN, Ground, grounds
from engine.queries.evaluation import EvaluationPage, StepAssessed
from engine.queries.figures_deviations import DeviationKind
from webapp import wording
from webapp.audit.figures_words import kind_words
from webapp.drawing.sop_table import standard_time_words
from webapp.language import gettext, ngettext

_QUOTED = 3  # reasons, the newest
_TOLD = (  # of the deviations of a step; what is late is said by the share in time
    DeviationKind.DELEGATED,
    DeviationKind.CORRECTED,
    DeviationKind.UNREAD,
    DeviationKind.WRONG_ROLE,
    DeviationKind.NOT_HELD,
)


def rule() -> tuple[str, ...]:
    """State the rule by which the form proposes; one sentence each."""
    return (
        gettext(
            "Not running well is proposed where fewer than %(share)s %% were in time, where more than "
            "%(often)s in 100 were sent back, where more than %(often)s in 100 were corrected afterwards, "
            "done by a revision not read or refused to another role, or where it was done without the role "
            "even once.",
            share=IN_TIME,
            often=OFTEN,
        ),
        gettext(
            "“5 of 8 passes in time”: of 8 times that the step was done, each round by itself, or is open "
            "beyond its due time, 5 were done at the due time or before."
        ),
        gettext(
            "Otherwise running well is proposed. A step that was not done is left open, and one of which "
            "more than half had no due time though the SOP sets a time: its clock never ran, or it was done "
            "by a revision that set none."
        ),
        gettext(
            "What is still open beyond its due time counts as not in time. The limits are Alur's, not the "
            "regulation's: whoever assesses decides."
        ),
    )


def notes_of(step: StepAssessed, day_length: int) -> str:
    """Say what the figures of a step are."""
    parts = [
        _in_time(step),
        _unmeasured(step),
        _median(step, day_length),
        _still_late(step),
        _sent_back(step),
    ]
    parts += _deviations(step)
    return "; ".join(part for part in parts if part) or gettext("not done in this period")


def _in_time(step: StepAssessed) -> str:
    counts = step.counts
    if counts.due:
        return in_time(counts.in_time, counts.due)
    return ngettext("done %(num)s time", "done %(num)s times", counts.completed) if counts.completed else ""


def in_time(good: int, due: int) -> str:
    """Say how many were in time."""
    return gettext("%(good)s of %(due)s passes in time", good=wording.number(good), due=wording.number(due))


def _unmeasured(step: StepAssessed) -> str:
    count = step.counts.unmeasured
    return (
        ngettext("%(num)s time without a due time", "%(num)s times without a due time", count)
        if count
        else ""
    )


def _median(step: StepAssessed, day_length: int) -> str:
    median, one = step.figures.sums.worked.median, step.figures
    standard = "" if one.standard is None else standard_time_words(one.standard_time)
    if median is None:
        return ""
    took = wording.working_time(median, day_length)
    if not standard:
        return gettext("median %(median)s", median=took)
    return gettext("median %(median)s, standard time %(standard)s", median=took, standard=standard)


def _still_late(step: StepAssessed) -> str:
    if not step.still_late:
        return ""
    return ngettext(
        "%(num)s still open beyond its due time", "%(num)s still open beyond their due times", step.still_late
    )


def _sent_back(step: StepAssessed) -> str:
    count = step.counts.sent_back
    if not count:
        return ""
    words = ngettext("sent back %(num)s time", "sent back %(num)s times", count)
    said = ", ".join(f"“{one}”" for one in step.reasons[:_QUOTED])
    if len(step.reasons) > _QUOTED:
        said = gettext("%(reasons)s and others", reasons=said)
    return f"{words}: {said}" if said else words


def _deviations(step: StepAssessed) -> list[str]:
    counted = ((kind, step.deviations[kind]) for kind in _TOLD)
    return [_counted(kind, often) for kind, often in counted if often]


def _counted(kind: DeviationKind, often: int) -> str:
    words = kind_words(kind)
    return gettext("%(what)s: %(count)s", what=words[:1].lower() + words[1:], count=wording.number(often))


def ground_words(step: StepAssessed) -> str:
    """Say why a step is proposed as not running well."""
    said = {
        Ground.LATE: gettext("too few in time"),
        Ground.SENT_BACK: gettext("often sent back"),
        Ground.DEVIATED: gettext("often not as the SOP says"),
        Ground.WITHOUT_ROLE: gettext("done without the role"),
    }
    return ", ".join(said[one] for one in grounds(step.counts))


def questions() -> tuple[tuple[str, Callable[[EvaluationPage], str]], ...]:
    """Give the seven questions of the regulation, each with what says something about it."""
    return (
        (gettext("It helps to improve performance"), _performance),
        (gettext("It is easy to understand"), _understood),
        (gettext("It is easy to carry out"), _carried_out),
        (gettext("Everybody can play their part"), _parts),
        (gettext("It copes with the problems of its process"), _problems),
        (gettext("It meets what the organisation needs to perform better"), _unsaid),
        (gettext("It works together with other SOPs"), _unsaid),
    )


def _unsaid(_page: EvaluationPage) -> str:
    return ""


def _performance(page: EvaluationPage) -> str:
    now, before = page.taken.all.in_time, page.taken_before.all.in_time if page.taken_before else None
    if now is None:
        return ""
    words = gettext("%(share)s %% of the completed steps in time", share=now)
    if before is None:
        return words
    earlier = gettext("in the period before, of the same length, %(share)s %%", share=before)
    return f"{words}; {earlier}"


def _kinds(page: EvaluationPage, *kinds: DeviationKind) -> str:
    return "; ".join(_counted(kind, page.deviations[kind]) for kind in kinds) if page.taken.all.count else ""


def _understood(page: EvaluationPage) -> str:
    return _kinds(page, DeviationKind.UNREAD, DeviationKind.CORRECTED)


def _carried_out(page: EvaluationPage) -> str:
    if not page.taken.all.count:
        return ""
    hot = [one.figures for one in page.steps if _is_beyond(one)]
    words = ngettext("sent back %(num)s time", "sent back %(num)s times", page.sent_back)
    if not hot:
        times = gettext("as a rule no step takes longer than its standard time")
    else:
        named = ", ".join(f"{one.number} {one.name}" for one in hot)
        times = gettext("as a rule longer than the standard time: %(named)s", named=named)
    return f"{words}; {times}"


def _is_beyond(step: StepAssessed) -> bool:
    median, standard = step.figures.sums.worked.median, step.figures.standard
    return median is not None and standard is not None and median > standard


def _parts(page: EvaluationPage) -> str:
    return _kinds(page, DeviationKind.NOT_HELD, DeviationKind.WRONG_ROLE, DeviationKind.DELEGATED)


def _problems(page: EvaluationPage) -> str:
    if not page.cases.started and not page.taken.all.count:
        return ""
    return gettext(
        "%(finished)s cases finished, %(cancelled)s cancelled, %(open)s open at the end",
        finished=wording.number(page.cases.finished),
        cancelled=wording.number(page.cases.cancelled),
        open=wording.number(page.cases.open),
    )
