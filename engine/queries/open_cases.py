"""What a draft or version means for the open cases of its SOP, and the work on them that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from engine.bpmn.groups import SAMPLES, Group, groups_from
from engine.bpmn.move_reasons import without_draft
from engine.core import Engine
from engine.errors import NotFound, Sentence
from engine.model.actor import Actor
from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.incident import sentence_from
from engine.model.instance import VersionState
from engine.model.verdict import Verdict
from engine.queries.open_drafts import NOT_FOUND, must_revise, open_draft
from engine.storage import batches, move_choices
from engine.storage.move_choices import Choice
from engine.storage.startable import takes_open_cases
from engine.storage.tables import process, process_version

_ORDER = (Verdict.MOVE, Verdict.BLOCKED, Verdict.KEEP)


class Takes(StrEnum):
    """Which open cases may be moved to it now."""

    ALL = "all"
    TRIAL = "trial"  # those that are marked as a trial's: nobody has approved it for the others
    LATER = "later"  # none before it is in force
    NONE = "none"  # none any more: it is not what people work by


@dataclass(frozen=True, kw_only=True)
class OpenCases:
    """The part of a dossier about open cases."""

    key: str
    name: str
    draft: UUID | None
    number: int | None  # of the version
    takes: Takes
    effective_from: date | None  # of what is approved
    open: int  # cases on other versions, now
    survey: Batch | None
    is_stale: bool  # the draft was saved since
    groups: tuple[Group, ...]
    steps: tuple[tuple[str, int, str], ...]  # of the new version: element, number, name
    mapping: Mapping[str, str]
    choice: Choice | None  # what was chosen before it is in force
    moves: tuple[Batch, ...]  # to this version, the last first

    def may_choose(self, group: Group) -> bool:
        """Tell whether the cases of a group may be moved now."""
        takes = self.takes is Takes.ALL or (self.takes is Takes.TRIAL and group.on_trial)
        return takes and group.judgement.may_move

    @property
    def may_keep(self) -> bool:
        """Tell whether it can be chosen already what is to be moved once it is in force."""
        waits = self.takes is Takes.LATER and not self.is_stale
        return waits and any(one.judgement.may_move for one in self.groups)

    @property
    def choosable(self) -> frozenset[str]:
        """Give the keys of the groups whose cases may be moved now, or chosen for later."""
        later = self.may_keep
        return frozenset(
            one.key for one in self.groups if self.may_choose(one) or (later and one.judgement.may_move)
        )

    @property
    def unjudged(self) -> int:
        """Count the cases that were begun, or have gone on, since they were looked at."""
        return max(0, self.open - sum(one.count for one in self.groups))

    @property
    def is_outdated(self) -> bool:
        """Tell whether it is worth looking at the cases again."""
        return self.is_stale or self.unjudged > 0

    @property
    def is_running(self) -> bool:
        """Tell whether the cases are being looked at."""
        return self.survey is not None and self.survey.state is BatchState.RUNNING

    @property
    def is_done(self) -> bool:
        """Tell whether they were."""
        return self.survey is not None and self.survey.state is BatchState.DONE

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the cases by verdict."""
        found = dict.fromkeys(map(str, Verdict), 0)
        for one in self.groups:
            found[one.judgement.verdict.value] += one.count
        return found

    @property
    def found(self) -> Mapping[str, Group]:
        """Give all groups that were found, by key, those too of which no case stands so any more."""
        return _groups(self.survey)

    @property
    def with_reason_to_move(self) -> frozenset[str]:
        """Give the keys of the groups that are to be moved: as was chosen, else what has a reason to."""
        known = self.choice.groups if self.choice is not None else {}
        return self.choosable & {
            one.key for one in self.groups if known.get(one.key, one.judgement.verdict is Verdict.MOVE)
        }

    @property
    def problem(self) -> Sentence | None:
        """Say why a survey could not be made."""
        failed = self.survey.result.get("failed") if self.survey is not None else None
        return sentence_from(failed) if failed else None


