"""The sentences of a verdict on moving a case: why it is so, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.bpmn.move_facts import Part
from engine.errors import Sentence, say
from engine.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A verdict with its reason. ``may_move`` tells whether the owner may choose to move it."""

    verdict: Verdict
    reason: Sentence
    unblock: Sentence | None = None  # what would let it be moved
    may_move: bool = False
    mappable: str = ""  # the open element that another one could be named for
    suggested: str = ""  # the element of the new version that fits


WHAT_CHANGED = {
    Part.KIND: say("its kind or its place"),
    Part.RULE: say("what it does"),
    Part.FORM: say("its form"),
    Part.ROLE: say("who does it"),
    Part.DOCUMENTS: say("its documents"),
    Part.WAYS: say("the ways that lead on from it"),
}
_PUT_BACK = say("Put %(step)s back into the draft, or let the case finish by its own revision.")
_OR_LEAVE = say("Leave %(step)s in the draft as it was, or let the case finish by its own revision.")


def without_draft(judgement: Judgement) -> Judgement:
    """Leave out advice about a draft: what was submitted changes no more."""
    advice = judgement.unblock
    if advice is None or advice.template not in {_OR_LEAVE.template, _PUT_BACK.template}:
        return judgement
    return replace(judgement, unblock=say("Let the case finish by its own revision."))


def can_move() -> Judgement:
    """Tell that nothing of what changed has been reached."""
    return Judgement(
        verdict=Verdict.MOVE,
        reason=say("The case has not come to what changed. Entries and documents come along."),
        may_move=True,
    )


def comes_to(new: str) -> Judgement:
    """Tell which new step follows the open one."""
    return Judgement(
        verdict=Verdict.MOVE,
        reason=say("After the open step the case comes to the new step %(new)s.", new=new),
        may_move=True,
    )


def asked_again(step: str) -> Judgement:
    """Tell which service that was given up is tried again."""
    return Judgement(
        verdict=Verdict.MOVE,
        reason=say("%(step)s has failed; it is tried again as the new revision has it.", step=step),
        may_move=True,
    )


def becomes(step: str, new: str) -> Judgement:
    """Tell what the owner chose."""
    return Judgement(
        verdict=Verdict.MOVE, reason=say("%(step)s becomes %(new)s.", step=step, new=new), may_move=True
    )


def no_difference() -> Judgement:
    """Tell that the new revision changes nothing for the case."""
    return Judgement(
        verdict=Verdict.KEEP,
        reason=say("The new revision makes no difference to what is still to be done."),
        may_move=True,
    )


def past(new: str) -> Judgement:
    """Tell which new step the case did not come to."""
    return Judgement(
        verdict=Verdict.KEEP,
        reason=say("The case is already past %(new)s, which is new; its own revision finishes it.", new=new),
    )


def went_otherwise(step: str, to: str) -> Judgement:
    """Tell which way the case took that is no way any more."""
    return Judgement(
        verdict=Verdict.KEEP,
        reason=say(
            "The case went from %(step)s to %(to)s, and the new revision leads elsewhere;"
            " its own revision finishes it.",
            step=step,
            to=to,
        ),
    )


def just_past(step: str, new: str, element: str, suggested: str) -> Judgement:
    """Tell which new step stands directly before the open one."""
    return Judgement(
        verdict=Verdict.BLOCKED,
        reason=say("%(new)s is new and comes before %(step)s, which is open.", new=new, step=step),
        unblock=say(
            "Choose below that %(step)s becomes %(new)s, or let the case finish by its own revision.",
            step=step,
            new=new,
        ),
        mappable=element,
        suggested=suggested,
    )


def _blocked(reason: Sentence, unblock: Sentence) -> Judgement:
    return Judgement(verdict=Verdict.BLOCKED, reason=reason, unblock=unblock)


def done_and_gone(step: str) -> Judgement:
    """Tell which finished step is no more."""
    return _blocked(
        say("%(step)s has been done, and the new revision does not have it.", step=step),
        say(_PUT_BACK.template, step=step),
    )


