"""The state of an SOP in words: the tag, and what it means."""

from __future__ import annotations

from flask_babel import gettext

from engine.model.definition import Document
from engine.model.instance import VersionState
from engine.queries.library import SopPage
from webapp import wording

_TAGS = {
    VersionState.DRAFT: "",
    VersionState.TRIAL: "trial",
    VersionState.IN_FORCE: "ok",
    VersionState.SUPERSEDED: "off",
    VersionState.WITHDRAWN: "off",
}


def version_state(state: VersionState) -> str:
    """Say where a version is in its life."""
    return {
        VersionState.DRAFT: gettext("Draft"),
        VersionState.TRIAL: gettext("Trial"),
        VersionState.IN_FORCE: gettext("In force"),
        VersionState.SUPERSEDED: gettext("No longer in force (replaced)"),
        VersionState.WITHDRAWN: gettext("Withdrawn"),
    }[state]


def version_tag(state: VersionState) -> str:
    """Give the class of a state's tag."""
    return _TAGS[state]


def meaning_of(sop: SopPage) -> tuple[str, str]:
    """Say what the state of the shown version means: (in short, why)."""
    state = sop.version.state
    if state is VersionState.TRIAL:
        return gettext("This SOP is not in force yet."), _why_trial(sop.definition.document)
    if state is VersionState.IN_FORCE:
        since = wording.day_long(sop.version.effective_from or sop.version.deployed_at)
        return gettext("This SOP is in force."), gettext("It has been so since %(day)s.", day=since)
    if state is VersionState.SUPERSEDED:
        why = gettext("Running cases that began on it keep it; new cases use the newer revision.")
        return gettext("This revision is no longer in force."), why
    if state is VersionState.WITHDRAWN:
        return gettext("This revision was withdrawn."), gettext("No new case can be started on it.")
    return gettext("This revision is a draft."), gettext("No case can be started on it yet.")


def _why_trial(header: Document) -> str:
    if not header.number and not header.effective_on:
        return gettext("Its number and dates are not set yet, so it is used for trial only.")
    if not header.number:
        return gettext("Its number is not set yet, so it is used for trial only.")
    if not header.effective_on:
        return gettext("Its effective date is not set yet, so it is used for trial only.")
    return gettext("It is used for trial until it is put in force.")
