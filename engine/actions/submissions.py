"""From a draft to a version: to be tried by a team, or to be approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engine.actions.administering import today
from engine.actions.batches import replay_kept
from engine.actions.deployment import content_of, read_files
from engine.actions.loading import refusals
from engine.actions.process_drafts import DraftMoved, must_revise, open_draft
from engine.actions.revision_cases import start_revision_cases
from engine.actions.submitted_again import note_submitted_again, tell_at_once
from engine.actions.version_standing import about, become, problem, record, standing
from engine.core import Engine
from engine.errors import Conflict, Invalid, Problem, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import VersionState
from engine.model.process_draft import DraftState, ProcessDraft
from engine.queries.process_drafts import package_of
from engine.storage import events, people, process_drafts, revisions, versions
from engine.storage.events import Line
from engine.storage.transaction import Connection

_MOST_TRIAL_CASES = 10_000
_LONGEST_MESSAGE = 1_000  # characters


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Who may try a version, until when, how often. An empty team is everybody with the roles."""

    team: tuple[UUID, ...] = ()
    until: date | None = None
    most_cases: int | None = None


def submit(
    engine: Engine,
    actor: Actor,
    draft_id: UUID,
    revision: int,
    trial: Trial | None = None,
    message: str = "",
) -> tuple[str, int]:
    """Make a version of a draft: to be tried, or to be approved. Gives the SOP's key and the number.

    ``message`` is a word to whoever decides.
    What the lint refuses stays a draft. A version with the same content that was returned is asked for again.
    """
    must_revise(actor)
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, draft_id)
    with refusals(engine, actor, draft.process, EventKind.VERSION_SUBMITTED, scope=Scope.LIBRARY):
        if draft.revision != revision:
            raise DraftMoved(draft)
        state = VersionState.REVIEW if trial is None else VersionState.TRIAL
        _must_be_possible(engine, actor, trial, message)
        package = package_of(draft)
        read = read_files(engine, actor.office, package)
        content = content_of(package, read)
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)  # two at once would take the same number
        before = versions.find_digest(connection, draft.process, package.digest)
        if before is None:
            new = {"state": state, "message": message.strip(), **content}
            version, number = _add(engine, connection, actor, draft, new)
        else:
            version, number = before[0], before[1]
            _must_be_returned(connection, version, number, VersionState(before[2]), package.notes)
        # A draft is taken before its SOP, as by everybody who writes both.
        if not process_drafts.save(
            connection, draft_id, revision, state=DraftState.SUBMITTED, version=version
        ):
            raise DraftMoved(draft)
        versions.hold_process(connection, draft.process)
        told = note_submitted_again(
            engine, connection, actor, (version, draft.base), key=draft.key, number=number
        )
        if before is not None:
            _again(connection, version, number, state, message.strip())
        elif draft.base is None:  # an SOP that is new: nothing else has named it
            versions.rename_process(connection, draft.process, read.definition.name)
        _say(engine, connection, actor, draft, number, state, trial, version, message.strip())
        replay_kept(engine, connection, actor, draft.process, version)
    tell_at_once(engine, told)
    start_revision_cases(engine, version)
    return draft.key, number


def _add(
    engine: Engine, connection: Connection, actor: Actor, draft: ProcessDraft, columns: dict[str, Any]
) -> tuple[UUID, int]:
    """Write the version that a draft becomes, under the next number."""
    version, number = new_id(), versions.next_number(connection, draft.process)
    versions.add_version(
        connection,
        id=version,
        process=draft.process,
        number=number,
        author=actor.person,
        deployed_at=engine.clock.now(),
        base=draft.base,
        **columns,
    )
    return version, number


def ask_approval(engine: Engine, actor: Actor, key: str, number: int) -> None:
    """Let a version that was tried be reviewed. Cases begun on it go on; no more can be started."""
    must_revise(actor)
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        versions.hold_process(connection, found.process)
        later = revisions.overtaken_by(connection, found.id)
        if later is not None:
            raise Conflict(say("Revision %(number)s follows this one. Go on with that one.", number=later))
        told = note_submitted_again(engine, connection, actor, (found.id,), key=key, number=number)
        become(connection, found, VersionState.REVIEW, reason="", revision_case=None)
        payload = about(found) | {"for": VersionState.REVIEW.value}
        record(engine, connection, actor, found, EventKind.VERSION_SUBMITTED, payload)
    tell_at_once(engine, told)
    start_revision_cases(engine, found.id)


def _must_be_returned(
    connection: Connection, version: UUID, number: int, before: VersionState, notes: str
) -> None:
    """Refuse what is no revision: the content of another version, where that was not returned."""
    if before is not VersionState.RETURNED:
        raise Conflict(
            say("This draft is the same as revision %(number)s. Change something first.", number=number)
        )
    if notes != versions.notes_of(connection, version):
        raise Conflict(
            say("Only the notes were changed since revision %(number)s was returned.", number=number)
        )


def _again(connection: Connection, version: UUID, number: int, state: VersionState, message: str) -> None:
    """Ask once more for a version that was returned."""
    said = {"reason": "", "revision_case": None, "message": message}
    if not versions.change_state(connection, version, VersionState.RETURNED, state, **said):
        raise Conflict(say("Somebody else decided on revision %(number)s first.", number=number))


def _say(  # noqa: PLR0913, PLR0917 - a submission has this many facts
    engine: Engine,
    connection: Connection,
    actor: Actor,
    draft: ProcessDraft,
    number: int,
    state: VersionState,
    trial: Trial | None,
    version: UUID,
    message: str,
) -> None:
    payload: dict[str, Any] = {"key": draft.key, "number": number, "for": state.value, "draft": draft.id.hex}
    payload["sha256"] = package_of(draft).digest.hex()
    payload["runs"] = versions.runs_of(connection, version)
    if message:
        payload["message"] = message
    if trial is not None:
        revisions.set_trial(connection, version, trial.team, trial.until, trial.most_cases)
        payload["trial"] = {
            "team": [one.hex for one in trial.team],
            "until": trial.until.isoformat() if trial.until else None,
            "cases": trial.most_cases,
        }
        payload["superseded"] = versions.supersede_others(
            connection, draft.process, number, state, submitted=True
        )
    line = Line(kind=EventKind.VERSION_SUBMITTED, payload=payload)
    events.append(connection, Scope.LIBRARY, draft.process, actor, engine.clock.now(), [line])


def _must_be_possible(engine: Engine, actor: Actor, trial: Trial | None, message: str) -> None:
    problems: list[Problem] = []
    if len(message) > _LONGEST_MESSAGE:
        sentence = say("At most %(most)s characters fit here.", most=_LONGEST_MESSAGE)
        problems.append(problem("message", sentence))
    if trial is not None:
        problems += _wrong_with(engine, actor, trial)
    if problems:
        raise Invalid(tuple(problems))


def _wrong_with(engine: Engine, actor: Actor, trial: Trial) -> list[Problem]:
    problems: list[Problem] = []
    if trial.until is not None and trial.until < today(engine, actor):
        problems.append(problem("until", say("Choose a day from today on.")))
    if trial.most_cases is not None and not 1 <= trial.most_cases <= _MOST_TRIAL_CASES:
        problems.append(
            problem("most_cases", say("Write a number from 1 to %(most)s.", most=_MOST_TRIAL_CASES))
        )
    with engine.store.reading() as connection:
        if any(people.by_id(connection, actor.office, one) is None for one in trial.team):
            problems.append(problem("team", say("Choose people of the office.")))
    return problems
