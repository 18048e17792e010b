"""What the owner of an SOP had worked out before submitting it, for whoever decides: only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.groups import groups_from
from engine.core import Engine
from engine.model.batch import BatchKind
from engine.model.past import Outcome
from engine.model.question import Question
from engine.model.verdict import Verdict
from engine.queries.warned import Warned, warned_of_version
from engine.storage import batches


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How cases fared when they were looked at last, and when that was."""

    at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """What goes along with a revision. None: nobody looked."""

    version: UUID
    questions: tuple[Question, ...]  # not answered: what was guessed holds
    survey: Counted | None  # open cases, by verdict
    replay: Counted | None  # cases on record, by outcome
    warned: tuple[Warned, ...] = ()  # what the check lets pass

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to say."""
        return not (self.questions or self.survey or self.replay or self.warned)


def dossier_of(engine: Engine, connection: Connection, version: UUID) -> Dossier:
    """Read what is on record of a version and of the drafts it was made of; ``with_warned`` completes it."""
    definition = engine.versions.get(version).definition
    done = batches.last_done(connection, version)
    survey, replay = done.get(BatchKind.SURVEY), done.get(BatchKind.REPLAY)
    open_cases = dict.fromkeys(map(str, Verdict), 0)
    for group in groups_from(survey.result.get("groups", {})).values() if survey else ():
        open_cases[group.judgement.verdict.value] += group.count
    past = dict.fromkeys(map(str, Outcome), 0)
    for one in replay.result.get("groups", {}).values() if replay else ():
        past[one["outcome"]] += one["count"]
    return Dossier(
        version=version,
        questions=tuple(one for one in definition.questions if one.is_open),
        survey=Counted(at=survey.ended_at, counts=open_cases) if survey and survey.ended_at else None,
        replay=Counted(at=replay.ended_at, counts=past) if replay and replay.ended_at else None,
    )


def with_warned(engine: Engine, dossier: Dossier) -> Dossier:
    """Add what the check lets pass of the version's files, after the transaction that read the rest."""
    return replace(dossier, warned=warned_of_version(engine, dossier.version))
