"""A case that is moved to other versions of its diagram as it goes, beside one that never is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

from engine.bpmn.move import judge
from engine.bpmn.standing import standing_of
from engine.bpmn.trail import Happening
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import spec_of
from tests.engine.bpmn.moving import facts_of, steps_of
from tests.engine.properties.blocks_rules import DECISIONS
from tests.engine.properties.playing import Act, Play

EXTRA = "extra"


class MovedPlay(Play):
    """Moves the one of two cases that stops after every step."""

    def __init__(self, content: bytes, other: bytes, sandbox: Sandbox, when: int) -> None:
        """Read both versions; the case moves before the ``when``-th act, or as soon as it may after that."""
        self.other = spec_of(other, sandbox, DECISIONS)
        self.other_content, self.when = other, when
        self.home: UUID | None = None
        self.moves = 0
        super().__init__(content, sandbox)

    def act(self, number: int, *, astray: bool = True) -> None:
        """Move before it, where it is time."""
        if self.steps >= self.when and not self.unstopped.finished:
            self.move()
        super().act(number, astray=astray)
        self.extra()

    def extra(self) -> None:
        """Do the step that only the new version has."""
        while any(key.element == EXTRA for key in self.stopped.open):
            self.stopped.complete(EXTRA)

    def move(self) -> None:
        """Move the case once, as soon as the verdict allows it."""
        case = self.stopped
        if self.moves:
            return
        facts = [
            facts_of(spec, tuple(replace(one, return_to=("any",)) for one in steps_of(content)))
            for spec, content in ((self.spec, self.content), (self.other, self.other_content))
        ]
        judged = judge(standing_of(case.state), *facts)
        if not judged.may_move:
            assert self.spec != self.other, judged
            return
        self.home, new = case.version, uuid4()
        case.runner = self._runner(self.stores[1])
        since = dict.fromkeys(case.open, case.now)
        state = case.runner.move(case.saved, new, mapping={}, since=since, now=case.now)
        assert not state.outcome.opened
        assert not state.outcome.trail
        assert not state.outcome.timers_set
        assert not state.outcome.timers_cleared
        case.version = new
        case._save(state.outcome)
        case.guard = self.unstopped.guard
        self.moves += 1

    def _spec_of(self, version: UUID) -> str:
        return self.other if self.home is not None and version != self.home else super()._spec_of(version)

    def _compare(self) -> None:
        if self.spec == self.other or not self.moves:
            super()._compare()
            return
        self.extra()
        left, right = self.unstopped, self.stopped
        # Beside the new step another process of the case goes on: in which order, is not told.
        entered = Counter(left.seen(Happening.ENTERED))
        assert entered == Counter(one for one in right.seen(Happening.ENTERED) if one != EXTRA)
        assert left.open == right.open
        assert left.finished == right.finished


class Diverged(Exception):
    """The two versions lead elsewhere before the case could be moved."""


class FromTheStart(Play):
    """One case has the new version from the start, the other is moved to it."""

    def __init__(self, old: bytes, new: bytes, sandbox: Sandbox, when: int) -> None:
        """Read both versions; the case moves before the ``when``-th act."""
        self.old, self.old_content, self.when = spec_of(old, sandbox, DECISIONS), old, when
        self.moved = False
        self.first: UUID | None = None
        super().__init__(new, sandbox)

    def _spec_of(self, version: UUID) -> str:
        return self.old if self.first is not None and version == self.first else self.spec

    def _both(self, act: Act, *, may_be_refused: bool = False) -> str | None:
        if self.first is None:  # the start of both
            self.first = self.stopped.version = uuid4()
        if self.moved:
            return super()._both(act, may_be_refused=may_be_refused)
        try:
            return super()._both(act, may_be_refused=may_be_refused)
        except (AssertionError, KeyError, StopIteration) as error:
            raise Diverged from error

    def _compare(self) -> None:
        """Compare all but by which flows they went: these are numbered behind everything else."""
        for case in (self.unstopped, self.stopped):
            case.history = [item for item in case.history if item.what is not Happening.FLOW]
        super()._compare()

    def act(self, number: int, *, astray: bool = True) -> None:
        """Move before it, where it is time."""
        if self.steps == self.when and not self.unstopped.finished:
            self.move()
        super().act(number, astray=astray)

    def move(self) -> None:
        """Move the case; Diverged where the verdict does not allow it."""
        case = self.stopped
        facts = [
            facts_of(spec, tuple(replace(one, return_to=("any",)) for one in steps_of(content)))
            for spec, content in ((self.old, self.old_content), (self.spec, self.content))
        ]
        if not judge(standing_of(case.state), *facts).may_move:
            raise Diverged
        case.runner = self._runner(self.stores[1])
        since = dict.fromkeys(case.open, case.now)
        state = case.runner.move(case.saved, self.unstopped.version, mapping={}, since=since, now=case.now)
        case.version = self.unstopped.version
        case._save(state.outcome)
        case.guard = self.unstopped.guard
        self.moved = True
        self._compare()