def done_and_changed(step: str, part: Part) -> Judgement:
    """Tell what about a finished step changed."""
    return _blocked(
        say(
            "%(step)s has been done, and %(what)s changed in the new revision.",
            step=step,
            what=WHAT_CHANGED[part],
        ),
        say(_OR_LEAVE.template, step=step),
    )


def open_and_gone(step: str, element: str) -> Judgement:
    """Tell which open step is no more."""
    return Judgement(
        verdict=Verdict.BLOCKED,
        reason=say("%(step)s is open, and the new revision does not have it.", step=step),
        unblock=say(
            "Choose below which step of the new revision %(step)s becomes, or finish it first.", step=step
        ),
        mappable=element,
    )


def open_and_other(step: str, element: str) -> Judgement:
    """Tell what is no step for people any more."""
    return Judgement(
        verdict=Verdict.BLOCKED,
        reason=say("%(step)s is open, and is done in another way in the new revision.", step=step),
        unblock=say("Choose below which other step %(step)s becomes, or finish it first.", step=step),
        mappable=element,
    )


def waits_and_gone(step: str) -> Judgement:
    """Tell what is no longer waited for."""
    return _blocked(
        say("The case waits at %(step)s, and the new revision does not have it.", step=step),
        say("Move the case when it has gone on from %(step)s.", step=step),
    )


def waits_and_changed(step: str) -> Judgement:
    """Tell what is waited for otherwise."""
    return _blocked(
        say("The case waits at %(step)s, which waits for something else in the new revision.", step=step),
        say("Move the case when it has gone on from %(step)s.", step=step),
    )


def joined_otherwise(step: str) -> Judgement:
    """Tell where parts of the case wait for others."""
    return _blocked(
        say(
            "A part of the case waits at %(step)s for others, which come there on other ways now.", step=step
        ),
        say("Move the case when it has gone on from %(step)s.", step=step),
    )


def inside_changed(step: str) -> Judgement:
    """Tell in which subprocess the case stands."""
    return _blocked(
        say("The case stands inside %(step)s, and that changed.", step=step),
        say("Move the case when it has left %(step)s.", step=step),
    )


def asks_and_changed(step: str) -> Judgement:
    """Tell which service is asking, or has been answered."""
    return _blocked(
        say("%(step)s asks another system, and it changed in the new revision.", step=step),
        say("Move the case when it has gone on from %(step)s, or when that has failed for good.", step=step),
    )


def given_up_and_other(step: str) -> Judgement:
    """Tell which service that was given up asks nobody any more."""
    return _blocked(
        say("%(step)s has failed, and asks no other system in the new revision.", step=step),
        say("Have the new revision ask another system at %(step)s, or have it tried again.", step=step),
    )


def several_changed(step: str) -> Judgement:
    """Tell what is under way: a repetition, a call to another system, an undoing."""
    return _blocked(
        say("%(step)s is under way in several parts, and it changed.", step=step),
        say("Move the case when it has left %(step)s.", step=step),
    )


def watched_otherwise(step: str) -> Judgement:
    """Tell what may begin beside the flow."""
    return _blocked(
        say("%(step)s can begin at any time in this case, and was added, removed or changed.", step=step),
        say(_OR_LEAVE.template, step=step),
    )


def declared_otherwise(name: str) -> Judgement:
    """Tell which value of the case is kept otherwise."""
    return _blocked(
        say("The case keeps the value %(name)s, which the new revision declares otherwise.", name=name),
        say(_OR_LEAVE.template, step=name),
    )


def cannot_map(step: str, new: str) -> Judgement:
    """Tell that the owner's mapping does not fit."""
    return _blocked(
        say("%(step)s cannot become %(new)s.", step=step, new=new),
        say(
            "A step that is open can become another step for people, of the same process or subprocess,"
            " which is done once; what runs beside it stays the same, and no two become one."
        ),
    )
