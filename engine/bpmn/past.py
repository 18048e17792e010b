"""Plays the recorded answers of a case through other files of its SOP, in memory alone.

No connector is called and nothing is written: what people entered, when timers fired and what came from
outside is taken from the record, step by step, as long as the draft asks for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.move_facts import VersionFacts
from engine.bpmn.outcome import Outcome as Step
from engine.bpmn.workflow import Runner
from engine.errors import AlurError, Sentence, say
from engine.forms.fields import FormDefinition
from engine.model.event import EventKind
from engine.model.instance import Saved
from engine.model.job import JobKey
from engine.model.past import Outcome, RecordedAct, Told
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey

_SECONDS = 2.0  # of one case: a worker has timers to fire besides
_MOST_NEW = 200  # steps that are not on record
_EMPTY: tuple[object, ...] = ("", None, [], {})
_SAME = say("It would have gone the same way.")
_SO_FAR = say("It would have gone the same way up to the step where it stands.")


class _Stalls(Exception):
    """It does not go on."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.template)


class _OtherWay(_Stalls):
    """It goes on, but elsewhere."""


class Past:
    """Plays cases through a draft."""

    def __init__(
        self,
        runner: Runner,
        facts: VersionFacts,
        form_of: Callable[[str], FormDefinition | None],
    ) -> None:
        """Take a runner that knows one version only, what that version means, and its forms by element."""
        self.runner, self.facts, self.form_of = runner, facts, form_of

    def play(self, acts: Sequence[RecordedAct], known: frozenset[str], at: frozenset[str] | None) -> Told:
        """Tell how a case fares; ``known`` are the elements of its own version.

        ``at`` are the steps that are open in it now; None where it is finished.
        """
        if not acts or acts[0].kind is not EventKind.CASE_STARTED:
            return Told(outcome=Outcome.UNKNOWN, reason=say("Its record does not say how it began."))
        run = _Run(self, known)
        try:
            for act in acts:
                run.do(act)
            run.come_to_end(at)
        except _OtherWay as other:
            return Told(outcome=Outcome.OTHER, reason=other.sentence)
        except _Stalls as stalls:
            return Told(outcome=Outcome.STALLS, reason=stalls.sentence)
        except AlurError as error:
            return Told(outcome=Outcome.STALLS, reason=error.sentence)
        if run.asked is not None:
            return Told(outcome=Outcome.ASKED, reason=run.asked)
        return Told(outcome=Outcome.SAME, reason=_SAME if at is None else _SO_FAR)


