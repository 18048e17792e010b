"""One case as its events tell it: every act is done again, and what followed must be what the record says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.actions.basis import shortened
from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Outcome, variables_of
from engine.errors import AlurError, NotNow, ProcessFailed, say
from engine.forms.definition import FormDefinition
from engine.model.calendar import WorkCalendar
from engine.model.definition import Step
from engine.model.event import Event, EventKind
from engine.model.task import TaskKey
from engine.record.rebuild_acts import DOES
from engine.record.rebuild_answers import (
    NOTHING,
    CannotTell,
    Stopped,
    Untold,
    differs,
    say_kind,
    say_line,
    shown,
    taken_otherwise,
)
from engine.record.rebuild_following import FOLLOWING, Following, until_next_act
from engine.record.rebuild_library import Library
from engine.record.rebuild_live import Kept, Live
from engine.record.rebuild_rows import NOTED, Rows, begun_told, read_told
from engine.software import SOFTWARE
from engine.storage.versions import Version

Told = Mapping[str, Any]
UNREADABLE = (LookupError, StopIteration, TypeError, ValueError, AttributeError)


@dataclass
class Rebuilt:
    """A case, and how much of its record was done again."""

    library: Library
    id: UUID
    office: UUID
    process: UUID
    known: Mapping[str, TaskKey] = field(default_factory=dict)  # where incidents were tried, by their ids
    taken_back: Collection[int] | None = None  # completions whose state before is needed; None: of all
    rows: Rows = field(default_factory=Rows)
    before: Kept | None = None  # what the last completion can be taken back to
    moves: list[tuple[Kept, Kept | None, dict[UUID, dict[str, Any]]]] = field(default_factory=list)
    cancelled: bool = False
    stores: dict[str, tuple[int, Any]] = field(default_factory=dict)  # as it left them: revision and value
    others: str = ""  # another release, that took some of its steps
    seq: int = 0
    last_act: Event | None = None  # that moved it
    ahead: Event | None = None  # what the record says after the act
    _calendar: str = ""  # digest of the one the act was done by
    _new: Sequence[Event] = ()  # what follows the act, and is not compared yet
    _begun: Told = field(default_factory=dict)  # how it began, where that was erased and is kept
    _version: Version | None = None  # the one it ran on when it was asked last

    def __post_init__(self) -> None:
        """Take a place in memory."""
        self.live = Live(self.library.runner, self.id)

    # -- what acts ask ---------------------------------------------------------------------------

    def version_numbered(self, number: int) -> UUID:
        """Give a version of the SOP."""
        return self.library.version_numbered(self.process, number).id

    @property
    def version(self) -> Version:
        """Give the version it runs on."""
        if self._version is None or self._version.id != self.live.version:
            self._version = self.library.version(self.live.version)
        return self._version

    def step(self, element: str) -> Step:
        """Give a step of its version."""
        return self.version.definition.step(element)

    def form_of(self, act: Event) -> FormDefinition | None:
        """Give the form of the step of an act."""
        return self.version.form_of(self.step(act.element or ""))

    def keeps_before(self, act: Event) -> bool:
        """Tell whether what stood before a completion is needed."""
        return self.taken_back is None or act.seq in self.taken_back

    def variables(self) -> dict[str, Any]:
        """Give the variables of the case."""
        return variables_of(self.live.state())

    def tried(self, told: Told) -> TaskKey:
        """Give where the failed step waits whose value was corrected."""
        if "tried" in told:
            element, round_, iteration = told["tried"]
            return TaskKey(element=element, round=round_, iteration=iteration)
        found = self.known.get(told["incident"])
        if found is None:
            raise CannotTell(say("The problem that was solved by the correction is not known any more."))
        return found

    def calendar(self) -> WorkCalendar:
        """Give the calendar the act was done by."""
        return self.library.calendar(self.office, self._calendar)

    def store(self, name: str) -> tuple[int, Any] | None:
        """Give what a data store held, as the act puts on record; CannotTell where none did yet.

        Until 0.2 that was not on record. It is known all the same while no other case has written there.
        """
        for event in self._new:
            for item in self._told(event).get("trail", ()) if event.kind in FOLLOWING else ():
                if item[0] == Happening.READ and item[4]["store"] == name:
                    revision: int = item[4]["revision"]
                    return (revision, item[4]["value"]) if revision else None
        own, now = self.stores.get(name), self.library.stored(self.office, name)
        if (own[0] if own else 0) != (now[0] if now else 0):
            raise CannotTell(
                say(
                    "What the data store “%(name)s” held then is not on record, and other cases write there.",
                    name=name,
                )
            )
        return own

    # -- the record ------------------------------------------------------------------------------

    def follow(self, events: Sequence[Event]) -> None:
        """Do what is new in the record; Stopped where it comes out otherwise, or cannot be told."""
        self.library.turn(self)
        self._begun = self._begun or begun_told(events)
        new = [event for event in events if event.seq > self.seq]
        place = 0
        while place < len(new):
            act = new[place]
            self.ahead = new[place + 1] if place + 1 < len(new) else None
            self._new = until_next_act(new, place + 1)
            told = self._told(act)
            if act.kind in FOLLOWING and not self.cancelled:
                raise differs(act, say("This follows from nothing."), NOTHING, say_line(act, self.name_of))
            outcome = self._done(act, told)
            self._note(act, told)
            place += 1
            if outcome is not None:
                place += self._compare(act, told, outcome, new[place:])
        if new:
            self.seq = new[-1].seq

    def _told(self, event: Event) -> Told:
        if event.payload is None and event.kind is EventKind.CASE_STARTED and self._begun:
            return self._begun
        if event.payload is None and (event.kind in DOES or event.kind in FOLLOWING or event.kind in NOTED):
            why = say("What this event says was erased; what the case went on from is not known any more.")
            raise Stopped(Untold(seq=event.seq, why=why))
        return read_told(event)

    def _done(self, act: Event, told: Told) -> Outcome | None:
        """Do an act once more; gives what came of it, None where nothing follows from such an act."""
        if act.kind is EventKind.CASE_CANCELLED:
            self.cancelled, self.last_act = True, act
            self.live.runner.forget(self.id)
        does = DOES.get(act.kind)
        if does is None:
            return None
        self._calendar = told.get("calendar", self._calendar)
        if told.get("software", SOFTWARE) != SOFTWARE:
            self.others = told["software"]
        try:
            outcome = does(self, act, told)
        except (AlurError, *UNREADABLE) as error:
            raise _failed(act, error) from error
        self._must_be_by(act, told)
        self.last_act = act
        return outcome

    def _must_be_by(self, act: Event, told: Told) -> None:
        """Compare SOP and form of the library with those the act was done by."""
        version = self.version
        if told.get("sop", shortened(version.digest)) != shortened(version.digest):
            what = say("The content of revision %(number)s of the SOP", number=version.number)
            raise differs(act, what, shown(told["sop"]), shown(shortened(version.digest)))
        if "form" not in told:
            return
        form = self.form_of(act)
        digest = shortened(form.digest) if form is not None else None
        if told["form"] != digest:
            raise differs(act, say("The form of the step"), shown(told["form"]), shown(digest))

    def _note(self, event: Event, told: Told) -> None:
        try:
            self.rows.note(event, told, self.step)
        except UNREADABLE as error:
            found = say("what it says does not fit the tasks and documents: %(error)s", error=repr(error))
            raise differs(event, say_kind(event), say("the task or document it is about"), found) from error

    def _compare(self, act: Event, told: Told, outcome: Outcome, ahead: Sequence[Event]) -> int:
        """Compare what came of an act with what the record says; gives how many events that were."""
        self.stores |= {one.name: (one.seen + 1, one.value) for one in outcome.stored}
        following, count = Following(name_of=self.name_of, step_of=self.step), 0
        try:
            for event, said in following.compared(act, outcome, ahead, self._told):
                self._note(event, said)
                count += 1
        except Stopped as stopped:
            release, found = told.get("software", SOFTWARE), stopped.answer
            if release == SOFTWARE or isinstance(found, Untold):
                raise
            why = taken_otherwise(release, found.what, found.expected, found.found)
            raise Stopped(Untold(seq=found.seq, why=why)) from stopped
        return count

    def name_of(self, element: str | None) -> str:
        """Give the name of an element, or its id."""
        try:
            return self.version.definition.name_of(element or "") or element or ""
        except (AlurError, *UNREADABLE):
            return element or ""


def _failed(act: Event, error: Exception) -> Stopped:
    """Say that an act cannot be done again; where something is missing for it, that it cannot be told."""
    if isinstance(error, CannotTell | NotNow) or (
        isinstance(error, ProcessFailed) and error.failure.timed_out
    ):
        return Stopped(Untold(seq=act.seq, why=error.sentence))
    missing = say("what it says does not fit the SOP: %(error)s", error=repr(error))
    found = error.sentence if isinstance(error, AlurError) else missing
    return differs(act, say_kind(act), say("the case goes on"), found)
