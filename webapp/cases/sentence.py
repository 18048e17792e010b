"""Where a case stands now, in one sentence."""

from __future__ import annotations

from engine.model.instance import InstanceStatus
from engine.queries.case_page import CaseStands
from webapp import wording
from webapp.cases.standing import held_by, named_round
from webapp.language import gettext, ngettext
from webapp.stops import named


def now_sentence(case: CaseStands) -> str:
    """Say which step is open and who has it, or what is waited for; or when the case has ended."""
    facts = case.facts
    if facts.status is InstanceStatus.FINISHED:
        return gettext("Finished on %(day)s", day=wording.day_long(facts.ended_at))
    if facts.status is InstanceStatus.CANCELLED:
        return gettext("Cancelled on %(day)s", day=wording.day_long(facts.ended_at))
    if not case.open and case.asked:
        first = case.asked[0]
        return gettext(
            "Now: %(step)s waits for the answer of another system, since %(when)s",
            step=named(case.definition, first.element),
            when=wording.moment_near(first.since),
        )
    if not case.open:
        return gettext("Now: no task is open; the case waits for a set time")
    if len(case.open) > 1:
        return ngettext("Now: %(num)s open task", "Now: %(num)s open tasks", len(case.open))
    line = case.open[0]
    return gettext(
        "Now: %(step)s, with %(who)s",
        step=named_round(line.task.name, line.task.round),
        who=held_by(line.holder, line.role_label),
    )
