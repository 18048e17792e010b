"""Open cases by where they stand and what a new version means for them: what a process owner chooses from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.move import Judgement, judge
from engine.bpmn.move_facts import VersionFacts
from engine.bpmn.standing import Standing, standing_of
from engine.errors import Sentence
from engine.model.incident import sentence_from, sentence_json
from engine.model.verdict import Verdict

SAMPLES = 3
_DIGITS = 16


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cases that stand at the same steps, with the same verdict for the same reason."""

    key: str
    at: tuple[str, ...]  # elements
    names: tuple[str, ...]  # of these, as the cases' own version calls them
    numbers: tuple[int, ...]  # of those that are rows of the SOP's table
    judgement: Judgement
    on_trial: bool = False  # cases that are marked as a trial's: they move where others may not
    count: int = 1
    samples: tuple[tuple[str, str], ...] = ()  # id (hex) and number of some of its cases

    def with_one_more(self, case: tuple[str, str]) -> Group:
        """Count another case."""
        samples = self.samples if len(self.samples) >= SAMPLES else (*self.samples, case)
        return replace(self, count=self.count + 1, samples=samples)

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        judgement = self.judgement
        return {
            "at": list(self.at),
            "names": list(self.names),
            "numbers": list(self.numbers),
            "verdict": judgement.verdict.value,
            "reason": sentence_json(judgement.reason),
            "unblock": sentence_json(judgement.unblock) if judgement.unblock else None,
            "may_move": judgement.may_move,
            "mappable": judgement.mappable,
            "suggested": judgement.suggested,
            "trial": self.on_trial,
            "count": self.count,
            "samples": [list(one) for one in self.samples],
        }


def group_of(standing: Standing, facts: VersionFacts, judgement: Judgement, *, on_trial: bool) -> Group:
    """Give the group of a case; the key says all but which case it is."""
    at = sorted(set(_places(standing, facts)), key=lambda one: (_number(facts, one), one))
    told = [at, judgement.verdict.value, sentence_json(judgement.reason), *(["trial"] if on_trial else [])]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return Group(
        key=digest[:_DIGITS],
        at=tuple(at),
        names=tuple(facts.name_of(element) for element in at),
        numbers=tuple(facts.steps[element] for element in at if element in facts.steps),
        judgement=judgement,
        on_trial=on_trial,
        count=0,
    )


def untold(key: str, reason: Sentence) -> Group:
    """Give the group of cases of which no place is told, and that cannot be moved."""
    judgement = Judgement(verdict=Verdict.BLOCKED, reason=reason)
    return Group(key=key, at=(), names=(), numbers=(), judgement=judgement, count=0)


class Judging:
    """Judges cases against one version; those that stand alike once."""

    def __init__(
        self, new: VersionFacts, mapping: Mapping[str, str], facts_of: Callable[[UUID], VersionFacts]
    ) -> None:
        """Take the version, what becomes what, and the way to the versions cases run on."""
        self._new, self._mapping, self._facts_of = new, mapping, facts_of
        self._known: dict[tuple[UUID, Standing, bool], Group] = {}

    def group(self, version: UUID, state: str, *, on_trial: bool, given_up: frozenset[str]) -> Group:
        """Give the group of a case by its version, its state, and which of its services were given up."""
        standing = standing_of(state, given_up)
        group = self._known.get((version, standing, on_trial))
        if group is None:
            old = self._facts_of(version)
            judgement = judge(standing, old, self._new, self._mapping)
            group = group_of(standing, old, judgement, on_trial=on_trial)
            self._known[version, standing, on_trial] = group
        return group


def _number(facts: VersionFacts, element: str) -> int:
    return facts.steps.get(element, len(facts.steps) + 1)


def _places(standing: Standing, facts: VersionFacts) -> list[str]:
    """Give where people would say the case is: steps, and what is waited for in the flow."""
    found = []
    for token in standing.tokens:
        one = facts.elements.get(token.element)
        if token.listens or token.owned or (one is not None and (one.inner or one.kind == "boundaryEvent")):
            continue
        if token.state in (TaskState.READY, TaskState.WAITING, TaskState.STARTED):
            found.append(token.element)
    return found


def groups_from(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Group]:
    """Read what ``to_json`` wrote, by key."""
    return {key: _group(key, one) for key, one in stored.items()}


def _group(key: str, one: Mapping[str, Any]) -> Group:
    unblock: Sentence | None = sentence_from(one["unblock"]) if one["unblock"] else None
    return Group(
        key=key,
        at=tuple(one["at"]),
        names=tuple(one["names"]),
        numbers=tuple(one["numbers"]),
        judgement=Judgement(
            verdict=Verdict(one["verdict"]),
            reason=sentence_from(one["reason"]),
            unblock=unblock,
            may_move=one["may_move"],
            mappable=one["mappable"],
            suggested=one["suggested"],
        ),
        on_trial=one.get("trial", False),
        count=one["count"],
        samples=tuple((case, number) for case, number in one["samples"]),
    )
