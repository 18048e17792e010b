"""The state of an SOP in words: the tag, and what it means."""

from __future__ import annotations

from flask_babel import gettext

from engine.model.definition import Document
from engine.model.instance import VersionState
from engine.queries.library import SopPage
from engine.queries.library_versions import STARTABLE, counting
from webapp import wording

_TAGS = {
    VersionState.TRIAL: "trial",
    VersionState.REVIEW: "",
    VersionState.RETURNED: "back",
    VersionState.APPROVED: "ok",
    VersionState.IN_FORCE: "ok",
    VersionState.SUPERSEDED: "off",
    VersionState.WITHDRAWN: "off",
}


def version_state(state: VersionState) -> str:
    """Say where a version is in its life."""
    return {
        VersionState.TRIAL: gettext("Trial"),
        VersionState.REVIEW: gettext("Awaits approval"),
        VersionState.RETURNED: gettext("Returned"),
        VersionState.APPROVED: gettext("Approved"),
        VersionState.IN_FORCE: gettext("In force"),
        VersionState.SUPERSEDED: gettext("No longer in force (replaced)"),
        VersionState.WITHDRAWN: gettext("Withdrawn from use"),
    }[state]


def version_tag(state: VersionState) -> str:
    """Give the class of a state's tag."""
    return _TAGS[state]


def meaning_of(sop: SopPage) -> tuple[str, str]:
    """Say what the state of the shown version means: (in short, why)."""
    version = sop.version
    in_force = wording.day_long(version.in_force_on or version.deployed_at)
    no_case = gettext("No case can be started on it yet.")
    return {
        VersionState.TRIAL: (gettext("This SOP is not in force yet."), _why_trial(sop.header)),
        VersionState.REVIEW: (gettext("This revision awaits approval."), no_case),
        VersionState.RETURNED: (gettext("This revision was returned to its author."), version.reason),
        VersionState.APPROVED: (
            gettext("This revision is approved."),
            gettext("It comes into force on %(day)s.", day=in_force),
        ),
        VersionState.IN_FORCE: (
            gettext("This SOP is in force."),
            gettext("It has been so since %(day)s.", day=in_force),
        ),
        VersionState.SUPERSEDED: (
            gettext("This revision is no longer in force."),
            _in_its_place(sop),
        ),
        VersionState.WITHDRAWN: (
            gettext("This revision was withdrawn."),
            version.reason or gettext("No new case can be started on it."),
        ),
    }[version.state]


def _in_its_place(sop: SopPage) -> str:
    used = counting(list(sop.versions))
    if used.state not in STARTABLE:
        return gettext("Running cases that began on it keep it.")
    return gettext(
        "Running cases that began on it keep it; new cases use another one: revision %(number)s.",
        number=used.number,
    )


def _why_trial(header: Document) -> str:
    if not header.number and not header.effective_on:
        return gettext("Its number and dates are not set yet, so it is used for trial only.")
    if not header.number:
        return gettext("Its number is not set yet, so it is used for trial only.")
    if not header.effective_on:
        return gettext("Its effective date is not set yet, so it is used for trial only.")
    return gettext("It is used for trial until it is put in force.")
