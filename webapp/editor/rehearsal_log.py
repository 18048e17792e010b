"""What happened in a rehearsal, in words: an entry per thing that was done, with what it led to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.forms.display import Shown, show
from engine.model.event import EventKind
from engine.model.incident import sentence_from
from engine.model.rehearsal import CLOCK_MOVED, STOOD_STILL, THROWN, RehearsalLine
from engine.model.wait import Channel
from engine.queries.case_history import decided_in
from engine.queries.rehearsal import PRETENDED, Rehearsed
from webapp import wording
from webapp.decided import decided_words, value_words
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.stops import named

_FOLLOWING = frozenset(
    {
        EventKind.TASK_OPENED,
        EventKind.TASK_CANCELLED,
        EventKind.CASE_ADVANCED,
        EventKind.CASE_FINISHED,
        EventKind.JOB_QUEUED,
        EventKind.MESSAGE_UNDELIVERED,
        THROWN,
        STOOD_STILL,
    }
)
LOG_ICONS: Mapping[str, str] = {
    EventKind.CASE_STARTED: "player-play",
    EventKind.TASK_COMPLETED: "check",
    EventKind.TASK_RETURNED: "arrow-back-up",
    EventKind.TIMER_FIRED: "alarm",
    EventKind.JOB_DONE: "plug-connected",
    EventKind.JOB_GIVEN_UP: "plug-off",
    EventKind.MESSAGE_RECEIVED: "mail",
    CLOCK_MOVED: "clock-play",
}
_KINDS: Mapping[str, str] = {
    EventKind.TASK_COMPLETED: "done",
    EventKind.TASK_RETURNED: "back",
    EventKind.JOB_GIVEN_UP: "late",
}
_MOST_LINES = 40  # of one entry
_LONGEST = 160  # characters of a value


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One thing that was done; ``shown`` is what was filled in."""

    icon: str
    kind: str  # its class: "", done, back, late
    heading: str
    lines: tuple[str, ...]
    when: str
    shown: tuple[Shown, ...] = ()


def log_entries(found: Rehearsed) -> list[LogEntry]:
    """Tell everything, the newest first."""
    teller, entries = _Teller(found), list[LogEntry]()
    for line in found.rehearsal.lines:
        led_to = tuple(teller.led_to(line))
        if line.kind not in _FOLLOWING or not entries:
            entries.append(teller.entry(line, led_to))
        elif led_to:
            last = entries[-1]
            entries[-1] = replace(last, lines=(*last.lines, *led_to)[:_MOST_LINES])
    return entries[::-1]