class _Run:
    """One case in memory."""

    def __init__(self, past: Past, known: frozenset[str]) -> None:
        self.past, self.known = past, known
        self.id, self.guard, self.state, self.finished = uuid4(), 0, "", False
        self.open: list[TaskKey] = []
        self.timers: dict[TimerKey, datetime] = {}
        self.jobs: list[JobKey] = []
        self.waits: list[tuple[WaitKey, str]] = []
        self.asked: Sentence | None = None  # the first thing that was never asked before
        self.now = datetime.min.replace(tzinfo=UTC)
        self.until = time.monotonic() + _SECONDS
        self.new = 0

    @property
    def saved(self) -> Saved:
        return Saved(id=self.id, version=_DRAFT, guard=self.guard, state=self.state)

    def do(self, act: RecordedAct) -> None:
        """Do what the record says, where the draft has a place for it."""
        if time.monotonic() > self.until:
            raise _Stalls(say("Trying it took too long."))
        self.now = max(act.at, self.now) if self.guard else act.at
        does = _DOES.get(act.kind)
        if does is not None:
            does(self, act)

    def come_to_end(self, at: frozenset[str] | None) -> None:
        """See that it stands where the recorded one does, or is finished as that is."""
        while not self.finished and (at is None or not self._stand_at(at)) and self._do_new():
            pass
        if at is None and not self.finished:
            raise _Stalls(
                say("It would stand at %(step)s: nothing on record brings it on.", step=self._stands())
            )
        if at is not None and not self._stand_at(at):
            if self.finished:
                raise _OtherWay(say("It would be finished already."))
            names = ", ".join(sorted(map(self.past.facts.name_of, at)))
            raise _OtherWay(
                say("It would stand at %(at)s, and stands at %(step)s.", at=self._stands(), step=names)
            )

    def _stand_at(self, at: frozenset[str]) -> bool:
        """Tell whether each of these steps that the draft has is open."""
        wanted = at & self.past.facts.elements.keys()
        return wanted <= {key.element for key in self.open}

    def _start(self, act: RecordedAct) -> None:
        self._saved(
            self.past.runner.start(
                version=_DRAFT,
                instance=self.id,
                variables={"case": {"year": act.said["year"]}},
                now=self.now,
                start=act.said.get("start", ""),
            )
        )

    def _complete(self, act: RecordedAct) -> None:
        if act.element not in self.past.facts.elements:
            return  # a step that the draft does not have: what it gave is not there either
        data = act.said.get("data", {})
        key = self._at(act)
        self._ask(act.element, data)
        form = self.past.form_of(act.element)
        shared = {
            one.shared: data[one.key]
            for one in (form.inputs if form else ())
            if one.shared and one.key in data
        }
        self._step(key, data, shared)

    def _at(self, act: RecordedAct) -> TaskKey:
        """Find the open task of an act; new steps before it are passed, for which nothing is on record."""
        while True:
            found = [key for key in self.open if key.element == act.element]
            if found:
                fits = [key for key in found if key.iteration == act.iteration]
                return (fits or found)[0]
            if not self._do_new():
                name = self.past.facts.name_of(act.element)
                if self.finished:
                    raise _OtherWay(say("It would end before %(step)s.", step=name))
                raise _OtherWay(
                    say(
                        "It would stand at %(at)s where it went on with %(step)s.",
                        at=self._stands(),
                        step=name,
                    )
                )

    def _do_new(self) -> bool:
        """Pass the first open step that the case's own version does not have; False where there is none."""
        key = next((key for key in self.open if key.element not in self.known), None)
        if key is None:
            return False
        self.new += 1
        if self.new > _MOST_NEW:
            raise _Stalls(say("It would go round and round through %(step)s.", step=self._stands()))
        name = self.past.facts.name_of(key.element)
        self.asked = self.asked or say("It would come to the new step %(step)s.", step=name)
        self._step(key, {}, {})
        return True

    def _ask(self, element: str, data: Mapping[str, Any]) -> None:
        """Note a field that must be filled and for which nothing is on record."""
        form = self.past.form_of(element)
        for one in form.inputs if form is not None and self.asked is None else ():
            needed = one.required and not one.readonly and one.hide is None
            if needed and data.get(one.key) in _EMPTY:
                self.asked = say(
                    "%(step)s would ask for “%(field)s”, for which nothing is on record.",
                    step=self.past.facts.name_of(element),
                    field=one.label or one.key,
                )
                return

    def _step(self, key: TaskKey, data: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        self.open.remove(key)
        runner = self.past.runner
        self._saved(runner.complete(self.saved, key, submitted=data, shared=shared, now=self.now))

    def _send_back(self, act: RecordedAct) -> None:
        to, key = act.said["back_to"][0], self._at(act)
        self.open.remove(key)
        self._saved(self.past.runner.send_back(self.saved, key, to=to, now=self.now))

    def _amend(self, act: RecordedAct) -> None:
        self._saved(
            self.past.runner.amend(self.saved, changes={act.element: act.said.get("data", {})}, now=self.now)
        )

    def _fire(self, act: RecordedAct) -> None:
        key = next((key for key in self.timers if key.element == act.element), None)
        if key is not None:  # else the draft does not wait there: what that leads to shows
            self.now = max(self.now, self.timers.pop(key))
            self._saved(self.past.runner.fire(self.saved, key, now=self.now))

    def _answer(self, act: RecordedAct) -> None:
        key = next((key for key in self.jobs if key.element == act.element), None)
        if key is not None:
            result = act.said.get("result")
            self._saved(self.past.runner.job_done(self.saved, key, result=result, now=self.now))

    def _give_up(self, act: RecordedAct) -> None:
        key = next((key for key in self.jobs if key.element == act.element), None)
        code = act.said.get("code", "process")
        if key is not None and code != "process":
            outcome = self.past.runner.job_failed(self.saved, key, code=code, now=self.now)
            if outcome is not None:
                self._saved(outcome)

    def _receive(self, act: RecordedAct) -> None:
        fits = [key for key, name in self.waits if name == act.said.get("name")]
        key = next((key for key in fits if key.element == act.element), fits[0] if fits else None)
        if key is not None:
            payload = act.said.get("data", {})
            self._saved(self.past.runner.deliver(self.saved, key, payload=payload, now=self.now))

    def _saved(self, step: Step) -> None:
        self.guard += 1
        self.state, self.finished = step.state, step.finished
        closed, over = set(step.closed), set(step.jobs_cleared)
        self.open = [key for key in self.open if key not in closed] + list(step.opened)
        for timer in step.timers_cleared:
            self.timers.pop(timer, None)
        self.timers |= dict(step.timers_set)
        self.jobs = [key for key in self.jobs if key not in over] + [one.key for one in step.jobs_set]
        gone = set(step.waits_cleared)
        self.waits = [one for one in self.waits if one[0] not in gone]
        self.waits += [(one.key, one.name) for one in step.waits_set]
        if not step.finished:
            self.past.runner.keep(self.id, self.guard, step)

    def _stands(self) -> str:
        elements = [key.element for key in self.open] + [key.element for key in self.timers]
        elements += [key.element for key in self.jobs] + [key.element for key, _ in self.waits]
        return ", ".join(dict.fromkeys(map(self.past.facts.name_of, elements)))


_DRAFT = UUID(int=0)  # there is no version yet
_DOES: Mapping[EventKind, Callable[[_Run, RecordedAct], None]] = {
    EventKind.CASE_STARTED: _Run._start,
    EventKind.TASK_COMPLETED: _Run._complete,
    EventKind.TASK_RETURNED: _Run._send_back,
    EventKind.TASK_AMENDED: _Run._amend,
    EventKind.TIMER_FIRED: _Run._fire,
    EventKind.JOB_DONE: _Run._answer,
    EventKind.JOB_GIVEN_UP: _Run._give_up,
    EventKind.MESSAGE_RECEIVED: _Run._receive,
}
PLAYED = frozenset(_DOES) | {EventKind.COMPLETION_WITHDRAWN}


def played(acts: Sequence[RecordedAct]) -> list[RecordedAct]:
    """Leave out what was taken back: a completion that was withdrawn, with the withdrawal."""
    kept: list[RecordedAct] = []
    for act in acts:
        if act.kind is not EventKind.COMPLETION_WITHDRAWN:
            kept.append(act)
            continue
        for place in range(len(kept) - 1, -1, -1):
            one = kept[place]
            if one.kind is EventKind.TASK_COMPLETED and (one.element, one.round) == (act.element, act.round):
                del kept[place]
                break
    return kept
