"""Where a case stands now, in one sentence."""

from __future__ import annotations

from engine.model.instance import InstanceStatus
from engine.queries.case_asked import Awaited
from engine.queries.case_page import CaseStands
from webapp import wording
from webapp.language import gettext, ngettext
from webapp.standing import held_by, named_round
from webapp.stops import named


def now_sentence(case: CaseStands) -> str:
    """Say which step is open and who has it, or what is waited for; or when the case has ended."""
    facts = case.facts
    if facts.status is InstanceStatus.FINISHED:
        return gettext("Finished on %(day)s", day=wording.day_long(facts.ended_at))
    if facts.status is InstanceStatus.CANCELLED:
        return gettext("Cancelled on %(day)s", day=wording.day_long(facts.ended_at))
    if not case.open:
        return _stopped(case) if case.stops else _waiting(case)
    if len(case.open) > 1:
        return ngettext("Now: %(num)s open task", "Now: %(num)s open tasks", len(case.open))
    line = case.open[0]
    return gettext(
        "Now: %(step)s, with %(who)s",
        step=named_round(line.task.name, line.task.round),
        who=held_by(line.holder, line.role_label),
    )


def _stopped(case: CaseStands) -> str:
    """Say where the case stands still while nobody has a task of it."""
    first = case.stops[0]
    return gettext(
        "Now: %(step)s has stood still since %(when)s",
        step=named(case.definition, first.element, first.name),
        when=wording.moment_near(first.since),
    )


def _waiting(case: CaseStands) -> str:
    """Say what the case waits for while nobody has a task of it."""
    if not case.asked:
        return gettext("Now: no task is open; the case waits for a set time")
    first = case.asked[0]
    step = named(case.definition, first.element)
    if first.at is None:
        return gettext("Now: %(step)s waits for the message “%(name)s”", step=step, name=first.name)
    when = wording.moment_near(first.at)
    if first.what is Awaited.TIME:
        return gettext("Now: %(step)s waits until %(when)s", step=step, when=when)
    if first.by_alur:
        return gettext("Now: %(step)s is Alur's turn, since %(when)s", step=step, when=when)
    return gettext(
        "Now: %(step)s waits for the answer of another system, since %(when)s", step=step, when=when
    )
