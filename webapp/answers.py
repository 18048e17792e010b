"""The buttons that complete a task: each names who is next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from engine.forms.definition import Field, Option
from engine.model.definition import Definition, Lane, NextSteps, Step
from webapp.language import gettext

_TWO = 2


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A button: the field and value it sends. ``back`` sends the work back."""

    name: str
    value: str
    words: str
    icon: str
    back: bool = False


def answers(
    step: Step, definition: Definition, decision: Field | None, mine: Collection[str], *, is_last: bool
) -> tuple[Answer, ...]:
    """Give the buttons of a step: one, or the answers of its decision, the accepting one first.

    ``mine`` are the reader's roles: what comes next for them is named by its step, not by who they are.
    ``is_last``: nothing else of the case is open, so that at an end the case ends.
    """
    steps, lanes = definition.steps, definition.lanes
    if decision is None:
        way = _way(step, None, is_last=is_last)
        own = _own(way, steps, mine)
        words = gettext("Done, go on to %(step)s", step=own) if own else _done(way, _who(way, steps, lanes))
        return (Answer(name="complete", value="1", words=words, icon="arrow-right"),)
    given = []
    for place, option in enumerate(decision.options):
        way = _way(step, option.value, is_last=is_last)
        who = _who(way, steps, lanes)
        own = _own(way, steps, mine)
        if place == 0 and own:
            words = gettext("Accept, go on to %(step)s", step=own)
        else:
            words = _accepted(way, who) if place == 0 else _refused(way, who, option, decision)
        icon = "check" if place == 0 else "arrow-back-up"
        given.append(Answer(name=decision.key, value=option.value, words=words, icon=icon, back=place > 0))
    return tuple(given)


def _way(step: Step, answer: str | None, *, is_last: bool) -> NextSteps:
    ways = [way for way in step.next if way.answer in (None, answer)]
    way = ways[0] if ways else NextSteps(answer=None, elements=())
    return replace(way, ends=way.ends and is_last)


def _who(way: NextSteps, steps: Sequence[Step], lanes: Sequence[Lane]) -> str:
    """Name the lanes that get the case next."""
    roles = {step.role for step in steps if step.element in way.elements}
    names = [lane.name for lane in lanes if lane.role in roles]
    if len(names) < _TWO:
        return "".join(names)
    return gettext("%(some)s and %(last)s", some=", ".join(names[:-1]), last=names[-1])


def _own(way: NextSteps, steps: Sequence[Step], mine: Collection[str]) -> str:
    """Name the next step where it is the only one and the reader's own."""
    following = [step for step in steps if step.element in way.elements]
    return following[0].name if len(following) == 1 and following[0].role in mine else ""


def _done(way: NextSteps, who: str) -> str:
    if who:
        return gettext("Done, hand on to %(who)s", who=who)
    return gettext("Done, end the case") if way.ends else gettext("Done")


def _accepted(way: NextSteps, who: str) -> str:
    if who:
        return gettext("Accept, hand on to %(who)s", who=who)
    return gettext("Accept, end the case") if way.ends else gettext("Accept")


def _refused(way: NextSteps, who: str, option: Option, decision: Field) -> str:
    """Say the answer itself where there are several ways of not accepting."""
    if len(decision.options) > _TWO:
        return (
            gettext("%(answer)s, hand on to %(who)s", answer=option.label, who=who) if who else option.label
        )
    if who:
        return gettext("Return to %(who)s", who=who)
    return gettext("Refuse, end the case") if way.ends else gettext("Return")
