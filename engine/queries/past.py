"""The past through a draft, as it was played last, and the cases every draft is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.core import Engine
from engine.errors import NotFound, Sentence
from engine.model.actor import Actor
from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.incident import sentence_from
from engine.model.past import Outcome
from engine.model.permission import Permission
from engine.queries.open_drafts import NOT_FOUND, must_revise, open_draft
from engine.storage import batches, past

_ORDER = (Outcome.STALLS, Outcome.OTHER, Outcome.ASKED, Outcome.UNKNOWN, Outcome.SAME)


@dataclass(frozen=True, kw_only=True)
class Fared:
    """Cases that fare alike."""

    outcome: Outcome
    reason: Sentence
    count: int
    samples: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A case that every draft is tried on; without an outcome where this one was not yet."""

    id: UUID
    number: str
    outcome: Outcome | None
    reason: Sentence | None


@dataclass(frozen=True, kw_only=True)
class PastPage:
    """A draft, and how the answers on record fare in it."""

    key: str
    name: str
    draft: UUID
    cases: int  # that would be played
    most: int
    played: Batch | None
    is_stale: bool  # the draft was saved since
    fared: tuple[Fared, ...]
    kept: tuple[Kept, ...]

    @property
    def is_running(self) -> bool:
        """Tell whether they are being played."""
        return self.played is not None and self.played.state is BatchState.RUNNING

    @property
    def is_done(self) -> bool:
        """Tell whether they were."""
        return self.played is not None and self.played.state is BatchState.DONE

    @property
    def problem(self) -> Sentence | None:
        """Say why they could not be played."""
        failed = self.played.result.get("failed") if self.played is not None else None
        return sentence_from(failed) if failed else None

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the cases by outcome."""
        found = dict.fromkeys(map(str, Outcome), 0)
        for one in self.fared:
            found[one.outcome.value] += one.count
        return found

    def is_kept(self, case: UUID) -> bool:
        """Tell whether every draft is tried on a case."""
        return any(one.id == case for one in self.kept)


def past_page(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> PastPage:
    """Read how the past fares in an open draft, as it was played last."""
    must_revise(actor)
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, key, draft_id)
        played = batches.latest(connection, draft.process, BatchKind.REPLAY, draft=draft_id)
        result = played.result if played is not None else {}
        told = _told(result)
        return PastPage(
            key=key,
            name=draft.name,
            draft=draft_id,
            cases=past.count(connection, draft.process),
            most=past.MOST_PLAYED,
            played=played,
            is_stale=played is not None and played.draft_revision != draft.revision,
            fared=_fared(result.get("groups", {})),
            kept=tuple(
                _kept(case.id, case.number, told.get(case.id.hex))
                for case in past.kept(connection, draft.process)
            ),
        )


def kept_in(engine: Engine, actor: Actor, version: UUID) -> tuple[Kept, ...]:
    """Read how the kept cases fared in a version when it was submitted; for those who read reviews."""
    if not actor.may(Permission.READ_REVIEWS):
        raise NotFound(NOT_FOUND)
    found = engine.versions.get(version)
    if found.office != actor.office:
        raise NotFound(NOT_FOUND)
    with engine.store.reading() as connection:
        played = batches.latest(connection, found.process, BatchKind.REPLAY, version=version)
        if played is None:
            return ()
        told = played.result.get("kept", {})
        cases = (
            past.load(connection, [UUID(hex=case) for case in told])
            if told
            else past.kept(connection, found.process)
        )
    return tuple(_kept(case.id, case.number, told.get(case.id.hex)) for case in cases)


def _fared(groups: Mapping[str, Any]) -> tuple[Fared, ...]:
    found = [
        Fared(
            outcome=Outcome(one["outcome"]),
            reason=sentence_from(one["reason"]),
            count=one["count"],
            samples=tuple((UUID(hex=case), number) for case, number in one["samples"]),
        )
        for one in groups.values()
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.outcome), -one.count)))


def _told(result: Mapping[str, Any]) -> dict[str, Any]:
    """Give how single cases fared: those kept then, and those listed with others that fared alike."""
    listed = {
        case: [number, one["outcome"], one["reason"]]
        for one in result.get("groups", {}).values()
        for case, number in one["samples"]
    }
    return listed | {case: told for case, told in result.get("kept", {}).items() if told}


def _kept(case: UUID, number: str, told: Any) -> Kept:  # noqa: ANN401 - as it was stored
    if not told:
        return Kept(id=case, number=number, outcome=None, reason=None)
    return Kept(id=case, number=number, outcome=Outcome(told[1]), reason=sentence_from(told[2]))
