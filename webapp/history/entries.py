"""The history of a case as entries to read: a heading, what was said and made, who and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.errors import Sentence
from engine.forms.definition import FormDefinition
from engine.forms.display import Change, differences
from engine.model.calendar import WorkCalendar
from engine.model.definition import Definition, Step
from engine.model.event import EventKind
from engine.model.job import REVISION
from engine.model.lateness import late_by
from engine.queries.case_history import Happened, History
from engine.queries.case_page import CasePage, CasePart
from webapp import wording
from webapp.decided import decided_words
from webapp.due import late_words
from webapp.history.event_words import KIND_ICONS, OTHER_ICON, RETURNED_ICON, act_words, heading_of
from webapp.history.message_words import received_words, undelivered_words
from webapp.history.own_deeds import carried_out, is_again
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.standing import held_by, named_round
from webapp.stops import named

# Their headings name the step.
_SAYS_STEP = frozenset(
    {
        EventKind.TASK_COMPLETED,
        EventKind.TASK_AMENDED,
        EventKind.TASK_OPENED,
        EventKind.TASK_CANCELLED,
        EventKind.JOB_QUEUED,
        EventKind.JOB_TRIED,
        EventKind.JOB_DONE,
        EventKind.JOB_GIVEN_UP,
        EventKind.JOB_RETRIED,
    }
)
_VERSION_PARTS = 4  # number, name, version, digest; a withdrawal names numbers only


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry. ``kind`` is its class in the style sheet; the quote is what a person wrote."""

    seq: int  # of the event it begins with
    icon: str
    heading: str
    kind: str  # "", done, back, late
    lines: tuple[str, ...]
    quote: str
    when: str
    changes: tuple[Change, ...] = ()  # of a correction: old and new