class _Teller:
    def __init__(self, found: Rehearsed) -> None:
        self.roles, self.names, self.version = found.roles, found.names, found.version
        self.flows = {edge.element: edge.name for edge in self.version.definition.diagram.edges}
        self.steps = {step.element: step for step in self.version.definition.steps}

    def entry(self, line: RehearsalLine, led_to: tuple[str, ...]) -> LogEntry:
        shown = tuple(self._filled_in(line))
        return LogEntry(
            icon=LOG_ICONS.get(line.kind, "route"),
            kind=_KINDS.get(line.kind, ""),
            heading=self._heading(line),
            lines=(*self._about(line), *led_to)[:_MOST_LINES],
            when=wording.moment_named(line.at),
            shown=shown,
        )

    def _heading(self, line: RehearsalLine) -> str:
        name, told = self._name(line), line.payload
        said: Mapping[str, str] = {
            EventKind.CASE_STARTED: gettext("The rehearsal began"),
            EventKind.TASK_COMPLETED: gettext("%(step)s done", step=name),
            EventKind.TASK_RETURNED: gettext("%(step)s: sent back", step=name),
            EventKind.TIMER_FIRED: gettext("The time of %(name)s came", name=name),
            EventKind.JOB_DONE: gettext("%(step)s: the other system answered", step=name),
            EventKind.JOB_GIVEN_UP: gettext(
                "%(step)s: the other system gave the error %(code)s", step=name, code=told.get("code", "")
            ),
            EventKind.MESSAGE_RECEIVED: self._received(told),
            CLOCK_MOVED: gettext("The clock was moved on"),
        }
        return said.get(line.kind, name)

    def _received(self, told: Mapping[str, Any]) -> str:
        if told.get("channel") == Channel.SIGNAL:
            return gettext("The signal “%(name)s” came", name=told.get("name", ""))
        return gettext("The message “%(name)s” came", name=told.get("name", ""))

    def _about(self, line: RehearsalLine) -> Iterator[str]:
        step = self.steps.get(line.element)
        if line.kind == EventKind.TASK_COMPLETED and step is not None:
            yield gettext("by %(role)s", role=self._role(step.role))
            yield from self._answered(line)
        if line.kind == EventKind.TASK_RETURNED:
            yield gettext("Back to %(step)s", step=named(self.version.definition, line.payload["to"]))
        if line.kind == CLOCK_MOVED:
            yield gettext("from %(when)s", when=wording.moment_named(str(line.payload["from"])))
            if line.payload.get("stopped"):
                yield gettext("It stopped on its way: many timers came. Move it on again to go further.")
        if line.kind in (EventKind.MESSAGE_RECEIVED, EventKind.JOB_DONE):
            brought = line.payload.get("data") or line.payload.get("result") or {}
            yield from (f"{name} = {value_words(value)[:_LONGEST]}" for name, value in brought.items())

    def _answered(self, line: RehearsalLine) -> Iterator[str]:
        """Say which answer of a decision was given."""
        form = self._form(line.element)
        decision = form.decision if form else None
        given = (line.payload.get("data") or {}).get(decision.key) if decision else None
        labels = {option.value: option.label for option in decision.options} if decision else {}
        if given is not None:
            yield gettext("Answer: %(answer)s", answer=labels.get(given, given))

    def _filled_in(self, line: RehearsalLine) -> Iterator[Shown]:
        form = self._form(line.element) if line.kind == EventKind.TASK_COMPLETED else None
        if form is not None:
            names = {**self.names, PRETENDED: gettext("a file that is only pretended")}
            yes_no = (gettext("Yes"), gettext("No"))
            yield from (
                one for one in show(form, line.payload.get("data") or {}, names, yes_no) if not one.is_empty
            )

    def led_to(self, line: RehearsalLine) -> Iterator[str]:
        """Say what something led to: the ways taken first, then what stands at their end."""
        for item in line.payload.get("trail") or ():
            name = self.flows.get(item[1]) if item[0] == "flow" else ""
            if name:
                yield gettext("Way taken: %(flow)s", flow=name)
        yield from map(decided_words, decided_in(line.payload))
        yield from self._followed(line)

    def _followed(self, line: RehearsalLine) -> Iterator[str]:
        name, told = self._name(line), line.payload
        if line.kind == EventKind.TASK_OPENED:
            words = gettext("To %(who)s: %(step)s", who=self._role(told.get("role", "")), step=name)
            due = told.get("due")
            yield words + (", " + gettext("due %(when)s", when=wording.moment_named(due)) if due else "")
        if line.kind == EventKind.TASK_CANCELLED:
            yield gettext("%(step)s no longer needed", step=name)
        if line.kind == EventKind.JOB_QUEUED:
            yield gettext("%(step)s: another system would be asked now", step=name)
        if line.kind == EventKind.CASE_FINISHED:
            yield gettext("The case would be finished here.")
        if line.kind == THROWN:
            yield gettext("“%(name)s” would go out to other cases; here nobody hears it", name=told["name"])
        if line.kind == EventKind.MESSAGE_UNDELIVERED:
            yield gettext("“%(name)s” was taken by nobody", name=told.get("name", ""))
        if line.kind == STOOD_STILL:
            why = sentence(sentence_from(told))
            yield gettext("It would stand still at %(name)s: %(why)s", name=name, why=why)

    def _name(self, line: RehearsalLine) -> str:
        name = named(self.version.definition, line.element)
        return gettext("%(step)s, round %(round)s", step=name, round=line.round) if line.round > 1 else name

    def _role(self, key: str) -> str:
        return self.roles.get(key, key)

    def _form(self, element: str) -> Any:  # noqa: ANN401 - a form or None
        step = self.steps.get(element)
        return self.version.form_of(step) if step else None
