"""What is said after a completion: what happened, where the case is now, what comes next."""

from __future__ import annotations

from uuid import UUID

from markupsafe import Markup

from engine.queries.handed_on import HandedOn
from webapp.language import gettext
from webapp.wording import moment


def success(task_id: UUID, done: HandedOn, *, again: bool = False) -> Markup:
    """Say it, and whether the form came a second time.

    A task of another case is named with its case, so that it does not look like one's own.
    """
    back = Markup(' <a href="{}">{}</a>').format(f"/tasks/{task_id.hex}", gettext("View what you sent"))
    following = _following(done)
    before = (
        gettext("You sent this before, on %(when)s.", when=moment(done.completed_at)) + " " if again else ""
    )
    return Markup("{}{}{}{}").format(before, _happened(done), back, following)


def _happened(done: HandedOn) -> str:
    facts = {"task": done.name, "number": done.case_number, "who": ", ".join(done.lanes)}
    if done.finished:
        return gettext("%(task)s is done. Case %(number)s is finished.", **facts)
    if done.lanes:
        return gettext("%(task)s is done. Case %(number)s is now with %(who)s.", **facts)
    return gettext("%(task)s is done. Case %(number)s waits for its next step.", **facts)


def _following(done: HandedOn) -> Markup:
    if done.following is None:
        return Markup("")
    one = done.following
    if done.stays:
        return Markup(" {}").format(gettext("Next task, still of this case: %(task)s.", task=one.name))
    words = gettext(
        "Next task, of another case: %(task)s, %(number)s – %(title)s.",
        number=one.number,
        title=one.title,
        task=one.name,
    )
    return Markup("<br><strong>{}</strong>").format(words)