def entries(case: CasePage | CasePart) -> tuple[Entry, ...]:
    """Put the history of a case in words."""
    history: History | None = case.history
    if history is None:
        return ()
    teller = Teller(definition=case.definition, forms=case.forms, calendar=case.calendar, names=history.names)
    return tuple(teller.tell(one) for one in history.entries)


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Tells events with the words of one version; ``names`` are those of identities in values."""

    definition: Definition
    forms: Mapping[str, FormDefinition]
    calendar: WorkCalendar
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _steps(self) -> Mapping[str, Step]:
        return {step.element: step for step in self.definition.steps}

    def tell(self, one: Happened) -> Entry:
        """Put one entry in words."""
        step = self._step(one.element, one.round)
        who = one.person or gettext("somebody")
        heading = heading_of(one.kind, step, who, by_alur=one.payload.get("connector") == REVISION)
        kind, icon, quote = "", KIND_ICONS.get(one.kind, OTHER_ICON), ""
        if one.kind is EventKind.TASK_COMPLETED:
            heading, kind, quote = self._completed(one, heading)
            icon = RETURNED_ICON if kind == "back" else icon
        elif is_again(one):
            heading = gettext("The corrected revision was submitted")
        elif one.kind in (EventKind.TASK_RETURNED, EventKind.TASK_AMENDED):
            kind = "back"
        elif one.kind is EventKind.CASE_FINISHED:
            kind = "done"
        elif one.kind in (EventKind.ATTEMPT_REFUSED, EventKind.CASE_CANCELLED):
            kind = "late"
        quote = quote or str(one.payload.get("text") or one.payload.get("reason") or "")
        lines = [line for line in self._lines(one, step) if line]
        return Entry(
            seq=one.seq,
            icon=icon,
            heading=heading,
            kind=kind,
            lines=tuple(lines),
            quote=quote,
            when=self._when(one),
            changes=self._corrected(one) if one.kind is EventKind.TASK_AMENDED else (),
        )

    def _corrected(self, one: Happened) -> tuple[Change, ...]:
        form = self._form(one.element)
        now = one.payload.get("data") or {}
        before = now | (one.payload.get("was") or {})
        if form is None:
            return ()
        return differences(form, before, now, self.names, (gettext("Yes"), gettext("No")))

    def _step(self, element: str, round_: int) -> str:
        step = self._steps.get(element)
        return named_round(step.name if step else named(self.definition, element), round_)

    def _completed(self, one: Happened, heading: str) -> tuple[str, str, str]:
        """Say what a completion decided: (heading, kind, the reviewer's notes)."""
        form, data = self._form(one.element), one.payload.get("data") or {}
        notes = str(data.get(form.notes.key) or "") if form and form.notes else ""
        decision = form.decision if form else None
        if decision is None or not decision.options:
            return heading, "done", notes
        who = self._role(one.element) or one.actor
        if data.get(decision.key) == decision.options[0].value:
            return gettext("Accepted by %(who)s", who=who), "done", notes
        return gettext("Returned by %(who)s", who=who), "back", notes

    def _form(self, element: str) -> FormDefinition | None:
        step = self._steps.get(element)
        return self.forms.get(step.form_key or "") if step else None

    def _role(self, element: str) -> str:
        step = self._steps.get(element)
        lanes = {lane.role: lane.name for lane in self.definition.lanes}
        return lanes.get(step.role, "") if step else ""

    def _lines(self, one: Happened, step: str) -> list[str]:
        lines = [] if one.kind in _SAYS_STEP else [step]
        if one.kind in (EventKind.TASK_COMPLETED, EventKind.TASK_AMENDED):
            lines = self._made(one)
        if one.kind is EventKind.ATTEMPT_REFUSED:
            lines += [_refused_words(one.payload)]
        lines += [*_revision_words(one), *carried_out(one)]
        if one.kind is EventKind.MESSAGE_RECEIVED:
            lines = received_words(one, lines)
        if one.kind is EventKind.MESSAGE_UNDELIVERED:
            lines += [undelivered_words(one.payload)]
        if one.kind is EventKind.DOCUMENT_ADDED:
            lines += [_version_words(one.payload.get("name"), one.payload.get("version"))]
        if one.kind is EventKind.CLOCK_RESUMED and one.payload.get("due"):
            lines += [gettext("due %(when)s", when=wording.moment_named(str(one.payload["due"])))]
        if one.kind is EventKind.CASE_STARTED and "version" in one.payload:
            lines = [gettext("Revision %(number)s of the SOP", number=one.payload.get("version", ""))]
        lines += [decided_words(found) for found in one.decided]
        return lines + [
            gettext(
                "To %(who)s: %(step)s",
                who=held_by(to.assignee, to.role) if to.assignee else to.role,
                step=self._step(to.element, to.round),
            )
            for to in one.opened
            if one.kind is not EventKind.TASK_OPENED
        ]

    def _made(self, one: Happened) -> list[str]:
        """Name the step that was returned, and the documents that were made."""
        made = [
            _version_words(entry[1], entry[2])
            for entry in one.payload.get("documents") or ()
            if isinstance(entry, list) and len(entry) >= _VERSION_PARTS
        ]
        form = self._form(one.element)
        named = [self._step(one.element, one.round)] if form and form.decision else []
        return named + ([", ".join(made)] if made else [])

    def _when(self, one: Happened) -> str:
        who = one.actor or gettext("Alur itself")
        if one.on_behalf_of:
            who = gettext("%(who)s on behalf of %(other)s", who=who, other=one.on_behalf_of)
        parts = [who, wording.moment_named(one.at)]
        done_on = one.payload.get("done_on")
        if isinstance(done_on, str):
            parts.append(gettext("done on %(day)s", day=wording.day(done_on)))
        late = late_words(late_by(one.due_at, one.at, self.calendar), self.calendar.day_length)
        if late and one.kind is EventKind.TASK_COMPLETED:
            parts.append(late)
        return " · ".join(parts)


def _version_words(name: object, version: object) -> str:
    return gettext("%(name)s version %(version)s", name=name, version=version)


def _revision_words(one: Happened) -> list[str]:
    if one.kind not in (EventKind.CASE_MOVED, EventKind.MOVE_UNDONE) or not one.payload:
        return []
    old, new = one.payload["revisions"]
    return [gettext("From revision %(old)s to revision %(new)s", old=old, new=new)]


def _refused_words(payload: Mapping[str, Any]) -> str:
    """Say what was tried and why it was refused; the reason is on record as template and values."""
    act, why = payload.get("act"), payload.get("why")
    said = act_words(EventKind(act)) if act in set(EventKind) else str(act or "")
    if not isinstance(why, str) or not why:
        return said
    values = {name: _instant_or_text(value) for name, value in payload.get("values", {}).items()}
    return f"{said}: {sentence(Sentence(why, values))}"


def _instant_or_text(value: str) -> datetime | str:
    try:
        return datetime.fromisoformat(value) if "T" in value else value
    except ValueError:
        return value
