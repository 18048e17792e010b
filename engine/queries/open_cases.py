"""What a draft or version means for the open cases of its SOP, and the work on them that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Select, select

from engine.bpmn.groups import Group, Judging, groups_from
from engine.core import Engine
from engine.errors import NotFound, Sentence, say
from engine.model.actor import Actor
from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.incident import sentence_from
from engine.model.permission import Permission
from engine.model.verdict import Verdict
from engine.storage import batches, moved
from engine.storage.startable import takes_open_cases
from engine.storage.tables import instance, process, process_draft, process_version

NOT_FOUND = say("This does not exist, or it is not for your role.")
MOST_LISTED = 100  # of a group
_CHUNK = 200
_MOST_TOLD = 50  # cases that could not be moved, or not be taken back
_ORDER = (Verdict.MOVE, Verdict.BLOCKED, Verdict.KEEP)


@dataclass(frozen=True, kw_only=True)
class OpenCases:
    """The part of a dossier about open cases."""

    key: str
    name: str
    draft: UUID | None
    number: int | None  # of the version
    may_move: bool  # people work by the version: cases may be moved to it
    open: int  # cases on other versions, now
    survey: Batch | None
    is_stale: bool  # the draft was saved since
    groups: tuple[Group, ...]
    steps: tuple[tuple[str, int, str], ...]  # of the new version: element, number, name
    mapping: Mapping[str, str]
    moves: tuple[Batch, ...]  # to this version, the last first

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
    def with_reason_to_move(self) -> frozenset[str]:
        """Give the keys of the groups that would be moved if nobody chose."""
        return frozenset(one.key for one in self.groups if one.judgement.verdict is Verdict.MOVE)

    @property
    def problem(self) -> Sentence | None:
        """Say why a survey could not be made."""
        failed = self.survey.result.get("failed") if self.survey is not None else None
        return sentence_from(failed) if failed else None


@dataclass(frozen=True, kw_only=True)
class OneCase:
    """An open case in a list of those that stand alike."""

    id: UUID
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """The cases of a group of a survey that are in it still."""

    page: OpenCases
    group: Group
    cases: tuple[OneCase, ...]
    is_all: bool


@dataclass(frozen=True, kw_only=True)
class Hindered:
    """A case with which nothing could be done, and why."""

    id: UUID
    number: str
    reason: Sentence


@dataclass(frozen=True, kw_only=True)
class Work:
    """A batch that moves cases, or takes that back."""

    key: str
    name: str
    number: int
    batch: Batch
    of: UUID | None  # of what takes back: the batch it takes back
    moved: int  # and standing so
    undone: int
    hindered: tuple[Hindered, ...]
    problem: Sentence | None


def for_draft(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> OpenCases:
    """Read what a draft means for open cases, as it was looked at last."""
    _must_revise(actor)
    with engine.store.reading() as connection:
        row = connection.execute(
            select(process.c.id, process.c.name, process_draft.c.revision)
            .join(process, process.c.id == process_draft.c.process)
            .where(
                process_draft.c.id == draft_id,
                process_draft.c.office == actor.office,
                process.c.key == key,
                process_draft.c.state == "open",
            )
        ).one_or_none()
        if row is None:
            raise NotFound(NOT_FOUND)
        survey = batches.latest(connection, row.id, BatchKind.SURVEY, draft=draft_id)
        return _page(
            survey,
            key=key,
            name=row.name,
            draft=draft_id,
            number=None,
            may_move=False,
            open=batches.open_cases(connection, row.id, None),
            is_stale=survey is not None and survey.draft_revision != row.revision,
            moves=(),
        )


def for_version(engine: Engine, actor: Actor, key: str, number: int) -> OpenCases:
    """Read what a version means for the cases that run on others, as it was looked at last."""
    _must_revise(actor)
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        row = connection.execute(
            _versions(actor, key)
            .add_columns(process_version.c.id.label("version"))
            .where(process_version.c.number == number)
        ).one_or_none()
        if row is None:
            raise NotFound(NOT_FOUND)
        return _page(
            batches.latest(connection, row.id, BatchKind.SURVEY, version=row.version),
            key=key,
            name=row.name,
            draft=None,
            number=number,
            may_move=takes_open_cases(connection, row.id, row.version, day, on_trial=True),
            open=batches.open_cases(connection, row.id, row.version),
            is_stale=False,
            moves=tuple(batches.of_version(connection, row.version, BatchKind.MOVE)),
        )


def group_page(engine: Engine, actor: Actor, key: str, number: int, group_key: str) -> GroupPage:
    """List the cases of a group, as they stand now; the first of them where there are many."""
    page = for_version(engine, actor, key, number)
    group = next((one for one in page.groups if one.key == group_key), None)
    if group is None or page.survey is None or page.survey.version is None:
        raise NotFound(NOT_FOUND)
    judging = Judging(engine.versions.facts_of(page.survey.version), page.mapping, engine.versions.facts_of)
    found: list[OneCase] = []
    after: UUID | None = None
    with engine.store.reading() as connection:
        while len(found) <= MOST_LISTED:
            rows = batches.next_cases(connection, page.survey.process, page.survey.version, after, _CHUNK)
            if not rows:
                break
            after = rows[-1].id
            found += [
                OneCase(id=row.id, number=row.number, title=row.title)
                for row in rows
                if judging.group(row.version, row.state).key == group_key
            ]
    return GroupPage(
        page=page, group=group, cases=tuple(found[:MOST_LISTED]), is_all=len(found) <= MOST_LISTED
    )


def work(engine: Engine, actor: Actor, key: str, batch_id: UUID) -> Work:
    """Read how far the moving of cases is, or taking that back, and what came of it."""
    _must_revise(actor)
    with engine.store.reading() as connection:
        batch = batches.load(connection, actor.office, batch_id)
        if batch is None or batch.kind not in (BatchKind.MOVE, BatchKind.UNDO):
            raise NotFound(NOT_FOUND)
        row = connection.execute(
            _versions(actor, key)
            .add_columns(process_version.c.number)
            .where(process_version.c.id == batch.version)
        ).one_or_none()
        if row is None:
            raise NotFound(NOT_FOUND)
        of = UUID(hex=batch.parameters["batch"]) if batch.kind is BatchKind.UNDO else None
        counted = moved.counts(connection, of or batch.id)
        failed = batch.result.get("failed")
        return Work(
            key=key,
            name=row.name,
            number=row.number,
            batch=batch,
            of=of,
            moved=counted["moved"],
            undone=counted["undone"],
            hindered=_hindered(connection, batch),
            problem=sentence_from(failed) if failed else None,
        )


def _page(survey: Batch | None, **facts: object) -> OpenCases:
    result = survey.result if survey is not None else {}
    found = groups_from(result.get("groups", {})).values()
    return OpenCases(
        survey=survey,
        groups=tuple(sorted(found, key=_place)),
        steps=tuple((element, number, name) for element, number, name in result.get("steps", ())),
        mapping=survey.parameters["mapping"] if survey is not None else {},
        **facts,  # type: ignore[arg-type] # given above
    )


def _place(group: Group) -> tuple[int, int, str]:
    return min(group.numbers, default=10_000), _ORDER.index(group.judgement.verdict), group.key


def _hindered(connection: Connection, batch: Batch) -> tuple[Hindered, ...]:
    if batch.kind is BatchKind.UNDO:
        kept = batch.result.get("kept", {})
        said = {UUID(hex=case): sentence_from(why) for case, why in list(kept.items())[:_MOST_TOLD]}
    else:
        said = moved.hindered(connection, batch.id, _MOST_TOLD)
    numbers = connection.execute(
        select(instance.c.id, instance.c.number)
        .where(instance.c.id.in_(list(said)))
        .order_by(instance.c.number)
    )
    return tuple(Hindered(id=row.id, number=row.number, reason=said[row.id]) for row in numbers)


def _versions(actor: Actor, key: str) -> Select[tuple[UUID, str]]:
    return (
        select(process.c.id, process.c.name)
        .join(process_version, process_version.c.process == process.c.id)
        .where(process.c.office == actor.office, process.c.key == key)
    )


def _must_revise(actor: Actor) -> None:
    if not actor.may(Permission.REVISE):
        raise NotFound(NOT_FOUND)
