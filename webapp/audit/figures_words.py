"""Deviations and reasons in words: the name of each class, what it means, and what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from engine.errors import Sentence
from engine.queries.figures_deviations import Deviation, DeviationKind
from webapp import wording
from webapp.language import gettext
from webapp.rendering import sentence


def kind_words(kind: DeviationKind) -> str:
    """Name a class of deviations."""
    return {
        DeviationKind.LATE: gettext("Late"),
        DeviationKind.CANCELLED: gettext("Case cancelled"),
        DeviationKind.DELEGATED: gettext("Delegated"),
        DeviationKind.CORRECTED: gettext("Corrected afterwards"),
        DeviationKind.MOVED: gettext("Moved to another revision"),
        DeviationKind.UNREAD: gettext("Revision not read"),
        DeviationKind.WRONG_ROLE: gettext("Refused to another role"),
        DeviationKind.NOT_HELD: gettext("Done without the role"),
    }[kind]


def kind_meaning(kind: DeviationKind) -> str:
    """Say what a class of deviations counts."""
    return {
        DeviationKind.LATE: gettext("Steps completed after their due time, or open beyond it"),
        DeviationKind.CANCELLED: gettext("Cases ended by hand before their end"),
        DeviationKind.DELEGATED: gettext("Steps handed to a colleague, or prepared by one"),
        DeviationKind.CORRECTED: gettext("What a finished step entered was changed, or a value by hand"),
        DeviationKind.MOVED: gettext("Cases that went on by another revision, and moves taken back"),
        DeviationKind.UNREAD: gettext("Steps done by who had not yet read what the revision changed"),
        DeviationKind.WRONG_ROLE: gettext("Attempts that Alur refused, because the step is another role's"),
        DeviationKind.NOT_HELD: gettext(
            "Steps done by who did not hold the role that day, also not as Plt. or Plh."
        ),
    }[kind]


def replay_of(case: UUID, seq: int | None) -> str:
    """Give the address of a case's replay, at an event where one is known."""
    address = f"/audit/cases/{case.hex}"
    return address if seq is None else f"{address}?step={seq}"


def deviation_words(one: Deviation, kind: DeviationKind) -> str:
    """Say what happened."""
    return _SAYING[kind](one)


def _late(one: Deviation) -> str:
    due = wording.moment_short(one.due_at)
    if one.at == one.due_at:
        return gettext("due %(due)s, still open", due=due)
    return gettext("due %(due)s", due=due)


def _delegated(one: Deviation) -> str:
    return gettext("with %(who)s", who=one.other)


def _reason(one: Deviation) -> str:
    return _quoted(one.said.get("reason"))


def _moved(one: Deviation) -> str:
    revisions = one.said.get("revisions")
    if not isinstance(revisions, list) or len(revisions) != 2:  # noqa: PLR2004 - from, to
        return gettext("Move taken back")
    words = gettext("from revision %(old)s to %(new)s", old=revisions[0], new=revisions[1])
    return ": ".join(part for part in (words, _reason(one)) if part)


def _refused(one: Deviation) -> str:
    why, values = one.said.get("why"), one.said.get("values")
    if not isinstance(why, str):
        return ""
    return sentence(Sentence(why, values if isinstance(values, Mapping) else {}))


def _nothing(_one: Deviation) -> str:
    return ""


def _quoted(text: object) -> str:
    return f"“{text}”" if isinstance(text, str) and text else ""


_SAYING: Mapping[DeviationKind, Callable[[Deviation], str]] = {
    DeviationKind.LATE: _late,
    DeviationKind.CANCELLED: _reason,
    DeviationKind.DELEGATED: _delegated,
    DeviationKind.CORRECTED: _reason,
    DeviationKind.MOVED: _moved,
    DeviationKind.UNREAD: _nothing,
    DeviationKind.WRONG_ROLE: _refused,
    DeviationKind.NOT_HELD: _nothing,
}
