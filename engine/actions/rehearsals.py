"""Rehearse a draft: its owner alone plays every role, and nothing of it is a case.

That somebody rehearsed is on record; what they did in it is not. One rehearsal per draft and person.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.actions.deployment import read_files
from engine.actions.process_drafts import open_draft
from engine.actions.rehearsal_acts import Act
from engine.actions.rehearsal_desk import at_work, desk_of
from engine.bpmn.definition_json import definition_to_json
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.definition import Definition, Start
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.model.process_draft import ProcessDraft
from engine.model.rehearsal import Rehearsal
from engine.model.unseen import NO_DRAFT
from engine.queries.process_drafts import package_of
from engine.queries.rehearsal import version_of
from engine.storage import events, process_drafts, rehearsals
from engine.storage.events import Line
from engine.storage.transaction import Connection

_MOVED = say(
    "The rehearsal went on from another page, or a button was pressed twice. Here is where it stands."
)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What a rehearsal begins with. ``attempt`` becomes its identity; ``replaces`` is the one that goes."""

    attempt: UUID
    year: int  # the year the case would be about
    start: str = ""  # which of several start events
    replaces: UUID | None = None


class RehearsalMoved(Conflict):
    """The rehearsal is not where the page had it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(_MOVED)


def start_rehearsal(engine: Engine, actor: Actor, draft_id: UUID, beginning: Beginning) -> None:
    """Begin to rehearse a draft as it is now; the same attempt begins once.

    Refused lists what keeps it from running; ProcessFailed names what its first steps fail at.
    """
    who = _owner(actor)
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, draft_id)
        if _is_begun(connection, who, draft_id, beginning):
            return
    with at_work():
        rehearsal = _first_steps(engine, who, draft, beginning)
    with engine.store.transaction() as connection:
        # The process' stream is held by it: of two that begin at once one sees the other's.
        line = Line(kind=EventKind.PROCESS_DRAFT_REHEARSED, payload={"draft": draft_id.hex})
        events.append(connection, Scope.LIBRARY, draft.process, actor, rehearsal.created_at, [line])
        if not _is_begun(connection, who, draft_id, beginning):
            rehearsals.put(connection, rehearsal)


def beginnings(engine: Engine, actor: Actor, draft_id: UUID) -> tuple[Start, ...]:
    """Give the start events to choose from, none where there is one; Refused as a beginning would be."""
    _owner(actor)
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, draft_id)
    with at_work():
        return read_files(engine, draft.office, package_of(draft)).definition.starts


def take_step(engine: Engine, actor: Actor, draft_id: UUID, revision: int, act: Act) -> None:
    """Do one thing in one's rehearsal, where it still stands as the page had it."""
    who = _owner(actor)
    with engine.store.reading() as connection:
        draft, rehearsal = _load(connection, actor, who, draft_id, revision)
        with at_work(), desk_of(engine, connection, rehearsal, version_of(rehearsal, draft)) as desk:
            after = rehearsal.with_stand(act.take(desk))
    _save(engine, after)


def step_back(engine: Engine, actor: Actor, draft_id: UUID, revision: int) -> None:
    """Stand again where one's rehearsal stood before its last step."""
    who = _owner(actor)
    with engine.store.reading() as connection:
        rehearsal = _load(connection, actor, who, draft_id, revision)[1]
    _save(engine, rehearsal.a_step_back())


def end_rehearsal(engine: Engine, actor: Actor, draft_id: UUID) -> None:
    """Put one's rehearsal away; nothing of it is left."""
    who = _owner(actor)
    with engine.store.transaction() as connection:
        if process_drafts.load(connection, actor.office, draft_id) is None:
            raise NotFound(NO_DRAFT)
        rehearsals.drop(connection, draft_id, who)


def _owner(actor: Actor) -> UUID:
    """Give the process owner who rehearses; for others there is nothing to be seen."""
    if actor.person is None or not actor.may(Permission.REVISE):
        raise NotFound(NO_DRAFT)
    return actor.person


def _is_begun(connection: Connection, who: UUID, draft_id: UUID, beginning: Beginning) -> bool:
    """Tell whether this attempt was made before; Conflict where another rehearsal would go unseen."""
    found = rehearsals.load(connection, draft_id, who)
    if found is None or found.id == beginning.replaces:
        return False
    if found.id == beginning.attempt:
        return True
    raise RehearsalMoved


def _first_steps(engine: Engine, who: UUID, draft: ProcessDraft, beginning: Beginning) -> Rehearsal:
    """Read the draft as a deployment does, and take the first steps; nothing is written."""
    package = package_of(draft)
    read = read_files(engine, draft.office, package)
    _must_be_valid(read.definition, beginning)
    now = engine.clock.now()
    rehearsal = Rehearsal(
        id=beginning.attempt,
        office=draft.office,
        draft=draft.id,
        person=who,
        draft_revision=draft.revision,
        digest=package.digest,
        definition=definition_to_json(read.definition),
        spec=read.spec,
        forms=dict(draft.forms),
        revision=1,
        stands=(),
        past=(),
        created_at=now,
        changed_at=now,
    )
    with (
        engine.store.reading() as connection,
        desk_of(engine, connection, rehearsal, version_of(rehearsal, draft)) as desk,
    ):
        stand = desk.begin(at=now, year=beginning.year, start=beginning.start)
    return rehearsal.with_stand(stand)


def _must_be_valid(definition: Definition, beginning: Beginning) -> None:
    problems: list[Problem] = []
    if beginning.start not in ({one.element for one in definition.starts} or {""}):
        sentence = say("Choose where the case begins.")
        problems.append(Problem(field="start", label="start", sentence=sentence))
    if not _FIRST_YEAR <= beginning.year <= _LAST_YEAR:
        sentence = say(
            "Write a year from %(first_year)s to %(last_year)s.",
            first_year=_FIRST_YEAR,
            last_year=_LAST_YEAR,
        )
        problems.append(Problem(field="year", label="year", sentence=sentence))
    if problems:
        raise Invalid(tuple(problems))


def _load(
    connection: Connection, actor: Actor, who: UUID, draft_id: UUID, revision: int
) -> tuple[ProcessDraft, Rehearsal]:
    draft = open_draft(connection, actor, draft_id)
    rehearsal = rehearsals.load(connection, draft_id, who)
    if rehearsal is None or rehearsal.revision != revision:
        raise RehearsalMoved
    return draft, rehearsal


def _save(engine: Engine, rehearsal: Rehearsal) -> None:
    with engine.store.transaction() as connection:
        if not rehearsals.save(connection, rehearsal, engine.clock.now()):
            raise RehearsalMoved