def for_draft(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> OpenCases:
    """Read what a draft means for open cases, as it was looked at last."""
    must_revise(actor)
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, key, draft_id)
        survey = batches.latest(connection, draft.process, BatchKind.SURVEY, draft=draft_id)
        choice = move_choices.load(connection, draft_id)
        return OpenCases(
            key=key,
            name=draft.name,
            draft=draft_id,
            number=None,
            takes=Takes.LATER,
            effective_from=None,
            choice=choice,
            is_stale=survey is not None and survey.draft_revision != draft.revision,
            moves=(),
            **_looked_at(connection, draft.process, None, survey, choice),  # type: ignore[arg-type] # given there
        )


def for_version(engine: Engine, actor: Actor, key: str, number: int) -> OpenCases:
    """Read what a version means for the cases that run on others, as it was looked at last."""
    must_revise(actor)
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    version = process_version.c
    with engine.store.reading() as connection:
        row = (
            connection.execute(
                select(process.c.id, process.c.name, version.id.label("version"), version.state)
                .add_columns(version.effective_from)
                .join(process_version, version.process == process.c.id)
                .where(process.c.office == actor.office, process.c.key == key, version.number == number)
            )
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise NotFound(NOT_FOUND)
        survey = batches.latest(connection, row["id"], BatchKind.SURVEY, version=row["version"])
        choice = move_choices.load(connection, move_choices.draft_of(connection, row["version"]))
        return OpenCases(
            key=key,
            name=row["name"],
            draft=None,
            number=number,
            takes=_takes(connection, row, day),
            effective_from=row["effective_from"],
            choice=choice,
            is_stale=False,
            moves=tuple(batches.of_version(connection, row["version"], BatchKind.MOVE)),
            **_looked_at(connection, row["id"], row["version"], survey, choice),  # type: ignore[arg-type] # given there
        )


def _takes(connection: Connection, row: RowMapping, day: date) -> Takes:
    for takes, on_trial in ((Takes.ALL, False), (Takes.TRIAL, True)):
        if takes_open_cases(connection, row["id"], row["version"], day, on_trial=on_trial):
            return takes
    waits = row["state"] in (VersionState.REVIEW, VersionState.APPROVED)
    return Takes.LATER if waits else Takes.NONE


def _looked_at(
    connection: Connection, process: UUID, but: UUID | None, survey: Batch | None, choice: Choice | None
) -> dict[str, object]:
    """Give what a survey found of the cases that stand as they stood then, and how many are open now.

    A case that has gone on since, by a person, its process or a move, is judged no more.
    """
    result = survey.result if survey is not None else {}
    now = batches.guards(connection, process, but)
    groups = []
    for key, group in _groups(survey).items():
        judged = result.get("judged", {}).get(key, {})
        still = [case for case, guard in judged.items() if now.get(UUID(hex=case), _GONE)[0] == guard]
        if still:
            samples = tuple((case, now[UUID(hex=case)][1]) for case in still[:SAMPLES])
            groups.append(replace(group, count=len(still), samples=samples))
    return {
        "open": len(now),
        "survey": survey,
        "groups": tuple(sorted(groups, key=_place)),
        "steps": tuple((element, number, name) for element, number, name in result.get("steps", ())),
        "mapping": survey.parameters["mapping"] if survey else choice.mapping if choice else {},
    }


def _groups(survey: Batch | None) -> Mapping[str, Group]:
    """Read the groups of a survey by key; of a version there is no draft any more to be changed."""
    found = groups_from(survey.result.get("groups", {})) if survey is not None else {}
    if survey is None or survey.version is None:
        return found
    return {key: replace(one, judgement=without_draft(one.judgement)) for key, one in found.items()}


_GONE = (None, "")


def _place(group: Group) -> tuple[int, int, str]:
    return min(group.numbers, default=10_000), _ORDER.index(group.judgement.verdict), group.key
