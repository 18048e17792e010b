"""What is said after a completion: what happened, where the case is now, what comes next."""

from __future__ import annotations

from uuid import UUID

from markupsafe import Markup

from engine.queries.handed_on import HandedOn
from engine.queries.revision_decided import Decided
from webapp.language import gettext
from webapp.wording import day_long, moment

_LINK = Markup('<a href="{}">{}</a>')


def success(
    task_id: UUID, done: HandedOn, about: Decided | None = None, *, again: bool = False, kept: bool = False
) -> Markup:
    """Say what happened, to a revision where one was decided on, and whether the form came a second time.

    ``kept``: it said something else the second time.
    """
    happened = _happened(done) if about is None else _decided(done, about)
    parts: list[str] = [happened, _LINK.format(f"/tasks/{task_id.hex}", _look_back(done))]
    if again:
        parts.insert(0, gettext("You sent this before, on %(when)s.", when=moment(done.completed_at)))
    if kept:
        parts.append(gettext("What you changed in the form since was not sent; it is kept:"))
        parts.append(_LINK.format(f"/tasks/{task_id.hex}#typed", gettext("What you typed")))
    if done.stays and done.following is not None:
        parts.append(gettext("Next task, still of this case: %(task)s.", task=done.following.name))
    return Markup(" ").join(parts)


def other_case(done: HandedOn) -> Markup | None:
    """Warn that the next task is of another case, however alike it looks; None where it is not."""
    if done.following is None or done.stays:
        return None
    one = done.following
    words = gettext(
        "%(task)s, %(number)s – %(title)s. It is the next one of your list.",
        number=one.number,
        title=one.title,
        task=one.name,
    )
    return Markup("<strong>{}</strong> {} {}").format(
        gettext("This is another case:"), words, _LINK.format("/tasks", gettext("To my tasks"))
    )


def _happened(done: HandedOn) -> Markup:
    number = _LINK.format(f"/cases/{done.case.hex}", done.case_number)
    facts = {"task": done.name, "number": number, "who": ", ".join(done.lanes)}
    if done.finished:
        return Markup(gettext("%(task)s is done. Case %(number)s is finished.")) % facts  # noqa: S704 - ours
    if done.stays:
        return Markup(gettext("%(task)s is done. Case %(number)s is still with you.")) % facts  # noqa: S704 - ours
    if done.lanes:
        return Markup(gettext("%(task)s is done. Case %(number)s is now with %(who)s.")) % facts  # noqa: S704 - ours
    return Markup(gettext("%(task)s is done. Case %(number)s waits for its next step.")) % facts  # noqa: S704 - ours


def _decided(done: HandedOn, about: Decided) -> Markup:
    """Say what was decided; the worker carries it out within seconds, or the task comes back."""
    revision = Markup('<a href="/library/{}/versions/{}/review">{}</a>').format(
        about.key, about.number, gettext("Revision %(number)s", number=about.number)
    )
    facts = {
        "revision": revision,
        "who": about.author,
        "task": done.name,
        "day": day_long(about.effective_from),
    }
    if not about.approved:
        return Markup(gettext("%(revision)s is returned to %(who)s with your reason.")) % facts  # noqa: S704 - ours
    if about.is_done:
        return Markup(gettext("%(revision)s is approved and in force from %(day)s.")) % facts  # noqa: S704 - ours
    said = gettext("The approval of %(revision)s from %(day)s was sent; what comes of it stands on its page.")
    return Markup(said) % facts  # noqa: S704 - ours


def _look_back(done: HandedOn) -> str:
    return gettext("View it or take it back") if done.can_withdraw else gettext("View what you sent")
