"""The past through a draft: a slice of the cases on record, played through it in memory."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import structlog

from engine.actions.move_targets import Target
from engine.bpmn.past import PLAYED, Past, played
from engine.bpmn.workflow import Runner
from engine.core import Engine
from engine.errors import say
from engine.expressions.sandbox import Sandbox
from engine.model.batch import Batch
from engine.model.event import Event
from engine.model.incident import sentence_json
from engine.model.instance import InstanceStatus
from engine.model.past import Outcome, RecordedAct, Told
from engine.storage import past
from engine.storage.past import PastCase
from engine.storage.transaction import StoreUnavailable

log = structlog.get_logger(__name__)

UNEXPECTED = say("Something unexpected came up with this case. An administrator finds it in the log.")
_OTHERS = say("These cases fare in so many other ways that they are not told apart.")
_CHUNK = 25
_SAMPLES, _DIGITS, _MOST_GROUPS = 100, 16, 200


def play_past(engine: Engine, batch: Batch, target: Target, seconds: float) -> dict[str, Any]:
    """Play the next cases, for as long as a slice takes; gives how far it came.

    The draft's expressions run in a sandbox of their own: it keeps no case waiting.
    """
    until, done, cursor = time.monotonic() + seconds, batch.done, batch.cursor
    result = _begun(engine, batch)
    sandbox = Sandbox(workers=1)
    try:
        runner = Runner(
            sandbox, lambda _version: target.spec, lambda _version: engine.calendar_of(batch.office)
        )
        play = _Playing(engine, Past(runner, target.facts, target.form_of), result)
        if not play.kept_until(until):
            return {"done": done, "cursor": cursor, "result": result, "over": False}
        while True:
            with engine.store.reading() as connection:
                cases = past.next_cases(connection, batch.process, cursor, _CHUNK)
            cases = cases[: batch.total - done]
            if not cases:
                return {"done": batch.total, "cursor": cursor, "result": result, "over": True}
            for case in cases:
                play.one(case)
                cursor, done = case.id, done + 1
                if time.monotonic() > until:
                    return {"done": done, "cursor": cursor, "result": result, "over": done >= batch.total}
    finally:
        sandbox.close()


def _begun(engine: Engine, batch: Batch) -> dict[str, Any]:
    """Give what is known so far; at first which cases are kept to be told by themselves."""
    if batch.result:
        return {**batch.result, "groups": dict(batch.result["groups"])}
    with engine.store.reading() as connection:
        kept = past.kept(connection, batch.process)
    return {"groups": {}, "kept": {case.id.hex: None for case in kept}}


class _Playing:
    def __init__(self, engine: Engine, draft: Past, result: dict[str, Any]) -> None:
        self.engine, self.draft, self.result = engine, draft, result

    def kept_until(self, until: float) -> bool:
        """Play the kept cases that were not played yet; False where time is up before the last of them."""
        kept = self.result["kept"]
        waiting = [UUID(hex=one) for one, told in kept.items() if told is None]
        if not waiting:
            return True
        with self.engine.store.reading() as connection:
            cases = past.load(connection, waiting)
        for case in cases:  # one at least: a slice comes further, however slow it is
            kept[case.id.hex] = [case.number, *_json(self._told(case))]
            if time.monotonic() > until:
                return False
        return True

    def one(self, case: PastCase) -> None:
        """Play a case and count it with those that fare alike."""
        known = self.result["kept"].get(case.id.hex)
        outcome, reason = known[1:] if known else _json(self._told(case))
        key = hashlib.sha256(json.dumps([outcome, reason], sort_keys=True).encode()).hexdigest()[:_DIGITS]
        groups = self.result["groups"]
        if key not in groups and len(groups) >= _MOST_GROUPS:
            key, outcome, reason = "others", Outcome.UNKNOWN.value, sentence_json(_OTHERS)
        group = groups.setdefault(key, {"outcome": outcome, "reason": reason, "count": 0, "samples": []})
        group["count"] += 1
        if len(group["samples"]) < _SAMPLES:
            group["samples"].append([case.id.hex, case.number])

    def _told(self, case: PastCase) -> Told:
        try:
            return self._played(case)
        except StoreUnavailable:
            raise
        except Exception:  # the others wait for none
            log.exception("replay.case_failed", case=case.id.hex)
            return Told(outcome=Outcome.UNKNOWN, reason=UNEXPECTED)

    def _played(self, case: PastCase) -> Told:
        with self.engine.store.reading() as connection:
            events = past.events_of(connection, case.id, PLAYED)
        acts = _acts(events)
        if acts is None:
            return Told(outcome=Outcome.UNKNOWN, reason=say("A part of its record was erased."))
        known = frozenset(self.engine.versions.facts_of(case.version).elements)
        at = None if case.status is InstanceStatus.FINISHED else frozenset(case.open)
        return self.draft.play(played(acts), known, at)


def _json(told: Told) -> tuple[str, Mapping[str, Any]]:
    return told.outcome.value, sentence_json(told.reason)


def _acts(events: Iterable[Event]) -> list[RecordedAct] | None:
    """Read what was done from the record; None where a part of it is gone."""
    acts = []
    for event in events:
        if event.payload is None:
            return None
        acts.append(
            RecordedAct(
                kind=event.kind,
                element=event.element or "",
                round=event.round or 0,
                iteration=event.iteration or 0,
                at=event.at,
                said=json.loads(event.payload),
            )
        )
    return acts
